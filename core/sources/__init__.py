"""One file per sender: what arrived -> the signals in it."""
