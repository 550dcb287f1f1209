"""Simulation: what `rung simulate` tells, and that it is what happens live."""
