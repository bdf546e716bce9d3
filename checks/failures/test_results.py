"""What is found of a test is carried between processes as plain data, and read back without loss."""

from __future__ import annotations

import dataclasses
import json

import pytest

from dojo.failures.failure import Call, Failure, FailureSignature, TestResult
from dojo.failures.foresight import Foreseen
from dojo.failures.rerun import Case, Verdict
from dojo.failures.values import Shown
from dojo.support.plain_data import from_data
from dojo.testbed.tracebacks import Frame

FAILURE = Failure(
    "value",
    ["1 of 2 values differs."],
    "test_double__is_twice_the_input",
    file="/katas/kata.py",
    line=3,
    frames=[Frame("/katas/kata.py", 3, "double", "return x")],
    actual=Shown("float32 tensor, shape (2,), on cpu", ("[1., 2.]",)),
    calls=[
        Call("Counter(2)", creates=True),
        Call("double(x)", (Shown("x: 2", items=(Shown("[0]: 2"),)),), Shown("2 (int)"), 7),
    ],
)
SIGNATURE = FailureSignature(9, "value", "1 of 2 values differs.", "Tensor cpu", (1.0, "two"))


@pytest.mark.parametrize(
    "sent",
    [
        TestResult("lesson/kata/double", "test_double__is_twice_the_input", "sim", FAILURE, ["A note."]),
        TestResult("lesson/kata/double", "test_double__is_twice_the_input", "cpu"),
        Verdict(FAILURE, SIGNATURE, FAILURE.calls, seconds=0.5, judged_file="/katas/kata.py"),
        Foreseen(Case("test", "mistakes", "double__squared"), Verdict(lost=True)),
    ],
    ids=["a red test", "a green test", "a red verdict", "a lost case"],
)
def test_what_was_sent_is_what_arrives(sent):
    assert from_data(type(sent), json.loads(json.dumps(dataclasses.asdict(sent)))) == sent


@pytest.mark.parametrize("data", [{"kind": "value"}, {"kind": "value", "says": [], "test": "", "colour": "red"}])
def test_data_that_does_not_fit_is_an_error(data):
    with pytest.raises((TypeError, KeyError)):
        from_data(Failure, data)


def test_no_text_of_a_harmless_failure_holds_control_characters():
    wild = "\x1b[2J"
    failure = Failure(
        "error", [wild], "t", raised=wild, calls=[Call(wild, (Shown(wild),))], actual=Shown(wild, (wild,))
    )
    assert "\x1b" not in repr(failure.harmless()).replace("\\x1b", "\x1b")
    assert failure.harmless().calls[0].details == (Shown("\ufffd[2J"),)


def test_failures_without_values_are_compared_by_their_sentences():
    one, other = (FailureSignature(7, "value", text) for text in ("The count is 3.", "The count is 4."))
    assert one.same_as(FailureSignature(7, "value", "The count is 3."))
    assert not one.same_as(other)
    rounded = [FailureSignature(7, "value", text, "list", (1.0,)) for text in ("by 0.333.", "by 0.3333.")]
    assert rounded[0].same_as(rounded[1])
