"""What Rung knows and decides. Nothing here touches the world but `adapters/` and `wiring.py`."""
