"""Who is on call when. A rotation of the config is made into a plan once, and the plan is asked. Pure."""

from core.rotations.plan import HORIZON, Plan, plan_of
from core.rotations.shifts import Shift, on_call, shift_at, shifts

__all__ = ["HORIZON", "Plan", "Shift", "on_call", "plan_of", "shift_at", "shifts"]
