"""Source: a sender of webhooks, its token, and what its words mean."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, SecretStr, StringConstraints

from core.config.base import Section
from core.config.severities import SeverityName, Word

# What Rung reads by itself; a source may also be of the name of a mapping.
KINDS = (
    "grafana",
    "alertmanager",
    "uptime-kuma",
    "pagerduty",
    "opsgenie",
    "sentry",
    "aws-sns",
    "healthchecks",
    "zabbix",
    "prometheus",
    "generic",
)
_TYPE_WANTED = f"one of {', '.join(KINDS)}, or the name of a mapping (left out: the source's name)"

SourceName = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=64),
    Field(description="a name for the URL: letters, digits, - and _"),
]


HeaderName = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9-]+$", max_length=100),
    Field(description="the name of an HTTP header"),
]


class Source(Section):
    """One sender. An empty `token` means none was given out, so only a signature under `hmac_secret` lets it in."""

    type: Annotated[str, Field(description=_TYPE_WANTED)]
    token: SecretStr = SecretStr("")
    hmac_secret: SecretStr = SecretStr("")
    hmac_timestamp_header: HeaderName = "X-Grafana-Alerting-Timestamp"
    severities: Annotated[
        dict[Word, SeverityName], Field(description="a mapping of the sender's words to severities")
    ] = Field(default_factory=dict)
    default_severity: SeverityName | None = None
    policy: Annotated[str, Field(description="a policy")] | None = None
    speedup: Annotated[
        int, Field(ge=1, le=86400, description="a whole number, 1 or more, to divide the policy's times by")
    ] = 1


def _with_type(sources: object) -> object:
    if not isinstance(sources, Mapping):
        return sources
    return {name: _typed(name, source) for name, source in sources.items()}


def _typed(name: str, source: Any) -> Any:
    return {"type": name, **source} if isinstance(source, Mapping) else source


Sources = Annotated[dict[SourceName, Source], BeforeValidator(_with_type)]
