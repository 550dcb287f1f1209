"""Simulation: the very engine that runs live, over a store in memory and a clock that jumps to what is due next."""
