"""`dojo card`, `dojo intro` and the card in a report."""

from __future__ import annotations

import subprocess
import sys

from ..small_course import DOUBLING, ROOT

CARD = """\
Return twice x.

    Args:
        x: a tensor (N,).

    Must:
        - accept N = 0

    Example:
        >>> double(torch.tensor([1.0]))
        tensor([2.])

    Foundations: 2 * x.
"""
INTRODUCTION = '"""Doubling.\n\nTwice one is two.\n\nEvery step: tensors are float32.\n"""\n'


def with_card(course):
    """The small course with a card in sections, and an introduction with what all steps share."""
    card = DOUBLING.split('"""')[3]
    course.write(course.kata, INTRODUCTION + DOUBLING.replace(card, f"{CARD}    ").partition("\n")[2])


def test_card_prints_the_card_and_what_all_steps_share(course):
    with_card(course)
    ran = course.dojo("card", "double")
    assert ran.status == 0
    assert ran.out == (
        "  katas/lesson_1_numbers/kata_01_doubling.py:11\n\n"
        "  def double(x):\n"
        "      Return twice x.\n\n"
        "      Args:\n          x: a tensor (N,).\n\n"
        "      Must:\n          - accept N = 0\n\n"
        "      Example:\n          >>> double(torch.tensor([1.0]))\n          tensor([2.])\n\n"
        "      Foundations: 2 * x.\n\n"
        "      Every step: tensors are float32.\n"
    )
    assert course.dojo("card").out == ran.out, "the step in focus"


def test_card_is_the_learners_and_otherwise_the_solutions(course):
    course.write(course.kata, 'def double(x):\n    """My own words."""\n    return x\n')
    assert "My own words." in course.dojo("card", "double").out
    course.write(course.kata, "def double(x:\n")
    ran = course.dojo("card", "double")
    assert (ran.status, "Return twice x." in ran.out) == (0, True)


def test_a_wide_card_is_wrapped_to_the_terminal(course):
    with_card(course)
    path = course.root / course.kata
    path.write_text(path.read_text().replace("a tensor (N,).", "a tensor (N,), and N is the number of elements of x."))
    wide, narrow = (course.dojo("card", "double", env={"COLUMNS": columns}).lines for columns in ("120", "40"))
    assert "          x: a tensor (N,), and N is the number of elements of x." in wide
    assert max(map(len, narrow[2:8])) <= 40
    assert "              number of elements of x." in narrow


def test_intro_prints_the_introduction_of_a_kata(course):
    with_card(course)
    expected = "Doubling.\n\nTwice one is two.\n\nEvery step: tensors are float32.\n"
    for name in ("doubling", "kata_01_doubling", "total", "lesson_1_numbers/kata_01_doubling"):
        assert course.dojo("intro", name).out == expected
    assert course.dojo("intro").out == expected
    ran = course.dojo("intro", "shout")
    assert (ran.status, ran.out) == (2, "dojo: lesson_2_words/kata_01_shouting has no introduction.\n")


def test_a_name_of_several_katas_is_answered_with_commands(course):
    course.write("tests/lesson_1_numbers/kata_02_more.py", "def test_more__is_more():\n    pass\n")
    ran = course.dojo("intro", "lesson_1")
    assert ran.status == 2
    assert ran.lines[-2:] == [
        "  dojo intro lesson_1_numbers/kata_01_doubling",
        "  dojo intro lesson_1_numbers/kata_02_more",
    ]
    ran = course.dojo("card", "duoble")
    assert (ran.status, "dojo card double" in ran.out) == (2, True)


def test_card_and_intro_import_neither_torch_nor_numpy(course):
    code = (
        "import sys; from dojo.cli import main; status = main({words!r});"
        " sys.exit(status or {{'torch', 'numpy', 'pytest', 'rich.console'}} & {{*sys.modules}} != set())"
    )
    for words in (["card", "double"], ["intro", "doubling"]):
        ran = subprocess.run(
            [sys.executable, "-c", code.format(words=words)],
            cwd=course.root,
            env={"PYTHONPATH": str(ROOT), "COLUMNS": "80"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (ran.returncode, ran.stderr) == (0, "")


def test_a_run_shows_the_whole_card_of_a_step_that_is_not_written(course):
    with_card(course)
    out = course.pytest().out
    assert course.dojo("card", "double").out.partition("\n\n")[2] in out
    path = course.root / course.kata
    path.write_text(path.read_text().replace("tensors are float32.", "tensors are float32 and not modified."))
    narrow = course.pytest(env={"COLUMNS": "40"}).out
    assert "      Every step: tensors are float32\n      and not modified.\n" in narrow
