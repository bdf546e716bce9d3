"""A progress is the same after it was written as JSON and read again, whatever it holds."""

from __future__ import annotations

import dataclasses
import json

import pytest

from dojo.course.moved import Move
from dojo.progress.data import (
    CourseVersion,
    DeviceStatus,
    Diagnosis,
    Judge,
    KataProgress,
    LessonProgress,
    Progress,
    StepFailure,
    StepProgress,
    to_json,
)
from dojo.progress.reading import parse_progress
from dojo.progress.statuses import BROKEN, GREEN, NOT_RUN, RED, STATUSES
from dojo.support.errors import DojoError
from dojo.support.styled_lines import STYLES, Piece
from dojo.support.text import clean

pytest.importorskip("hypothesis")
from hypothesis import given, settings
from hypothesis import strategies as st

MOVES = (
    Move("lesson_1_a/kata_01_b/old", "lesson_1_a/kata_01_b/new", "1.1.0"),
    Move("lesson_1_a/kata_01_b/new", "lesson_2_a/kata_02_b/Newest", "2.0"),
)
TEXT = st.text(max_size=20).map(clean)
TEXT_OR_NONE = st.none() | TEXT
NUMBER = st.integers(0, 999_999)
SECONDS = st.floats(0, 1e6)
PIECE = st.builds(Piece, TEXT, st.sampled_from(sorted(STYLES)))
FAILURE = st.builds(StepFailure, TEXT, st.lists(TEXT, max_size=3), TEXT_OR_NONE, TEXT_OR_NONE, st.none() | NUMBER)


@st.composite
def _step(draw, step_id):
    status = draw(st.sampled_from(STATUSES))
    tests = draw(NUMBER)
    return StepProgress(
        step_id,
        draw(TEXT),
        status,
        tests,
        draw(st.integers(0, tests)),
        draw(st.dictionaries(TEXT, st.sampled_from((GREEN, RED, NOT_RUN)), max_size=3)),
        draw(SECONDS),
        draw(st.lists(TEXT, max_size=2)),
        draw(TEXT_OR_NONE),
        draw(TEXT_OR_NONE),
        draw(TEXT_OR_NONE),
        None if status == GREEN else draw(st.none() | FAILURE),
        draw(st.booleans()),
        draw(st.lists(st.lists(PIECE, max_size=3), max_size=3)),
        draw(st.none() | st.builds(Diagnosis, TEXT, TEXT)),
        draw(st.booleans()),
    )


@st.composite
def _progress(draw):
    """A progress that a run could have made. The ids of its steps are different."""
    ids = iter(draw(st.lists(TEXT, unique=True, min_size=8, max_size=8)))
    lessons = [
        LessonProgress(
            draw(TEXT),
            draw(NUMBER),
            draw(TEXT),
            [
                KataProgress(draw(TEXT), draw(NUMBER), draw(TEXT), [draw(_step(next(ids))) for _ in range(steps)])
                for steps in draw(st.lists(st.integers(0, 2), max_size=2))
            ],
        )
        for _ in range(draw(st.integers(0, 2)))
    ]
    return Progress(
        draw(st.builds(CourseVersion, TEXT_OR_NONE, TEXT_OR_NONE, TEXT_OR_NONE)),
        draw(TEXT),
        draw(st.datetimes()).isoformat(timespec="seconds") + draw(st.sampled_from(("Z", "+00:00"))),
        draw(TEXT_OR_NONE),
        draw(TEXT_OR_NONE),
        draw(SECONDS),
        draw(st.lists(st.builds(DeviceStatus, TEXT, TEXT, TEXT), max_size=2)),
        lessons,
        draw(st.none() | st.builds(Judge, TEXT_OR_NONE, st.lists(TEXT, max_size=3))),
        draw(st.sampled_from(((), MOVES))),
    )


@settings(deadline=None, max_examples=100)
@given(_progress())
def test_reading_is_the_inverse_of_writing(progress):
    written = json.dumps(to_json(progress), ensure_ascii=False)
    read = parse_progress(written.encode(), "progress.json")
    assert read == progress
    assert json.dumps(to_json(read), ensure_ascii=False) == written


@settings(deadline=None, max_examples=50)
@given(_progress())
def test_totals_and_focus_are_those_of_the_steps(progress):
    statuses = [step.status for step in progress.steps]
    assert vars(progress.totals) == {status: statuses.count(status) for status in STATUSES} | {"steps": len(statuses)}
    assert progress.count(RED, BROKEN) == progress.totals.red + progress.totals.broken
    first = next((step for step in progress.steps if step.status in (RED, BROKEN)), None)
    assert progress.focus is first
    assert progress.complete == (set(statuses) == {GREEN})


def test_the_file_of_a_run_is_read_and_written_as_it_is(course):
    course.solve(total="return rows.sum(dim=0)")
    course.pytest("--progress-json", "progress.json")
    data = (course.root / "progress.json").read_bytes()
    assert (json.dumps(to_json(parse_progress(data, "it")), ensure_ascii=False) + "\n").encode() == data


