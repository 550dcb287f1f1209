"""Say how it goes. On an alert that nobody has, this counts as the acknowledgment."""

from functions.commands._answering import answer_command

command = answer_command("updates", __doc__)
