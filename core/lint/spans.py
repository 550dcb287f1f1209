"""Spans of time: [start, end) in UTC, in order and apart from each other where a function gives them."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

Span = tuple[datetime, datetime]
Spans = Sequence[Span]

NOTHING = timedelta(0)


def united(spans: Iterable[Span]) -> list[Span]:
    """Put together what touches or overlaps; empty ones are left out."""
    found: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def common(one: Spans, other: Spans) -> list[Span]:
    """Give what lies in both; each in order and apart."""
    found: list[Span] = []
    here = there = 0
    while here < len(one) and there < len(other):
        start, end = max(one[here][0], other[there][0]), min(one[here][1], other[there][1])
        if start < end:
            found.append((start, end))
        if one[here][1] < other[there][1]:
            here += 1
        else:
            there += 1
    return found


def outside(spans: Spans, window: Span) -> list[Span]:
    """Give what of a window lies in none of these; they are in order and apart."""
    edges = [window[0], *(edge for span in spans for edge in span), window[1]]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    inside = ((max(start, window[0]), min(end, window[1])) for start, end in pairs)
    return [span for span in inside if span[0] < span[1]]


def without(spans: Spans, others: Spans) -> list[Span]:
    """Give what of these lies in none of the others; both in order and apart."""
    return common(spans, outside(others, (spans[0][0], spans[-1][1]))) if spans else []


def total(spans: Spans) -> timedelta:
    """Give how long they are together."""
    return sum((end - start for start, end in spans), NOTHING)
