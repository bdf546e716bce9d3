"""Lines over pipes, and work in a muted fork."""

from __future__ import annotations

import os
import sys
import time

import pytest

from dojo.support.processes import LineReader, send
from dojo.testbed.forking import in_fork

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a fork")


def test_lines_are_read_whole():
    reader, writer = os.pipe()
    lines = LineReader(reader)
    assert not lines.wait(0.0)
    os.write(writer, b"one\ntw")
    assert lines.wait(1.0)
    assert (lines.read(), lines.at_end) == ([b"one"], False)
    os.write(writer, b"o\n\nthree")
    assert lines.read() == [b"two", b""]
    os.close(writer)
    assert (lines.read(), lines.at_end) == ([], True)
    os.close(reader)


def test_an_empty_pipe_that_does_not_block_is_not_at_its_end():
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    lines = LineReader(reader)
    assert (lines.read(), lines.at_end) == ([], False)
    os.close(writer)
    assert (lines.read(), lines.at_end) == ([], True)
    os.close(reader)


def test_a_file_is_read_as_it_grows(tmp_path):
    with (tmp_path / "lines").open("a+b", buffering=0) as file:
        lines = LineReader(file.fileno())
        assert (lines.read(), lines.at_end) == ([], True)
        send(file.fileno(), {"case": 1})
        os.lseek(file.fileno(), 0, os.SEEK_SET)
        assert (lines.read(), lines.at_end) == ([b'{"case": 1}'], False)


def test_a_message_larger_than_a_pipe_arrives_whole():
    messages = [{"number": number, "text": "x" * 1_000_000} for number in range(3)]

    def work(send):
        for message in messages:
            send(message)

    assert list(in_fork(work, 10.0)) == messages


def test_a_fork_is_mute_and_has_no_input(capfd):
    def work(send):
        print("not seen")
        print("nor this", file=sys.stderr)
        os.write(1, b"nor that")
        send({"read": os.read(0, 10).decode()})

    assert list(in_fork(work, 10.0)) == [{"read": ""}]
    assert capfd.readouterr() == ("", "")


def test_a_fork_that_falls_silent_is_ended():
    def work(send):
        send({"pid": os.getpid()})
        time.sleep(60)

    messages = list(in_fork(work, 0.2))
    assert len(messages) == 1
    with pytest.raises(ProcessLookupError):
        os.kill(messages[0]["pid"], 0)
