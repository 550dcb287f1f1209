"""Masking: what looks like a secret in a body nobody could read is blotted out before the body is kept.

Every pattern reads each character a bounded number of times, for the body is a stranger's: a run is taken whole (`++`),
and a name is searched for a secret's word over so many characters at most.
"""

import re

_MASK = "***"
_NAMES = r"pass|pwd|token|secret|authorization|(?:api|routing|service)[_-]?key|cookie|credential"
_ADDRESSES = r"subscribeurl|(?:ping|update|pause|resume)_url"  # whoever has them can do what they say
_WORDS = f"(?:{_NAMES}|{_ADDRESSES})"
_QUOTED_NAME = rf'(?=[^"\\]{{0,80}}?{_WORDS})[^"\\]{{1,120}}+'
_FORM_CHARACTER = r"[\w.%\[\]-]"

_JSON = re.compile(
    rf'("{_QUOTED_NAME}"\s{{0,10}}+:\s{{0,10}}+)(?:"(?:[^"\\]|\\.)*+"?|-?\d[\d.eE+-]*+)', re.IGNORECASE | re.DOTALL
)
_JSON_IN_JSON = re.compile(
    rf'(\\"{_QUOTED_NAME}\\"\s{{0,10}}+:\s{{0,10}}+)\\"(?:[^"\\]|\\\\(?:\\.|[^"\\]))*+(?:\\")?',
    re.IGNORECASE | re.DOTALL,
)
_FORM = re.compile(
    rf'(?<!{_FORM_CHARACTER})((?={_FORM_CHARACTER}{{0,80}}?{_WORDS}){_FORM_CHARACTER}++=)[^&\s"\\<>#]*+', re.IGNORECASE
)
_URL = re.compile(r'(:(?:\\?/){2})[^/\s"?#<>\\]+@')
_SCHEME = re.compile(r"\b(Bearer|Basic|GenieKey)\s{1,10}+[^\s\"',;]++", re.IGNORECASE)


def mask_secrets(text: str) -> str:
    """Give the text with the values of password, token, key and cookie fields, and credentials in URLs, as `***`."""
    text = _JSON.sub(rf'\1"{_MASK}"', text)
    text = _JSON_IN_JSON.sub(rf'\1\\"{_MASK}\\"', text)
    text = _URL.sub(rf"\1{_MASK}@", text)
    text = _SCHEME.sub(rf"\1 {_MASK}", text)
    return _FORM.sub(rf"\1{_MASK}", text)
