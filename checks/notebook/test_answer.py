"""The answer in a cell goes into the kata's file, and everything else in the file stays."""

from __future__ import annotations

import pytest

from dojo.course.curriculum import read_curriculum
from dojo.notebook.answer import write_answer
from dojo.support.errors import DojoError

from ..small_course import DOUBLING

CARD = DOUBLING.partition("def double(x):\n")[2].partition("    raise")[0]


def _write(course, code, step="double"):
    """Write a cell's code into the first kata; return what `write_answer` returned."""
    curriculum = read_curriculum(course.root)
    step = curriculum.named(step)
    return write_answer(course.root, curriculum.place(step)[1], step, code)


def _read(course):
    return (course.root / course.kata).read_text()


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("def double(x):\n    return 2 * x\n", f"def double(x):\n{CARD}    return 2 * x\n"),
        ("def double(x): return 2 * x", f"def double(x):\n{CARD}    return 2 * x\n"),
        ("def double(x):\r\n  return 2 * x\r\n", f"def double(x):\n{CARD[2:]}  return 2 * x\n"),
        (
            "# Mine.\ndef double(\n    x,\n):\n    # twice\n    y = 'é'; return 2 * x",
            f"# Mine.\ndef double(\n    x,\n):\n{CARD}    # twice\n    y = 'é'; return 2 * x\n",
        ),
        ('def double(x):\n    """Mine."""\n    return 2 * x', 'def double(x):\n    """Mine."""\n    return 2 * x\n'),
        (
            "def double(x):\n    @torch.no_grad()\n    def inner(): ...\n    return x",
            f"def double(x):\n{CARD}    @torch.no_grad()\n    def inner(): ...\n    return x\n",
        ),
    ],
    ids=["plain", "one line", "two spaces", "comments", "own docstring", "decorated inside"],
)
def test_an_answer_gets_the_card_and_replaces_the_stub(course, code, wanted):
    assert _write(course, code) == ""
    stub = f"def double(x):\n{CARD}    raise NotImplementedError\n"
    assert _read(course) == DOUBLING.replace(stub, wanted, 1)


def test_imports_constants_and_helpers_come_along_and_are_renewed(course):
    for number in (1, 2):
        _write(
            course,
            f"import math\nfrom torch import nn\n\nHALF = {number}\nMOST: int = {number}\n\n\n"
            f"def _twice(x):\n    return {number}\n\n\n"
            "LATE = (\n    1,\n)\ndef double(x):\n    return _twice(x)\n",
        )
        text = _read(course)
        assert text.startswith('"""Doubling."""\n\nimport torch\nimport math\nfrom torch import nn\n')
        for line in (
            f"HALF = {number}\n",
            f"MOST: int = {number}\n",
            f"def _twice(x):\n    return {number}\n",
            "LATE = (\n    1,\n)\n",
        ):
            assert line in text
        assert [text.count(name) for name in ("HALF = ", "MOST: int", "def _twice", "LATE = ", "def double")] == [1] * 5
        assert text[text.index("def total") :] == DOUBLING[DOUBLING.index("def total") :]
        compile(text, "kata", "exec")


def test_a_class_gets_its_card(course):
    _write(course, "class Counter:\n    def __init__(self, start):\n        self.start = start\n", "Counter")
    told = _read(course).partition("class Counter:\n")[2]
    assert told == DOUBLING.partition("class Counter:\n")[2].partition("    def")[0] + (
        "    def __init__(self, start):\n        self.start = start\n"
    )


def test_comments_above_the_body_stay_below_the_card(course):
    _write(course, "class Counter:\n\n    # Mine.\n\n    def __init__(self, start):\n        pass\n", "Counter")
    told = _read(course).partition("class Counter:\n")[2]
    card = DOUBLING.partition("class Counter:\n")[2].partition("    def")[0]
    assert told == f"{card}    # Mine.\n\n    def __init__(self, start):\n        pass\n"


def test_the_line_ends_of_the_file_stay_and_the_same_answer_changes_nothing(course):
    course.write(course.kata, DOUBLING.replace("\n", "\r\n"))
    for _ in range(2):
        _write(course, "def double(x):\n    return 2 * x\n")
    data = (course.root / course.kata).read_bytes()
    assert data.count(b"\r\n") == data.count(b"\n") == DOUBLING.count("\n")
    (backup,) = (course.root / ".dojo" / "backups").iterdir()
    assert backup.name.endswith("_notebook")
    assert (backup / course.kata.removeprefix("katas/")).read_bytes() == DOUBLING.replace("\n", "\r\n").encode()


def test_the_given_code_replaces_no_answer(course):
    course.solve(double="return 2 * x")
    before = _read(course)
    assert _write(course, "def double(x):\n    raise NotImplementedError\n") == "def double(x):\n    return 2 * x"
    assert _read(course) == before


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("def double(x):\n    return (2\n", "Python can't read line 3 of this cell."),
        ("def double(x): return 2\n\nprint(double(1))\n", "Line 4 of this cell is neither a definition"),
        ("def triple(x): return 2\n", "This cell does not define double, so nothing was written."),
        ("double = abs\n", "This cell does not define double, so nothing was written."),
        ("def total(x): 1\ndef double(x): 2\n", "This cell defines total too. Write each step into a separate cell."),
        ("import os; import sys\ndef double(x): 2\n", "Two statements of this cell share a line."),
        ("from __future__ import braces\ndef double(x): 2\n", "With this cell, Python can't read"),
        (
            "import nump\ndef double(x): 2\n",
            "would not import with this cell.\n\n    import nump\n\nModuleNotFoundError: ",
        ),
        ("HALF = 1 / 0\ndef double(x): 2\n", "\n\n    HALF = 1 / 0\n\nZeroDivisionError: division by zero"),
        ("def double(x=exit(3)): 2\n", "\n\n    def double(x=exit(3)):\n\nSystemExit: 3"),
    ],
)
def test_what_has_no_place_in_the_file_is_refused(course, code, says):
    with pytest.raises(DojoError) as told:
        _write(course, code)
    assert says in str(told.value)
    assert _read(course) == DOUBLING
    assert not (course.root / ".dojo").exists()


def test_a_cell_may_repair_a_file_that_does_not_import(course):
    course.write(course.kata, DOUBLING.replace("import torch", "import torch\nimport nump"))
    _write(course, "def double(x):\n    return 2 * x\n")
    assert "return 2 * x" in _read(course)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (DOUBLING + "def (\n", "is not valid Python"),
        (DOUBLING.replace("def double", "def doubled"), "does not define double, so it can't be replaced"),
        (DOUBLING + "\n\ndef double(x): 1\n", "double is defined 2 times in this file"),
        (DOUBLING + "\n\na = 1; b = 2\n", "two statements share a line"),
    ],
)
def test_a_file_that_cannot_be_edited_stays(course, text, says):
    course.write(course.kata, text)
    with pytest.raises(DojoError) as told:
        _write(course, "def double(x):\n    return 2 * x\n")
    assert says in str(told.value)
    assert _read(course) == text
