"""The log follower gives every line once, also when the file is rotated under it."""

import pytest

from core.adapters.log_follower import LogFollower, last_lines


@pytest.fixture
def path(tmp_path):
    return tmp_path / "web.log"


@pytest.fixture
def follow():
    followers = []

    def begin(path):
        followers.append(LogFollower(path))
        return followers[-1]

    yield begin
    for follower in followers:
        follower.close()


def write(path, text):
    with path.open("a") as file:
        file.write(text)


def test_only_what_is_written_from_now_on_is_given_and_only_once(path, follow):
    write(path, "old\n")
    log = follow(path)
    write(path, "one\ntwo\n")
    assert log.lines() == ["one", "two"]
    assert log.lines() == []


def test_a_half_line_waits_for_its_end(path, follow):
    log = follow(path)
    write(path, "hal")
    assert log.lines() == []
    write(path, "ves\n")
    assert log.lines() == ["halves"]


def test_a_file_that_comes_later_is_read_from_its_start(path, follow):
    log = follow(path)
    assert log.lines() == []
    write(path, "first\n")
    assert log.lines() == ["first"]


def test_a_rotation_loses_and_doubles_no_line(path, follow):
    log = follow(path)
    write(path, "before\n")
    assert log.lines() == ["before"]
    write(path, "last of the old\n")
    path.rename(path.with_suffix(".log.1"))
    write(path, "first of the new\n")
    assert log.lines() == ["last of the old", "first of the new"]


def test_the_last_lines_of_a_long_file_are_found_and_of_none_there_are_none(path):
    assert last_lines(path, 3) == []
    write(path, "".join(f"line {number}\n" for number in range(10_000)))
    assert last_lines(path, 2) == ["line 9998", "line 9999"]
