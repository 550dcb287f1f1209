"""Once a second: jobs whose beat is missed raise an alert. Twice a minute: what config names is watched."""

from core.heartbeats import Heartbeats


def sweep(heartbeats: Heartbeats) -> int:
    """Look after those that are due, and give how many they were."""
    return heartbeats.sweep()


def arm(heartbeats: Heartbeats) -> None:
    """Watch what config names today; a reload needs no more than this."""
    heartbeats.arm()
