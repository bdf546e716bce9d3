"""`dojo sync-cards` copies signatures and docstrings from stubs to solutions, and nothing else."""

from __future__ import annotations

import ast
import shutil

import pytest

from dojo.authoring.card_copies import with_cards_of_stubs
from dojo.course.curriculum import read_curriculum
from dojo.course.definitions import read_source

from ..small_course import DOUBLING, ROOT, SOLVED

SOLUTION = "solutions/lesson_1_numbers/kata_01_doubling.py"


def bodies(text):
    """The code of a file without docstrings and signatures, its comments included, line by line."""
    source = read_source(text)
    return [
        ast.dump(ast.Module([each for each in node.body if not isinstance(each, ast.FunctionDef)][1:], []))
        if isinstance(node, ast.ClassDef)
        else ast.dump(ast.Module(node.body[1:], []))
        for node in source.tree.body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef))
    ]


def test_cards_are_copied_and_nothing_else_changes(course):
    ran = course.dojo("sync-cards", "--dry-run")
    assert ran.status == 1
    assert ran.lines[0] == f"{SOLUTION}: double, total, Counter"
    assert (course.root / SOLUTION).read_text() == SOLVED
    ran = course.dojo("sync-cards")
    assert (ran.status, ran.lines) == (0, [f"{SOLUTION}: double, total, Counter"])
    text = (course.root / SOLUTION).read_text()
    stubs, solutions = read_source(DOUBLING).by_name(), read_source(text).by_name()
    for name in ("double", "total", "Counter"):
        assert solutions[name].docstring == stubs[name].docstring
    assert bodies(text) == bodies(SOLVED)
    # Whatever is no card is there line by line.
    kept = [line for line in SOLVED.splitlines() if '"""' not in line]
    rest = iter(text.splitlines())
    assert all(line in rest for line in kept)
    ran = course.dojo("sync-cards", "doubling", "--dry-run")
    assert (ran.status, ran.out) == (
        0,
        "The solutions and the lessons' pages agree with the stubs.\n",
    )


def test_signatures_methods_and_the_introduction_are_copied(course):
    stub = DOUBLING.replace('"""Doubling."""', '"""Doubling.\n\nEvery step: no.\n"""')
    stub = stub.replace("def double(x):", "def double(\n    x,\n    *,\n    twice=True,\n):")
    stub = stub.replace("(self, start):", '(self, start, by=1):\n        """Start."""\n')
    course.write(course.kata, stub)
    solved = SOLVED.replace(
        "    def __init__(self, start):\n", "    def __init__(self, start):\n        # A comment.\n\n"
    )
    course.write(SOLUTION, solved.replace("def double", "@torch.no_grad()\ndef double"))
    assert course.dojo("sync-cards").lines == [f"{SOLUTION}: the introduction, double, total, Counter"]
    text = (course.root / SOLUTION).read_text()
    assert text.startswith('"""Doubling.\n\nEvery step: no.\n"""\n\nimport torch\n')
    assert "@torch.no_grad()\ndef double(\n    x,\n    *,\n    twice=True,\n):\n" in text
    start = '(self, start, by=1):\n        """Start."""\n        # A comment.\n\n        self.count = start\n'
    assert start in text
    assert course.dojo("sync-cards", "--dry-run").status == 0


@pytest.mark.parametrize(
    ("kata", "solution", "says"),
    [
        (DOUBLING.replace("__call__", "more"), SOLVED, "Counter has no method more, but its stub has."),
        (DOUBLING.replace("def total", "def totals"), SOLVED, "total must be defined in katas/ and in solutions/"),
        (DOUBLING, SOLVED.replace("class Counter:", "class Counter"), "does not parse"),
        (DOUBLING, SOLVED.replace("\n", "\r\n"), "lines that do not end in"),
    ],
)
def test_nothing_is_written_if_a_file_does_not_fit(course, kata, solution, says):
    course.write(course.kata, kata)
    course.write(SOLUTION, solution)
    ran = course.dojo("sync-cards")
    assert (ran.status, says in ran.out) == (2, True), ran.out
    assert (course.root / SOLUTION).read_bytes() == solution.encode()


def test_a_changed_card_of_the_course_is_found(tmp_path):
    kata_id = "lesson_3_nn_module/kata_05_modes"
    for tree in ("katas", "solutions", "tests"):
        path = tmp_path / tree / f"{kata_id}.py"
        path.parent.mkdir(parents=True)
        shutil.copy(ROOT / tree / f"{kata_id}.py", path)
    kata = next(read_curriculum(tmp_path).katas())
    stubs = tmp_path / "katas" / f"{kata_id}.py"
    assert with_cards_of_stubs(tmp_path, kata)[1] == []
    stubs.write_text(stubs.read_text().replace("follow every change of the mode", "follow the mode"))
    text, changed = with_cards_of_stubs(tmp_path, kata)
    assert changed == ["Dropout"]
    before = (ROOT / "solutions" / f"{kata_id}.py").read_text()
    assert text == before.replace("follow every change of the mode", "follow the mode")
