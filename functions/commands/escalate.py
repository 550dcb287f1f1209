"""Escalate alerts: page the next level now."""

from functions.commands._answering import answer_command

command = answer_command("escalate", __doc__)
