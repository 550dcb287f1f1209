"""Masking: what looks like a secret in a body nobody could read is blotted out before the body is kept."""

import re

_MASK = "***"
_NAMES = r"[\w.-]*(?:pass|pwd|token|secret|authorization|api[_-]?key|cookie|credential)[\w.-]*"
_JSON = re.compile(rf'("{_NAMES}"\s*:\s*)"(?:[^"\\]|\\.)*"?', re.IGNORECASE)
_FORM = re.compile(rf"(\b{_NAMES}=)[^&\s]*", re.IGNORECASE)
_URL = re.compile(r"(\w+://)[^/\s@\"]+@")
_SCHEME = re.compile(r"\b(Bearer|Basic|GenieKey)\s+[^\s\"',;]+", re.IGNORECASE)


def mask_secrets(text: str) -> str:
    """Give the text with the values of password, token, key and cookie fields, and credentials in URLs, as `***`."""
    text = _JSON.sub(rf'\1"{_MASK}"', text)
    text = _URL.sub(rf"\1{_MASK}@", text)
    text = _SCHEME.sub(rf"\1 {_MASK}", text)
    return _FORM.sub(rf"\1{_MASK}", text)
