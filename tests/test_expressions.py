"""Expressions: our own functions, what can never work is found out before it runs, and no value makes one fail."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.expressions import BadExpressionError, compiled, search


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("""parse_json('{"a": [1, 2]}').a[1]""", 2),
        ("parse_json('no JSON')", None),
        ("parse_json('')", None),
        ("parse_json(missing)", None),
        ("parse_json(deep)", None),
        ("parse_json(number)", None),
        ("replace('shop is down', ' is down', '')", "shop"),
        ("replace('a.b.c', '.', '-')", "a-b-c"),
        ("replace('a', '', 'x')", "a"),
        ("replace(missing, 'a', 'b')", None),
        ("replace(number, 'a', 'b')", None),
        ("split('a, b', ', ')", ["a", "b"]),
        ("split('a/b', '/')[-1]", "b"),
        ("split('a', '')", []),
        ("split(missing, '/')", [""]),
        ("split(list, '/')", None),
        ("replace(many, 'a', many)", None),
        ("replace(many, 'a', '')", ""),
    ],
)
def test_our_own_functions_give_what_they_say(expression, found):
    value = {"number": 7, "list": ["a"], "deep": "[" * 50_000, "many": "a" * 10_000}
    assert search(expression, value) == found


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("", "it ends too early"),
        ("a.", "it makes no sense at character 3"),
        ("a b", "it makes no sense at character 3"),
        ("incident[", "it ends too early"),
        ("'a", "it makes no sense at character 1"),
        ("lower(title)", "no function is called lower"),
        ("a || upper(b).c[0] | [?x == 'y']", "no function is called upper"),
        ("[?starts(a, 'b')]", "no function is called starts"),
        ("map(&first(@), list)", "no function is called first"),
        ("{a: b, c: first(d)}", "no function is called first"),
        ("[a, first(d)]", "no function is called first"),
        ("!first(a)", "no function is called first"),
        ("split(a)", "split wants 2 arguments"),
        ("parse_json(a, b)", "parse_json wants 1 argument"),
        ("replace(a, 'b')", "replace wants 3 arguments"),
        ("not_null()", "not_null wants 1 argument"),
        ("a[::0]", "a slice has steps of 0"),
        ("(" * 5000 + "a" + ")" * 5000, "it is nested too deeply"),
    ],
)
def test_what_can_never_work_says_why(expression, why):
    with pytest.raises(BadExpressionError, match=rf"^{why}$"):
        compiled(expression)


@pytest.mark.parametrize(
    "expression", ["not_null(a, b, c)", "merge(a)", "merge(a, b)", "sort_by(a, &b)", "a[::-1]", "@"]
)
def test_what_can_work_is_let_through(expression):
    compiled(expression)


STUMBLES = [
    "ceil(@)",
    "floor(@)",
    "abs(@)",
    "avg(@)",
    "sum(@)",
    "contains('a', @)",
    "contains(@, `1`)",
    "sort(@)",
    "max(@)",
]
STUMBLES += [
    "join(',', @)",
    "keys(@)",
    "to_number(@)",
    "to_string(@)",
    "length(@)",
    "reverse(@)",
    "@ > `1`",
    "@[0]",
    "merge(@)",
]
STUMBLES += [
    "map(&a, @)",
    "sort_by(@, &a)",
    "max_by(@, &a)",
    "parse_json(@)",
    "split(@, '/')",
    "replace(@, 'a', @)",
    "[?@ < `2`]",
]
ODD = [
    float("nan"),
    float("inf"),
    10**400,
    -1,
    True,
    None,
    "",
    "9" * 5000,
    "1e999",
    "\ud800",
    [],
    {},
    [1, "a", None],
    [float("nan")],
]


@pytest.mark.parametrize("expression", STUMBLES)
def test_no_value_makes_an_expression_fail(expression):
    for value in [*ODD, ODD, {"a": ODD}, [{"a": odd} for odd in ODD], [10**400, 1.5], [[[]]], [{"a": 1}, {"a": "x"}]]:
        search(expression, value)


anything = st.recursive(
    st.sampled_from(ODD) | st.text(max_size=5) | st.integers() | st.floats(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("ab"), inner),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(value=anything, expression=st.sampled_from(STUMBLES))
def test_no_generated_value_makes_an_expression_fail(value, expression):
    search(expression, value)


SOURCES = [
    "[][][][][]",
    "[*][*][*]",
    "[*].[@, @][]",
    "sort(@)",
    "sort_by(@, &to_string(@))",
    "[?contains(to_string(@), 'a')]",
]
SOURCES += [
    "map(&[a, b, c], @)",
    "max_by(@, &a)",
    "join(',', map(&to_string(@), @))",
    "*.*.*",
    "reverse(@)",
    "to_string(@)",
]
LONG = 128 * 1024  # an eighth of the largest body


@pytest.mark.parametrize("expression", SOURCES)
@pytest.mark.parametrize("piece", ["0", '{"a":[[],[]]}'])
def test_a_large_body_takes_a_moment(expression, piece):
    """Whatever looked at everything for everything would take a thousand times as long."""
    value = json.loads(f"[{','.join([piece] * (LONG // (len(piece) + 1)))}]")
    started = time.process_time()
    search(expression, value)
    assert time.process_time() - started < 3
