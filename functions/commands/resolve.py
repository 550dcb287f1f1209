"""Resolve alerts: it is over, and whoever was paged hears it once."""

from functions.commands._answering import answer_command

command = answer_command("resolve", __doc__)
