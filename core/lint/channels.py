"""Channels that send nothing, and reports that therefore come to nobody."""

from collections.abc import Iterator

from core.channel_text import ContactError
from core.lint.codes import Code
from core.lint.finding import Finding, at
from core.lint.ladders import and_list
from core.lint.survey import Survey
from core.mailing import mail_address
from core.report_times import enabled, schedules_of


def missing_credentials(survey: Survey) -> Iterator[Finding]:
    """Tell that pages go to the built-in outbox: told so, or for want of anything else."""
    with_credentials = [name for name, each in survey.config.channels.items() if each and each.has_credentials]
    if not with_credentials:
        yield at(
            Code.NO_CREDENTIALS,
            ("channels",),
            "no channel has credentials",
            "Pages go to the built-in outbox (`rung outbox`), and wake nobody. Missing contacts are not found then.",
            _to_set(survey),
        )
    elif survey.config.outbox:
        yield at(
            Code.OUTBOX_ON,
            ("outbox",),
            f"pages go to the built-in outbox, although {and_list(with_credentials)} could send them",
            "Nobody is woken by any alert.",
            "Write outbox: false once you are done trying things out.",
        )


def unmailable_reports(survey: Survey) -> Iterator[Finding]:
    """Tell of reports that no channel can mail."""
    schedules = list(enabled(schedules_of(survey.config)))
    recipients = sorted({name for schedule in schedules for name in schedule.recipients})
    if survey.rules.outbox_mode or not recipients:
        return
    try:
        mail_address(survey.config, recipients[0])
    except ContactError as error:
        yield at(
            Code.REPORT_UNMAILABLE,
            ("channels",),
            f"{and_list(f'the {schedule.kind} report' for schedule in schedules)} cannot be mailed to "
            f"{and_list(recipients)}: {error}",
            "They are not sent, and can be read with `rung report` only.",
            "Add a channel that sends e-mail, or write enabled: false for these reports.",
        )


def _to_set(survey: Survey) -> str:
    references = survey.written.references
    names = [name for channel in survey.config.channels for name in references.get(("channels", channel, "url"), ())]
    if not names:
        return "Write the url of each channel (docs/channels.md)."
    return f"Set {and_list(names)}, or write for example `phone: false` for a channel you do not have."
