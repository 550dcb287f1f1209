"""Acknowledge alerts: you have them, and the ladder stops."""

from functions.commands._answering import answer_command

command = answer_command("ack", __doc__)
