"""The doors. One file = one thin handler: parse, call the core, answer."""