GOOD = Progress(
    CourseVersion("course"),
    "katas",
    "2031-01-30T10:00:00Z",
    None,
    None,
    1.0,
    [DeviceStatus("cpu")],
    [
        LessonProgress(
            "a",
            1,
            "a",
            [KataProgress("a/b", 1, "b", [StepProgress("a/b/c", "c", RED, 2, 1, failure=StepFailure("value", []))])],
        )
    ],
)
STEP = ("lessons", 0, "katas", 0, "steps", 0)


@pytest.mark.parametrize(
    ("place", "value", "says"),
    [
        (("lessons",), None, "the file has no list 'lessons'"),
        (("lessons", 0), 3, "lessons[0] has no text 'id'"),
        (("lessons", 0, "number"), True, "lessons[0] has no integer 'number'"),
        (("lessons", 0, "katas", 0), [], "lessons[0].katas[0] has no text 'id'"),
        ((*STEP, "id"), None, "lessons[0].katas[0].steps[0] has no text 'id'"),
        ((*STEP, "status"), "purple", "lessons[0].katas[0].steps[0].status is 'purple'"),
        ((*STEP, "passed"), 3, "lessons[0].katas[0].steps[0] contradicts itself"),
        ((*STEP, "status"), "green", "lessons[0].katas[0].steps[0] contradicts itself"),
        ((*STEP, "seconds"), -1, "lessons[0].katas[0].steps[0] has no number 'seconds'"),
        ((*STEP, "devices"), {"cpu": "ahead"}, "lessons[0].katas[0].steps[0].devices is not what a run writes"),
        ((*STEP, "failure"), 3, "lessons[0].katas[0].steps[0].failure has no text 'kind'"),
        ((*STEP, "failure", "line"), -1, "lessons[0].katas[0].steps[0].failure has no integer 'line'"),
        ((*STEP, "report"), [[["text", []]]], "lessons[0].katas[0].steps[0].report is not a list of lines"),
        ((*STEP, "report"), [[["text", "chosen"]]], "lessons[0].katas[0].steps[0].report is not a list of lines"),
        ((*STEP, "report"), [[]] * 501, "lessons[0].katas[0].steps[0].report is not a list of lines"),
        ((*STEP, "diagnosis"), [], "lessons[0].katas[0].steps[0].diagnosis has no text 'mistake'"),
        ((*STEP, "clue"), {"says": "A fact."}, "lessons[0].katas[0].steps[0].clue has no text 'kind'"),
        (("devices", 0, "reason"), None, "devices[0] has no text 'reason'"),
        (("course",), {"name": 3}, "course has no text 'name'"),
        (("judge",), {"changed": [3]}, "judge.changed is not a list of paths"),
        (("totals", "red"), 0, "its totals do not match its steps"),
        (("totals",), None, "its totals do not match its steps"),
        (("made_at",), "yesterday", "made_at is not a date and time"),
    ],
)
def test_an_error_names_the_key(place, value, says):
    data = json.loads(json.dumps(to_json(GOOD)))
    *path, last = place
    inner = data
    for key in path:
        inner = inner[key]
    inner[last] = value
    with pytest.raises(DojoError) as error:
        parse_progress(json.dumps(data).encode(), "it")
    assert str(error.value) == f"it is damaged or forged: {says}."


def test_a_step_that_stands_in_the_file_twice_is_an_error():
    twice = dataclasses.replace(GOOD, lessons=GOOD.lessons * 2)
    with pytest.raises(DojoError, match="a step is in it twice"):
        parse_progress(json.dumps(to_json(twice)).encode(), "it")


def test_other_keys_are_ignored_and_keys_of_later_versions_may_be_missing():
    data = json.loads(json.dumps(to_json(GOOD))) | {"another": 1}
    step = data["lessons"][0]["katas"][0]["steps"][0]
    for key in ("report", "cheating", "diagnosis", "clue", "behaviour", "failing_test", "failing_device"):
        del step[key]
    for key in ("course", "judge", "python", "torch", "focus"):
        del data[key]
    assert parse_progress(json.dumps(data).encode(), "it") == dataclasses.replace(GOOD, course=CourseVersion())


UNSAFE = (0, 0x08, 0x0B, 0x1B, 0x7F, 0x9F, 0x200E, 0x202E, 0x2069, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF)


@pytest.mark.parametrize("code", UNSAFE)
def test_text_that_a_terminal_obeys_is_replaced(code):
    assert clean(f"a{chr(code)}b") == clean(f"a{chr(code)}b\n")[:-1] == "a\ufffdb"


@pytest.mark.parametrize("text", ["", "plain", "a\tb\nc", "✓ é 漢 👍", "a\xa0b"])
def test_other_text_stays_as_it_is(text):
    assert clean(text) == text
