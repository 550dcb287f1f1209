"""Pages in Slack have buttons, and lose them once somebody has answered, whichever way; an edit wakes nobody."""

import pytest

from core.commands import Acknowledge, Escalate, Resolve
from core.outcomes import Outcome, OutcomeKind
from tests.samples import config
from tests.worlds import World

REPLIES = {"slack": {"signing_secret": "secret-of-slack"}}
CHANNELS = {
    name: {"url": f"json://{name}.example.com/{{{field}}}"}
    for name, field in {"email": "email", "sms": "phone", "phone": "phone"}.items()
} | {"slack": {"url": "slack://rung@xoxb-1-1-x/{slack}"}}


class SlackWorld(World):
    """Level 1 is user2 on email, slack and sms; level 2, after ten minutes, user5. Each message has its own id."""

    def __init__(self, client, **changes) -> None:
        tracking = {"response_tracking": {"tell_others": True}}
        super().__init__(client, config(**{"channels": CHANNELS, "replies": REPLIES} | tracking | changes))
        submit, sent = self.sender.submit, self.sender.sent

        def numbered(url, message):
            future = submit(url, message)
            outcome = future.result()
            if outcome.kind is not OutcomeKind.SENT:
                return future
            kept = type(future)()
            kept.set_result(Outcome(OutcomeKind.SENT, provider_id=f"D1:{len(sent)}"))
            return kept

        self.sender.submit = numbered

    def in_slack(self):
        """(title, ways) of what went to Slack."""
        return [(message.title, message.ways) for url, message in self.sender.sent if url.startswith("slack:")]


@pytest.fixture
def world(client):
    return SlackWorld(client)


def numbers(world) -> list[str]:
    """The ids that the messages to Slack have been given, in order."""
    return [f"D1:{n}" for n, (url, _) in enumerate(world.sender.sent, 1) if url.startswith("slack:")]


def test_a_page_has_buttons_and_the_link_of_whom_it_is_for_and_other_channels_have_neither(world):
    world.fires()
    [(_, ways)] = world.in_slack()
    assert (ways.buttons, ways.alert, ways.changes) == (True, 1, "")
    target = world.links.read(ways.link.rpartition("/")[2])
    assert (target.alert, target.person) == (1, "user2")
    assert {url.split(":")[0] for url, message in world.sender.sent if message.ways is None} == {"json"}


def test_without_the_signing_secret_there_are_no_buttons_that_nobody_would_hear(client):
    world = SlackWorld(client, replies={})
    world.fires()
    assert [ways for _, ways in world.in_slack()] == [None]


def test_the_notice_goes_to_slack_before_email_and_changes_the_page_there(world):
    world.fires()
    world.passes(600)
    sent = len(world.sender.sent)
    page = numbers(world)[0]
    world.says(1, Acknowledge("user5", "sms"))
    [(url, notice)] = world.sender.sent[sent:]
    assert url.startswith("slack:")
    assert notice.title == "user5 has it: alert 1: Disk is full"
    assert (notice.ways.changes, notice.ways.older, notice.ways.buttons) == (page, (), False)


def test_without_buttons_there_is_nothing_to_take_away_and_email_hears_it_as_ever(client):
    world = SlackWorld(client, replies={})
    world.fires()
    world.passes(600)
    sent = len(world.sender.sent)
    world.says(1, Acknowledge("user5", "sms"))
    assert [url.split(":")[0] for url, _ in world.sender.sent[sent:]] == ["json"]


def test_whoever_wants_nothing_of_it_on_slack_hears_it_elsewhere(client):
    people = config(channels=CHANNELS).model_dump(exclude_defaults=True)["people"]
    people["user2"] |= {"quiet": {"high": ["slack"]}}
    world = SlackWorld(client, people=people)
    world.fires(severity="high")
    world.passes(1800)
    sent = len(world.sender.sent)
    world.says(1, Acknowledge("user5", "sms"))
    assert [url.split(":")[0] for url, _ in world.sender.sent[sent:]] == ["json"]


def test_resolved_changes_the_page_of_everybody_but_who_did_it(world):
    world.fires()
    world.passes(600)
    sent = len(world.sender.sent)
    world.says(1, Resolve("user5", "api"))
    [(url, notice)] = world.sender.sent[sent:]
    assert (url.startswith("slack:"), notice.title[:9], notice.ways.changes) == (True, "Resolved:", numbers(world)[0])


def test_when_the_source_says_that_it_is_over_every_page_changes(world):
    world.fires()
    world.passes(600)
    pages = numbers(world)
    sent = len(world.sender.sent)
    world.clears()
    assert sorted(message.ways.changes for _, message in world.sender.sent[sent:]) == sorted(pages)


def test_all_pages_about_it_lose_their_buttons_the_last_one_first(world):
    world.fires()
    world.passes(7200)  # the second round
    theirs = [n for n, (title, _) in zip(numbers(world), world.in_slack(), strict=True) if title]
    pages = [n for n, (url, _) in enumerate(world.sender.sent, 1) if "U0002" in url]
    assert len(pages) == 2
    assert len(theirs) > 2
    world.says(1, Resolve("vp", "api"))
    [ways] = [m.ways for url, m in world.sender.sent if "U0002" in url and m.title.startswith("Resolved")]
    assert (ways.changes, ways.older) == (f"D1:{pages[1]}", (f"D1:{pages[0]}",))


def test_taken_and_later_resolved_change_the_same_page_twice(world):
    world.fires()
    world.passes(600)
    world.says(1, Acknowledge("user5", "sms"))
    world.says(1, Resolve("user5", "sms"))
    ways = [m.ways for url, m in world.sender.sent if "U0002" in url and not m.ways.buttons]
    assert [each.changes for each in ways] == [numbers(world)[0]] * 2


def test_a_page_that_never_went_out_is_not_changed(world):
    world.sender.outcomes["U0002"] = Outcome(OutcomeKind.REJECTED)
    world.fires()
    world.passes(600)
    sent = len(world.sender.sent)
    world.says(1, Acknowledge("user5", "sms"))
    assert [message.ways for _, message in world.sender.sent[sent:]] == [None]


def test_a_bundle_is_about_other_alerts_too_and_stays_as_it_is(client):
    world = SlackWorld(client, bundling={"after": 1})
    for number in range(6):
        world.engine.receive("generic", [_signal(number)])
    world.send()
    world.passes(60)
    bundles = [m for url, m in world.sender.sent if "U0002" in url and m.ways is None]
    assert bundles, "nothing was bundled"
    sent = len(world.sender.sent)
    world.says(6, Resolve("vp", "api"))
    world.passes(60)
    after = [m for url, m in world.sender.sent[sent:] if "U0002" in url]
    assert after
    assert all(m.ways is None for m in after)


def _signal(number: int):
    from tests.samples import signal

    return signal(f"disk-{number}")


def test_what_asks_again_has_buttons_and_changes_nothing(world):
    world.fires()
    world.says(1, Escalate("user2", "slack"))
    assert [ways.buttons for _, ways in world.in_slack()] == [True, True]
