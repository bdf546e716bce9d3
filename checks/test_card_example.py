"""The example on a card as a test of its step."""

from __future__ import annotations

import io
import tarfile
import types

import pytest
import torch

from dojo.card_example import CardExample
from dojo.course.curriculum import Step
from dojo.expect import Mismatch
from dojo.judging.judge import Walls, archive_of, judge, walls_here, why_no_judge
from dojo.judging.sandbox import Limits
from dojo.judging.submission import katas_in

from .small_course import SmallCourse, small_course

STEP = Step("lesson_1/kata_01/answer", "answer", 1, ())


@pytest.fixture
def course(tmp_path) -> SmallCourse:
    """A small course in which the last test of double runs the example of its card."""
    course = small_course(tmp_path)
    card = '"""Return twice x.\n\n    >>> double(torch.tensor([1.5]))\n    tensor([3.])\n    """'
    solution = course.root / course.kata.replace("katas", "solutions", 1)
    solution.write_text(solution.read_text().replace('"""Return twice x."""', card))
    tests = course.root / course.tests
    added = "def test_double__does_what_its_example_shows(example):\n    example.check(kata)\n\n\n"
    tests.write_text(tests.read_text().replace("def test_total__", f"{added}def test_total__", 1))
    return course


def only_whole_numbers(course):
    """Let the other test of double see whole numbers alone."""
    path = course.root / course.tests
    path.write_text(path.read_text().replace("[1.0, 2.5]", "[1.0, 2.0]").replace("[2.0, 5.0]", "[2.0, 4.0]"))


def check(tmp_path, example, answer):
    """Check a function against an example."""
    lines = "\n".join(f"    {line}" for line in example.splitlines())
    path = tmp_path / "solutions" / "lesson_1" / "kata_01.py"
    path.parent.mkdir(parents=True)
    path.write_text(f'import torch\n\n\ndef answer(x):\n    """The card.\n\n{lines}\n    """\n')
    CardExample(tmp_path, STEP).check(types.SimpleNamespace(answer=answer))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("shown", "value"),
    [
        ("tensor([1.0000, 0.3333])", torch.tensor([1, 1 / 3])),
        ("tensor([0., 2.])", torch.tensor([-0.0, 2.0])),
        ("tensor([[1.],\n        [2.]])", torch.tensor([[1.0], [2.0]])),
        ("tensor(6.)", torch.tensor(3.0, requires_grad=True) * 2),
        ("tensor(6., grad_fn=<MulBackward0>)", torch.tensor(6.0)),
        ("tensor([1.], requires_grad=True)", torch.nn.Parameter(torch.ones(1))),
        ("6.0", 6),
        ("0.36", 0.3600000023841858),
        ("1.5e-07", 1.5004e-7),
        ("[nan, inf]", [float("nan"), float("inf")]),
        ("torch.float32", torch.float32),
        ("True", True),
    ],
)
def test_an_answer_that_shows_the_same_values_is_accepted(tmp_path, shown, value):
    check(tmp_path, f">>> answer(1)\n{shown}", lambda x: value)


@pytest.mark.parametrize(
    ("shown", "value"),
    [
        ("tensor([1.0000, 0.3333])", torch.tensor([1, 0.33])),
        ("tensor([1., 2.])", torch.tensor([1.0, 2.1])),
        ("tensor([1., 2.])", torch.tensor([[1.0, 2.0]])),
        ("tensor([1, 2])", torch.tensor([1, 3])),
        ("tensor([1., 2.])", torch.tensor([1.0, 2.0], dtype=torch.float64)),
        ("6.0", torch.tensor(6.0)),
        ("7", 7.2),
        ("[nan, inf]", [float("inf"), float("nan")]),
        ("inf", float("-inf")),
        ("[1, ..., 9]", [2, 9]),
        ("True", False),
        ("True", None),
    ],
)
def test_an_answer_that_shows_other_values_is_rejected(tmp_path, shown, value):
    with pytest.raises(Mismatch, match="The example on the card runs `answer"):
        check(tmp_path, f">>> answer(1)\n{shown}", lambda x: value)


def test_an_error_that_the_card_shows_must_be_raised(tmp_path):
    example = ">>> answer(1)\nTraceback (most recent call last):\n    ...\nValueError: x is 1"

    def raises(x):
        raise ValueError("another text")

    check(tmp_path / "1", example, raises)
    with pytest.raises(Mismatch, match="It must show ValueError: x is 1, but with your code it shows 2"):
        check(tmp_path / "2", example, lambda x: 2)


def test_an_error_that_the_card_does_not_show_is_the_learners(tmp_path):
    with pytest.raises(ZeroDivisionError):
        check(tmp_path, ">>> answer(0)\n1.0", lambda x: 1 / x)


def test_nothing_may_be_shown_if_the_card_shows_nothing(tmp_path):
    check(tmp_path / "1", ">>> y = answer(2)\n>>> y\n4", lambda x: 2 * x)
    with pytest.raises(Mismatch, match="must show nothing"):
        check(tmp_path / "2", ">>> answer(2)", lambda x: 2 * x)


def test_the_example_is_the_courses_and_not_the_learners(course):
    course.solve(double='""">>> double(3)\n    7\n"""\nreturn 2 * x')
    assert course.pytest("--step", "double").status == 0


def test_a_wrong_answer_is_told_what_the_example_must_show(course):
    course.solve(double="return x + x.round()")
    only_whole_numbers(course)
    ran = course.pytest("--step", "double")
    assert ran.status == 1
    assert "does what its example shows" in ran.out
    said = " ".join(ran.out.split())
    assert "It must show tensor([3.]), but with your code it shows tensor([3.5000])." in said


def test_a_judge_has_the_cards_and_no_answer(course):
    with tarfile.open(fileobj=io.BytesIO(archive_of(course.root))) as tar:
        texts = {entry.name: tar.extractfile(entry).read().decode("utf-8", "replace") for entry in tar}
    assert not [name for name in texts if name.startswith("solutions")]
    cards = texts[course.kata.replace("katas", "cards", 1)]
    assert ">>> double(torch.tensor([1.5]))" in cards
    assert "2 * x" not in cards.replace("Return twice x.", "")
    assert cards.count("raise NotImplementedError") == 4


@pytest.mark.skipif(bool(why_no_judge()) or walls_here() is Walls.NONE, reason="nobody else's code is judged here")
def test_a_judge_runs_the_example(course):
    course.solve(double="return x + x.round()")
    only_whole_numbers(course)
    progress = judge(archive_of(course.root), katas_in(course.root / "katas"), Limits(seconds=60), walls_here())
    assert {step.id.rpartition("/")[2]: step.status for step in progress.steps} == {
        "double": "red",
        "total": "green",
        "Counter": "green",
        "shout": "green",
    }
