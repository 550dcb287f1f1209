"""What SNS wants of a door beside the token: its signature checked, its subscription confirmed."""

import logging

from flask import abort

from core.adapters.sns import NotAmazonsError, Sns, UnreachableError
from core.signals import UnreadableError, Webhook
from core.sources.aws_sns import CONFIRMATIONS, envelope_in

log = logging.getLogger("rung.sns")


def see_that_it_is_amazons(sns: Sns, webhook: Webhook) -> None:
    """Check the envelope, and confirm the subscription that it asks to confirm. 403 for what is not Amazon's.

    503 when Amazon cannot be asked: SNS tries again. What is no envelope at all is left to whoever reads it.
    """
    try:
        envelope = envelope_in(webhook)
    except UnreadableError:
        return
    try:
        sns.check(envelope)
        if envelope["Type"] == CONFIRMATIONS[0]:
            sns.confirm(envelope)
            log.info("confirmed the subscription of SNS to %s", envelope.get("TopicArn"))
    except NotAmazonsError as error:
        abort(403, f"this is not from Amazon SNS: {error}")
    except UnreachableError as error:
        abort(503, str(error))
