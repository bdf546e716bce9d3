"""A clue stands in the report, the progress file and the watch where no known mistake fits, and nowhere else."""

from __future__ import annotations

import json

import pytest

CLUE = "  clue      Every entry of your result is 5 times the expected one."


@pytest.fixture
def scaled(course):
    """A course whose first step doubles three numbers, of which an answer is off by a factor."""
    path = course.root / course.tests
    path.write_text(path.read_text().replace("[1.0, 2.5]", "[1.0, 2.5, 4.0]").replace("[2.0, 5.0]", "[2.0, 5.0, 8.0]"))
    course.solve(double="return 10 * x")
    return course


@pytest.mark.parametrize("isolation", ["fork", pytest.param("spawn", marks=pytest.mark.full)])
def test_a_clue_stands_in_the_place_of_the_why(scaled, isolation):
    ran = scaled.pytest("--isolation", isolation)
    assert ran.status == 1
    assert CLUE in ran.lines
    assert "why" not in ran.out


def test_a_known_mistake_gets_its_why_and_no_clue(scaled):
    scaled.solve(double="return x ** 2")
    out = scaled.pytest().out
    assert "  why  " in out
    assert "  clue  " not in out


def test_the_progress_file_has_the_kind_and_the_sentence(scaled):
    scaled.pytest("--progress-json", "p.json")
    step = json.loads((scaled.root / "p.json").read_text())["lessons"][0]["katas"][0]["steps"][0]
    assert step["clue"] == {
        "kind": "constant_factor",
        "says": "Every entry of your result is 5 times the expected one.",
    }
    assert step["diagnosis"] is None


def test_an_answer_that_is_not_the_same_every_time_gets_no_clue(scaled):
    scaled.solve(double="import os\nreturn x * int.from_bytes(os.urandom(4), 'big')")
    assert "  clue  " not in scaled.pytest().out


def test_a_raise_that_still_stands_above_the_answer_is_named(course):
    course.solve(double="raise NotImplementedError\nreturn 2 * x")
    out = " ".join(course.pytest().out.split())
    assert "`raise NotImplementedError` still comes first, so Python never reaches your code below it." in out


def test_a_raise_alone_is_not_named(course):
    course.solve(double="raise NotImplementedError")
    assert "still comes first" not in course.pytest().out


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("return x @ torch.ones(3, 2)", "In a matrix product, the last size of the left factor must equal"),
        (
            "with torch.no_grad:\n    return 2 * x",
            "torch.no_grad is a class. `with` needs an instance: torch.no_grad().",
        ),
        ("return x.grad * 2", "x.grad is None here."),
        ("parts = [x, x]\nreturn parts.sum()", "parts is a list here."),
        ("return x + torch.ones(5)", "Two sizes must be equal, or one of them must be 1."),
    ],
)
def test_an_error_gets_one_plain_sentence(course, body, says):
    course.solve(double=body)
    assert says in " ".join(course.pytest().out.split())


def test_the_expected_error_is_named_beside_the_raised_one(course):
    path = course.root / course.tests
    path.write_text(
        path.read_text().replace("import assert_tensor,", "import assert_raises, assert_tensor,")
        + "\n\ndef test_double__refuses_text():\n"
        + "    with assert_raises(ValueError, because='No.'):\n        kata.double('a')\n"
    )
    course.solve(double="assert not isinstance(x, str)\nreturn 2 * x")
    out = course.pytest().out
    assert "  Expected ValueError, but your code raised AssertionError." in out


def test_a_fault_of_the_answers_own_backward_is_named(course):
    path = course.root / course.tests
    path.write_text(
        path.read_text().replace(
            "    assert_tensor(kata.double(x), torch.tensor([2.0, 5.0]), device=device)",
            "    x.requires_grad_()\n    kata.double(x).sum().backward()",
        )
    )
    own = (
        "class Twice(torch.autograd.Function):\n"
        "    @staticmethod\n    def forward(ctx, x):\n        return 2 * x\n"
        "    @staticmethod\n    def backward(ctx, upstream):\n        return 2 * upstream, upstream\n"
        "return Twice.apply(x)"
    )
    course.solve(double=own)
    out = " ".join(course.pytest().out.split())
    assert "The backward pass through your result raises an error." in out
    assert "Your backward returned 2 values, but forward has 1 argument besides ctx." in out


def test_a_green_run_computes_nothing(course):
    course.solve()
    path = course.root / "conftest.py"
    # The run is a fork of this process, in which other checks may have imported these modules.
    forget = "    for name in 'compute', 'of_failure':\n        sys.modules.pop(f'dojo.failures.clues.{name}', 0)\n"
    path.write_text(
        path.read_text()
        + "\n\ndef pytest_sessionstart():\n    import sys\n"
        + forget
        + "\n\ndef pytest_sessionfinish():\n"
        + "    import sys\n    print('LOADED', 'dojo.failures.clues.compute' in sys.modules)\n"
    )
    ran = course.pytest("-s")
    assert "LOADED False" in ran.out


def test_a_clue_is_among_the_causes_of_a_class(scaled):
    from dojo.classroom.fork_data import Claim
    from dojo.progress.reading import read_progress

    scaled.pytest("--progress-json", "p.json")
    red = Claim.of(read_progress(scaled.root / "p.json")).red["lesson_1_numbers/kata_01_doubling/double"]
    assert red.mistake == "clue: constant_factor"
    assert red.says.startswith("Every entry of your result is 5 times the expected one")
