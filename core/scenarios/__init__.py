"""Scenarios: what people expect of their config, written down, and whether the very engine that runs live does it."""
