"""Repair steps: given code counts as unwritten, and only a learner's own run shows how it fails."""

from __future__ import annotations

import json
import shutil

import pytest

from checks.small_course import FILES, MISTAKES, SmallCourse
from dojo.course.curriculum import read_curriculum
from dojo.course.stubs import stub_of, unwritten_steps

KATA = "lesson_1_numbers/kata_01_doubling"
WHY = "The dim that is summed is the one that disappears"
GIVEN = "# Fix the code below. Unchanged code counts as raise NotImplementedError.\nreturn rows.sum(dim=0)"


@pytest.fixture
def repair(course: SmallCourse) -> SmallCourse:
    """The small course with `total` as a repair step, and `double` solved."""
    course.write(f"mistakes/{KATA}.py", MISTAKES.replace("total__columns", "total__as_it_was"))
    course.write(course.kata, FILES[course.kata])
    course.answer(double="return 2 * x")
    ran = course.dojo("reset", "total")
    assert "total is a stub again." in ran.out
    return course


def _status(course: SmallCourse, *arguments: str) -> tuple[str, str]:
    """The status of `total` after a run, and the kind of its failure."""
    course.pytest(*arguments, "--progress-json", "found.json")
    steps = json.loads((course.root / "found.json").read_text())["lessons"][0]["katas"][0]["steps"]
    total = next(step for step in steps if step["name"] == "total")
    return total["status"], (total["failure"] or {}).get("kind", "")


def test_the_stub_has_the_given_code_and_the_words_that_old_versions_look_for(repair):
    step = read_curriculum(repair.root).lessons[0].katas[0].steps[1]
    assert stub_of(repair.root, step) == (
        'def total(rows):\n    """Return the sum of each row."""\n'
        "    # Fix the code below. Unchanged code counts as raise NotImplementedError.\n"
        "    return rows.sum(dim=0)"
    )
    assert stub_of(repair.root, step) in (repair.root / repair.kata).read_text()
    assert "total" in unwritten_steps(repair.root, read_curriculum(repair.root).lessons[0].katas[0])


@pytest.mark.parametrize("arguments", [(), ("--step", f"{KATA}/total")])
def test_a_learners_own_run_shows_how_the_given_code_fails_without_its_why(repair, arguments):
    ran = repair.pytest(*arguments)
    assert ran.status == 1
    assert "  def total(rows):" in ran.lines
    assert "  the test: total sums each row" in ran.lines
    assert "  called    total(tensor([[1., 2., 3.]," in ran.out
    assert "shape (3,)" in ran.out
    assert "Fix the code below the docstring." in ran.out
    assert "why" not in ran.out


def test_given_code_counts_as_unwritten(repair):
    assert _status(repair) == ("red", "not_written")
    assert _status(repair, "--step", f"{KATA}/total") == ("red", "not_written")
    assert "    · total  you are here" in repair.dojo("list").lines
    known = json.loads((repair.root / ".dojo/steps.json").read_text())["data"]
    assert known[f"{KATA}/total"]["kind"] == "not_written"


