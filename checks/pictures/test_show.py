"""`dojo show`: a drawing of what a step's code does, in the terminal and as a PNG."""

from __future__ import annotations

import json

import pytest

KATA = "katas/lesson_3_pictures/kata_01_drawn.py"
OWN = '''\
"""Drawn."""


def train(epochs):
    """Return the losses.

    >>> train(4)
    [8.0, 4.0, 2.0, 1.0]
    """
    return [2.0 ** (3 - epoch) for epoch in range(epochs)]


def both(epochs):
    """Return the losses of training and validation as a dict.

    >>> both(2)
    {'train': [2.0, 1.0], 'validation': [3.0, 2.0]}
    """
    return {"train": [2.0, 1.0], "validation": [3.0, 2.0]}


def drawn():
    """Return nothing that is a curve.

    >>> drawn()
    5
    """
    return 5


def other():
    """Return a number.

    >>> other()
    5
    """
    return 5


def broken():
    """Return the losses.

    >>> broken()
    """
    return [][1]
'''
TESTS = """\
import math

from dojo.pictures import data as picture
from katas.lesson_3_pictures import kata_01_drawn as kata


def test_train__is_right():
    assert kata.train(1) == [8.0]


def test_both__is_right():
    kata.both(1)


def test_drawn__is_right():
    kata.drawn()


def test_other__is_right():
    kata.other()


def test_broken__is_right():
    kata.broken()


def show_drawn():
    number = kata.drawn()
    return [
        picture.Curves("A curve", {"train": [1.0, math.nan, float(number)]}, "step", "loss"),
        picture.Matrix("Counts", [[7, 1], [0, 9]]),
        picture.Images("Digits", [[[0.0, 16.0], [8.0, 0.0]]] * 2, [1, 2], [1, 3]),
        picture.Boundary("Plane", [[0.0, 0.0], [1.0, 1.0]], [0, 1], [[-1.0, 1.0], [-1.0, 1.0]], (-0.5, 1.5, -0.5, 1.5)),
    ]
"""


@pytest.fixture
def pictures(course):
    course.write(KATA, OWN)
    course.write(KATA.replace("katas", "solutions"), OWN)
    course.write(KATA.replace("katas", "tests"), TESTS)
    return course


def test_losses_in_an_example_become_a_curve(pictures):
    ran = pictures.dojo_with_torch("show", "train")
    assert ran.status == 0
    assert ran.lines[0] == "train: the numbers of its example"
    assert ran.lines[1] == "loss  █▄▂▁  8 → 1"
    two = pictures.dojo_with_torch("show", "both").out
    assert "train       ▅▁  2 → 1" in two
    assert "validation  █▅  3 → 2" in two


def test_every_kind_of_picture_is_drawn_in_the_terminal_and_as_a_file(pictures, tmp_path):
    pytest.importorskip("matplotlib")
    ran = pictures.dojo_with_torch("show", "drawn", "--png", str(tmp_path / "deep" / "x.png"))
    assert ran.status == 0
    assert "nan or inf: 1 of 3 numbers" in ran.out
    assert "train  ▁!█  1 → 5" in ran.out
    assert "        0  7 1" in ran.out
    assert "        1  · 9" in ran.out
    assert "read 3, is 2" in ran.out
    assert "○" in ran.out
    assert "●" in ran.out
    data = (tmp_path / "deep" / "x.png").read_bytes()
    assert data.startswith(b"\x89PNG")
    assert len(data) > 10_000


def test_own_curves_are_kept_for_the_progress_page(pictures):
    pictures.dojo_with_torch("show", "train")
    pictures.dojo_with_torch("show", "both", "--against", "solutions")
    kept = json.loads((pictures.root / ".dojo/curves.json").read_text())
    assert list(kept) == ["lesson_3_pictures/kata_01_drawn/train"]
    assert kept["lesson_3_pictures/kata_01_drawn/train"][0]["series"] == {"loss": [8.0, 4.0, 2.0, 1.0]}


@pytest.mark.parametrize(
    ("step", "says"),
    [
        ("other", "dojo show draws drawn, and a lesson that is finished: dojo show lesson_1."),
        ("broken", "katas/lesson_3_pictures/kata_01_drawn.py:45: the example of broken raised IndexError"),
        ("brokn", "There is no step named brokn. Did you mean:\n  dojo show broken"),
    ],
)
def test_what_cannot_be_drawn_gets_one_line(pictures, step, says):
    ran = pictures.dojo_with_torch("show", step)
    assert ran.status == 2
    assert says in ran.out
    assert len(ran.lines) == len(says.splitlines())


def test_a_file_that_cannot_be_written_or_has_an_unknown_ending_is_reported(pictures, tmp_path):
    pytest.importorskip("matplotlib")
    for name in (str(pictures.root / KATA / "x.png"), str(tmp_path / "x.nonsense")):
        ran = pictures.dojo_with_torch("show", "train", "--png", name)
        assert ran.status == 2
        assert "the picture could not be written" in ran.out


def test_without_matplotlib_the_terminal_shows_the_picture_and_says_what_to_install(pictures, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    monkeypatch.delitem(sys.modules, "dojo.pictures.as_png", raising=False)
    ran = pictures.dojo_with_torch("show", "train")
    assert ran.status == 0
    assert "8 → 1" in ran.out
    assert '".[plot]"' in ran.out
    assert pictures.dojo_with_torch("show", "train", "--png", "x.png").status == 2


@pytest.mark.full
def test_a_lesson_is_drawn_again(course, tmp_path):
    course.solve()
    ran = course.dojo_with_torch("show", "lesson_1")
    assert (ran.status, ran.lines) == (2, ["dojo: Lesson 1 has no picture at its end."])
    course.add_win()
    ran = course.dojo_with_torch("show", "numbers", "--png", str(tmp_path / "deep" / "x.svg"))
    assert ran.status == 0
    assert ran.lines[:2] == ["Your counter counts", "count  ▁▃▆█  1 → 4"]
    pytest.importorskip("matplotlib")
    assert b"<svg" in (tmp_path / "deep" / "x.svg").read_bytes()


def test_a_lesson_whose_code_is_not_written_yet_gets_one_line(course):
    course.add_win()
    ran = course.dojo_with_torch("show", "1")
    assert ran.status == 2
    assert len(ran.lines) == 1
    assert "is not written yet, and the code of this picture needs it. Write " in ran.out


def test_a_line_and_a_tree_in_the_terminal():
    from dojo.pictures.data import Branch, FittedLine, Tree
    from dojo.pictures.in_terminal import picture_lines
    from dojo.support.styled_lines import text_of

    fitted = FittedLine("A line", [[0.0, 0.0], [1.0, 2.0]], [[0.0, 0.0], [1.0, 2.0]])
    lines = [text_of(line) for line in picture_lines(fitted, 30)]
    assert lines[1].startswith("       2 │")
    assert lines[1].endswith("●")
    assert lines[16].startswith("       0 │●")
    tree = Tree("A tree", [Branch(0, "", "Net", "3 parameters"), Branch(1, "a", "Linear"), Branch(1, "b", "Tanh")])
    lines = [text_of(line).rstrip() for line in picture_lines(tree, 40)]
    assert lines == ["A tree", "Net          3 parameters", "├─ a Linear", "└─ b Tanh"]
