"""What an alert comes to, found the slow and obvious way: one simulation of the plain config for one instant."""

from datetime import timedelta

from core.rules import Rules
from core.signals import Signal, SignalStatus
from core.simulation.run import Simulation
from core.simulation.steps import rows

SHORT, LONG = timedelta(days=2), timedelta(days=380)  # the second is longer than anybody looks for the end of a silence


def ladder(config, severity, start):
    """Give what the first round of an alert pages whom, when and on what, and whom the catch-all stands for then."""
    rules = Rules(config)
    simulation = Simulation(rules, start)
    simulation.receive("*", [Signal(SignalStatus.FIRING, "key", "An alert", severity)])
    simulation.run(until=start + SHORT)
    if simulation.alert(1).suppressed:
        simulation.run(until=start + LONG)
    alert = simulation.alert(1)
    fired, catch_all = {}, set()
    for row in rows(simulation.happened, start):
        if row["round"] != 0:
            continue
        place = (row["level"], row["level_name"])
        if row["event"] in {"triggered", "escalated", "skipped"} and not row.get("reason", "").startswith(
            "nobody on the ladder"
        ):
            fired[place] = (row["offset_seconds"], set())
        elif row["event"] == "notified" and "reason" not in row:
            fired[place][1].add((row["responder"], row["channel"]))
        elif row["event"] == "notified" and row["reason"] == "nobody on the ladder can be reached":
            catch_all.add((row["responder"], row["channel"]))
    way = (alert.policy_name, alert.severity, alert.auto_resolves, alert.quiet_after)
    at_the_end = set(rules.catch_all(alert.policy, alert.severity, start).pages)
    return way, fired, catch_all, at_the_end
