"""Bundle: what one message listed to one person. It is kept so that one answer can be about all of it."""

import json
from dataclasses import dataclass
from datetime import datetime

from core.times import rfc3339


@dataclass(frozen=True, slots=True)
class Bundle:
    """The alerts of a bundle, worst first, and to whom it went, when and on which channel."""

    id: str
    person: str
    channel: str
    at: datetime
    alerts: tuple[int, ...]

    def dump(self) -> str:
        """Give the bundle as JSON, without its id."""
        fields = {"person": self.person, "channel": self.channel, "at": rfc3339(self.at), "alerts": self.alerts}
        return json.dumps(fields, ensure_ascii=False)

    @classmethod
    def load(cls, bundle_id: str, text: str | bytes) -> "Bundle":
        """Read a bundle back."""
        fields = json.loads(text)
        at = datetime.fromisoformat(fields["at"])
        return cls(bundle_id, fields["person"], fields["channel"], at, tuple(fields["alerts"]))