@pytest.mark.full
@pytest.mark.parametrize(
    "arguments",
    [
        ("--all",),
        ("-k", "total"),
        (f"tests/{KATA}.py",),
        ("--all", "-n", "1"),
        ("--all", "--dojo-remember"),
        ("--all", "--against", "theirs"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("header", ["", "import pathlib\nNOTES = pathlib.Path('notes')\n"], ids=["plain", "imports"])
def test_nothing_else_runs_given_code(repair, arguments, header):
    # The given code leaves a file behind if it runs.
    leaves = "open('ran', 'w').close()\n    return rows.sum(dim=0)"
    mistakes = MISTAKES.replace("total__columns", "total__as_it_was").replace("return rows.sum(dim=0)", leaves)
    repair.write(f"mistakes/{KATA}.py", mistakes)
    repair.dojo("reset", "total")
    kata = (repair.root / repair.kata).read_text()
    assert leaves in kata
    kata = kata.replace("import torch\n", f"import torch\n{header}", 1)
    repair.write(repair.kata, kata)
    repair.write(f"theirs/{KATA}.py", kata)
    assert _status(repair, *arguments) == ("red", "not_written")
    assert not (repair.root / "ran").exists()
    ran = repair.pytest(*arguments)
    assert "why" not in ran.out
    if "--dojo-remember" not in arguments:
        assert "It is not fixed yet: the code is as given." in ran.out
    # A learner's own run does run it, so the check would find the file.
    repair.pytest()
    assert (repair.root / "ran").exists()


def test_a_judge_without_solutions_knows_given_code(repair):
    shutil.copytree(repair.root / "katas", repair.root / "theirs")
    shutil.rmtree(repair.root / "solutions")
    assert _status(repair, "--all", "--against", "theirs") == ("red", "not_written")
    repair.answer(total="return rows.sum(0)")
    shutil.copytree(repair.root / "katas", repair.root / "theirs", dirs_exist_ok=True)
    assert _status(repair, "--all", "--against", "theirs") == ("red", "shape")


def test_a_file_that_does_not_import_is_broken_in_every_run(repair):
    text = (repair.root / repair.kata).read_text().replace("import torch\n", "import torch\n1 / 0\n", 1)
    repair.write(repair.kata, text)
    assert _status(repair) == ("ahead", "")
    for arguments in [("--step", f"{KATA}/total"), ("--all",)]:
        assert _status(repair, *arguments) == ("broken", "broken")


def test_comments_and_docstrings_do_not_make_given_code_an_answer(repair):
    repair.answer(total="# I wonder.\nreturn rows.sum(dim=0)")
    assert _status(repair, "--all") == ("red", "not_written")


def test_a_wrong_answer_that_behaves_like_the_given_code_gets_its_why(repair):
    repair.answer(total="found = rows.sum(dim=0)\nreturn found")
    ran = repair.pytest()
    assert WHY in ran.out
    assert "Fix the code below" not in ran.out
    assert _status(repair) == ("red", "shape")


@pytest.mark.parametrize("tree", ["solutions", "mistakes"])
def test_answers_that_the_course_keeps_are_always_run(repair, tree):
    text = FILES[f"solutions/{KATA}.py"].replace("return rows.sum(dim=1)", "return rows.sum(dim=0)")
    repair.write(f"{tree}/{KATA}.py", text + "\n\n" + MISTAKES.replace("total__columns", "total__as_it_was"))
    assert _status(repair, "--all", "--against", tree) == ("red", "shape")


def test_green_steps_are_remembered_only_for_the_fixed_code(repair):
    repair.answer(total="return rows.sum(dim=1)")
    assert _status(repair) == ("green", "")
    assert _status(repair) == ("green", "")
    assert "2 green steps have not changed" in repair.pytest().out
    repair.answer(total=GIVEN)
    assert _status(repair) == ("red", "not_written")


def test_reset_again_and_restore_know_the_given_code(repair):
    given = (repair.root / repair.kata).read_text()
    assert "already a stub" in repair.dojo("reset", "total").out
    repair.answer(total="return rows.sum(dim=1)")
    fixed = (repair.root / repair.kata).read_text()
    assert "total is a stub again." in repair.dojo("reset", "total").out
    assert (repair.root / repair.kata).read_text() == given
    assert "restored from" in repair.dojo("restore").out
    assert (repair.root / repair.kata).read_text() == fixed
    assert "stubs again. Of these, " in repair.dojo("again", "numbers").out
    text = (repair.root / repair.kata).read_text()
    assert GIVEN.replace("\n", "\n    ") in text
    assert text.count("raise NotImplementedError") == 4


def test_a_whole_class_is_given_code_too(course):
    course.write(f"mistakes/{KATA}.py", MISTAKES.replace("Counter__starts_anew", "Counter__as_it_was"))
    course.solve()
    course.dojo("reset", "Counter")
    text = (course.root / course.kata).read_text()
    assert text.endswith(
        '    """Counts how often it is called."""\n'
        "\n"
        "    # Fix the code below. Unchanged code counts as raise NotImplementedError.\n"
        "\n"
        "    def __init__(self, start):\n"
        "        self.count = 0\n"
        "\n"
        "    def __call__(self):\n"
        "        self.count += 1\n"
        "        return self.count\n"
    )
    assert "Counter is not written" not in course.pytest().out
    ran = course.pytest()
    assert "  the test: Counter counts on from the start" in ran.lines
    assert "why" not in ran.out
