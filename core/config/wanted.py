"""What the schema wants at a place: read from the models, so that a fault never tells another story."""

from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from core.config.faults import Place


def wanted_at(root: type[BaseModel], place: Place) -> str:
    """Give in words what belongs at a place of the config."""
    return _described(_kind_at(root, place))


def wanted_key_at(root: type[BaseModel], place: Place) -> str:
    """Give in words what kind of key belongs where the last part of a place stands."""
    return _described(_entries(_kind_at(root, place[:-1]))[0])


def keys_at(root: type[BaseModel], place: Place) -> tuple[str, ...]:
    """Give the keys of the mapping at a place, () when they are free."""
    model = _model(_kind_at(root, place))
    return tuple(_fields(model)) if model else ()


def _kind_at(kind: Any, place: Place) -> Any:
    for part in place:
        kind = _inside(kind, part)
    return kind


def _inside(kind: Any, part: str | int) -> Any:
    if isinstance(part, int):
        return _entries(_list(kind))[-1]
    model = _model(kind)
    if model and (field := _fields(model).get(part)):
        return Annotated[field.annotation, field]
    return _entries(kind)[-1]


def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Give the fields by the keys that people write: `from` is no name for an attribute of Python."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _list(kind: Any) -> Any:
    """Give the list among the choices of an annotation (`Window | tuple[Window, ...]`), else the annotation."""
    lists = (choice for choice in _choices(_bare(kind)) if get_origin(_bare(choice)) in (tuple, list))
    return next(lists, kind)


def _entries(kind: Any) -> tuple[Any, ...]:
    """Give what a mapping's keys and values are, or a list's items; of a model, of its further keys."""
    model = _model(kind)
    bare = model.__annotations__.get("__pydantic_extra__") if model else _bare(kind)
    return tuple(part for part in get_args(bare) if part is not ...) or (None,)


def _model(kind: Any) -> type[BaseModel] | None:
    """Give the model of an annotation, also when it may be something else as well (`Channel | False`)."""
    bare = _bare(kind)
    if isinstance(bare, type) and issubclass(bare, BaseModel):
        return bare
    return next((model for choice in _choices(bare) if (model := _model(choice))), None)


def _choices(bare: Any) -> tuple[Any, ...]:
    is_union = get_origin(bare) in (Union, UnionType)
    return tuple(choice for choice in get_args(bare) if choice is not NoneType) if is_union else ()


def _bare(kind: Any) -> Any:
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _described(kind: Any) -> str:
    if description := _description(kind):
        return description
    if model := _model(kind):
        return f"a mapping of {', '.join(_fields(model))}"
    return "a list" if get_origin(_bare(kind)) is tuple else "a text"


def _description(kind: Any) -> str | None:
    """Give the description of an annotation, else of a choice in it (`Duration | None`)."""
    for note in getattr(kind, "__metadata__", ()):
        if isinstance(note, FieldInfo) and note.description:
            return note.description
    return next((words for choice in _choices(_bare(kind)) if (words := _description(choice))), None)
