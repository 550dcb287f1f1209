"""What the tests of the sources send: fixtures and webhooks made of plain values."""

import json
from pathlib import Path

import yaml

from core.config.mappings import SenderMapping
from core.signals import Webhook

FIXTURES = Path(__file__).parents[1] / "fixtures" / "sources"
_SHIPPED = Path(__file__).parents[2] / "config" / "mappings.yaml"

# The mappings that Rung brings, by name.
MAPPINGS = {
    name: SenderMapping.model_validate(mapping)
    for name, mapping in yaml.safe_load(_SHIPPED.read_text(encoding="utf-8"))["mappings"].items()
}


def load(name):
    return json.loads((FIXTURES / name).read_text(encoding="utf-8"))


def post(value):
    return Webhook(json.dumps(value).encode(), "application/json")


def form(fields):
    """The body of a multipart form as axios writes it."""
    boundary = "-----------------------42"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    return Webhook(f"{''.join(parts)}--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}")
