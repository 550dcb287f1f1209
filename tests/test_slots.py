"""Slots: what a channel earns by answering and loses by hanging. Eight in all, as a worker has."""

from core.slots import Slots


def slots_with(under_way: int, channel: str = "sms", size: int = 8) -> Slots:
    slots = Slots(size)
    for _ in range(under_way):
        slots.take(channel)
    return slots


def room(slots: Slots, channel: str = "sms") -> int:
    return slots.size - slots.kept_from([channel])[channel]


def answered(slots: Slots, times: int = 1) -> None:
    for _ in range(times):
        slots.give_back("sms", hung=False)
        slots.take("sms")


def test_what_is_under_way_is_counted_for_all_and_for_each_channel():
    slots = slots_with(2)
    slots.take("email")
    assert slots.free == 5
    assert slots.under_way() == {"sms": 2, "email": 1}
    assert slots.idle(["sms", "email", "phone", "slack"]) == 2
    slots.give_back("email", hung=False)
    assert slots.free == 6
    assert slots.under_way() == {"sms": 2}


def test_a_channel_that_has_not_answered_yet_gets_three_slots():
    assert [room(slots_with(under_way)) for under_way in (0, 1, 2, 3)] == [3, 2, 1, 0]


def test_every_answer_earns_one_slot_more_up_to_all_there_are():
    slots = slots_with(1)
    rooms = []
    for _ in range(7):
        rooms.append(room(slots))
        answered(slots)
    assert rooms == [2, 3, 4, 5, 6, 7, 7]


def test_a_send_that_hung_costs_all_slots_but_one():
    slots = slots_with(3)
    answered(slots, 5)
    slots.give_back("sms", hung=True)
    assert room(slots) == 0, "two are still under way"
    slots.give_back("sms", hung=True)
    slots.give_back("sms", hung=True)
    assert room(slots) == 1


def test_a_channel_that_hung_earns_its_slots_anew_by_answering():
    slots = slots_with(1)
    slots.give_back("sms", hung=True)
    slots.take("sms")
    assert room(slots) == 0
    answered(slots)
    assert room(slots) == 1
    answered(slots)
    assert room(slots) == 2


def test_what_was_earned_is_forgotten_with_nothing_left_to_send():
    slots = slots_with(1)
    answered(slots, 5)
    slots.forget_idle()
    assert room(slots) == 7, "it is not idle"
    slots.give_back("sms", hung=False)
    slots.forget_idle()
    assert room(slots) == 3


def test_that_a_channel_hung_is_not_forgotten():
    slots = slots_with(1)
    slots.give_back("sms", hung=True)
    slots.forget_idle()
    assert room(slots) == 1


def test_one_channels_hang_costs_the_others_nothing():
    slots = slots_with(1)
    slots.give_back("sms", hung=True)
    assert slots.kept_from(["sms", "email"]) == {"sms": 7, "email": 5}


def test_no_channel_is_ever_allowed_more_slots_than_there_are():
    slots = slots_with(1, size=2)
    answered(slots, 5)
    assert room(slots) == 1
