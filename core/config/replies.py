"""replies: the ways in by which people answer from where they are. Each is shut until its secret is there.

Every way in is an open door to the internet, so what it believes first is a signature or a secret of the provider.
"""

from typing import Annotated, Literal

from pydantic import Field, SecretStr

from core.config.base import Section
from core.config.people import Email

NO_SECRET = SecretStr("")


class TwilioReplies(Section):
    """Texts and calls. `auth_token` is the account's: Twilio signs with it what it sends us."""

    auth_token: SecretStr = NO_SECRET


class SlackReplies(Section):
    """Buttons, the slash command, replies in a thread. `bot_token` lets Rung answer there.

    A page is changed with the token of the channel that sent it.
    """

    signing_secret: SecretStr = NO_SECRET
    bot_token: SecretStr = NO_SECRET


class TelegramReplies(Section):
    """Buttons and commands. `secret` is the one given to setWebhook; Telegram shows it with everything it sends."""

    secret: SecretStr = NO_SECRET


EmailProvider = Annotated[
    Literal["mailgun", "postmark", "sendgrid", "plain"],
    Field(description="one of mailgun, postmark, sendgrid, plain"),
]


class EmailReplies(Section):
    """Mails. `address` is where answers go, before whose @ each message puts a signed `+...` of its own.

    Mailgun signs with `secret`; the others show it as `?token=` or as the password of Basic.
    """

    address: Email | None = None
    provider: EmailProvider = "plain"
    secret: SecretStr = NO_SECRET


class Replies(Section):
    """Each way in that people may answer by."""

    twilio: TwilioReplies = TwilioReplies()
    slack: SlackReplies = SlackReplies()
    telegram: TelegramReplies = TelegramReplies()
    email: EmailReplies = EmailReplies()

    def has_buttons(self, kind: str) -> bool:
        """Say whether pages on a channel of this kind have buttons, which should go once somebody has answered."""
        secrets = {"slack": self.slack.signing_secret, "telegram": self.telegram.secret}
        return bool(kind in secrets and secrets[kind].get_secret_value())
