"""A digest of a step changes with everything that can change the step's verdict."""

from __future__ import annotations

import copy
import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dojo.course.curriculum import read_curriculum
from dojo.course.step_digests import StepDigests

KATA = '''\
"""A kata."""

import math

import torch
from torch import nn

LIMIT = 3
SEEN = []


def _twice(x):
    return 2 * x


def _note(x):
    SEEN.append(x)
    return len(SEEN)


def double(x):
    """Return twice x."""
    return _twice(x)


def total(rows):
    return rows.sum(dim=1)[:LIMIT]


class Counter:
    def __init__(self, start):
        self.count = start

    def __call__(self):
        return double(self.count)
'''


def digests(course, text: str) -> dict[str, str]:
    course.write(course.kata, text)
    found = StepDigests(course.root, read_curriculum(course.root))
    return {step.name: found.of(step) for step in read_curriculum(course.root).steps() if step.name != "shout"}


def changed(course, old: str, new: str, text: str = KATA) -> set[str]:
    assert old in text
    before, after = digests(course, text), digests(course, text.replace(old, new, 1))
    assert all(before.values())
    return {name for name in before if before[name] != after[name]}


ALL = {"double", "total", "Counter"}


@pytest.mark.parametrize(
    ("old", "new", "steps"),
    [
        # What the step's own code says, and nothing else of its file.
        ("rows.sum(dim=1)", "rows.sum(dim=0)", {"total"}),
        ("self.count = start", "self.count = 0", {"Counter"}),
        # A helper, and a step that another calls.
        ("return 2 * x", "return 3 * x", {"double", "Counter"}),
        ("return _twice(x)", "return x + x", {"double", "Counter"}),
        # A variable of the file, an import, a statement: they may change anything.
        ("LIMIT = 3", "LIMIT = 4", ALL),
        ("import math", "import math as m", ALL),
        ("SEEN = []", "SEEN = []\ntorch.set_default_dtype(torch.float64)", ALL),
        # Words and layout.
        ('"""Return twice x."""', '"""Return two times x."""', set()),
        ("return 2 * x", "return 2 * x  # twice", set()),
        ("LIMIT = 3\n", "LIMIT = 3\n\n\n# A comment.\n", set()),
    ],
)
def test_a_change_in_the_file_counts_for_the_steps_that_it_can_affect(course, old, new, steps):
    assert changed(course, old, new) == steps


@pytest.mark.parametrize(
    "code",
    [
        "def _breaks(x):\n    global _twice\n    _twice = abs\n",
        "def _breaks(x):\n    double.factor = 3\n",
        "def _breaks(x):\n    torch.add = None\n",
        "@_note\ndef _breaks(x):\n    pass\n",
        "def _breaks(x=_note(1)):\n    pass\n",
        "class _Breaks:\n    _note(1)\n",
        "class _Breaks(metaclass=type):\n    pass\n",
        "if LIMIT:\n    double = total\n",
        "double = total\n",
    ],
)
def test_code_that_changes_what_a_step_uses_counts_for_the_step(course, code):
    before = digests(course, KATA)
    assert digests(course, f"{KATA}\n\n{code}")["double"] != before["double"]


def test_code_that_uses_a_variable_of_the_file_counts_for_every_step_that_uses_it(course):
    text = KATA.replace("return _twice(x)", "return _twice(x) * len(SEEN)")
    assert "double" in changed(course, "return len(SEEN)", "return SEEN.clear()", text)


@pytest.mark.parametrize("code", ["globals()['double'] = abs", "exec('double = abs')", "setattr(torch, 'a', 1)"])
def test_code_that_can_reach_every_name_counts_for_every_step(course, code):
    text = f"{KATA}\n\ndef _odd(x):\n    {code}\n"
    assert changed(course, "rows.sum(dim=1)", "rows.sum(dim=0)", text) == ALL


@pytest.mark.parametrize(
    "line",
    [
        "import os",
        "import time",
        "from pathlib import Path",
        "import mine",
        "from . import other",
        "from math import *",
        "open('x')",
        "import katas.nothing_there.kata_01",
        "double = __import__('os').sep",
    ],
)
def test_a_file_that_reads_what_is_not_seen_has_no_digests(course, line):
    assert set(digests(course, KATA.replace("import math", f"import math\n{line}")).values()) == {""}


@pytest.mark.parametrize("text", [b"def double(x:\n", b"\xff\xfe\x00", b"x = '\x00'"])
def test_a_broken_file_has_no_digests(course, text):
    course.write(course.kata, text)
    found = StepDigests(course.root, read_curriculum(course.root))
    assert {found.of(step) for step in read_curriculum(course.root).steps() if step.name != "shout"} == {""}


def test_a_missing_file_has_no_digests(course):
    (course.root / course.kata).unlink()
    found = StepDigests(course.root, read_curriculum(course.root))
    assert not found.of(next(read_curriculum(course.root).steps()))


@pytest.mark.parametrize("name", ["conftest.py", "pyproject.toml", "katas/given.py", "data/x.csv", "tests"])
def test_files_that_a_learner_does_not_edit_count_for_every_step(course, name):
    before = digests(course, KATA)
    name = course.tests if name == "tests" else name
    path = course.root / name
    course.write(name, (path.read_text() if path.exists() else "") + "\n# changed\n")
    after = digests(course, KATA)
    assert all(before[step] != after[step] for step in ALL)


def test_another_kata_counts_for_the_katas_that_import_it_alone(course):
    other = "katas/lesson_2_words/kata_01_shouting.py"
    text = KATA.replace("import math", "from katas.lesson_2_words import kata_01_shouting as words")
    before = digests(course, text), digests(course, KATA)
    course.write(other, "def shout(text):\n    return text.upper()\n")
    after = digests(course, text), digests(course, KATA)
    assert all(before[0][step] != after[0][step] for step in ALL)
    assert before[1] == after[1]


def test_what_is_kept_gives_the_same_digests_and_damage_costs_only_time(course):
    course.write(course.kata, KATA)
    curriculum = read_curriculum(course.root)
    first = StepDigests(course.root, curriculum)
    found = {step.id: first.of(step) for step in curriculum.steps()}
    first.save()
    kept = course.root / ".dojo" / "digests.json"
    odd = '{"schema": 1, "katas": {"lesson_1_numbers/kata_01_doubling": 3}}'
    for text in (None, "{", '{"schema": 1, "katas": []}', odd):
        if text is not None:
            kept.write_text(text)
        again = StepDigests(course.root, curriculum)
        assert {step.id: again.of(step) for step in curriculum.steps()} == found
    # And a kept digest of an older file is not taken for the new one's.
    first.save()
    course.write(course.kata, KATA.replace("return 2 * x", "return 3 * x"))
    assert StepDigests(course.root, curriculum).of(next(curriculum.steps())) != found[next(curriculum.steps()).id]


# Random files: functions that call each other, use and change the variables of the file, and take defaults from them.
NAMES = ("double", "total", "Counter", "_a", "_b", "_c")
STATEMENTS = (
    "x = x + {number}",
    "x = x * V[0]",
    "V[0] = V[0] + {number}",
    "V.append({number})",
    "x = x + W",
    "x = x + {name}(x - 1) if x > 0 else x",
    "{name}.mark = {number}",
    "x = x + getattr({name}, 'mark', 0)",
    "global W; W = W + {number}",
)
statement = st.builds(
    lambda form, number, name: form.format(number=number, name=name),
    st.sampled_from(STATEMENTS),
    st.integers(1, 3),
    st.sampled_from(NAMES),
)
body = st.lists(statement, min_size=1, max_size=3)
module = st.fixed_dictionaries(dict.fromkeys(NAMES, body) | {"V": st.integers(0, 2), "W": st.integers(0, 2)})


def _text(program: dict) -> str:
    text = f"V = [{program['V']}]\nW = {program['W']}\n"
    for name in NAMES:
        lines = "\n".join(textwrap.indent(line.replace("; ", "\n"), "    ") for line in _globals_first(program[name]))
        text += f"\n\ndef {name}(x):\n{lines}\n    return x\n"
    return text


def _globals_first(lines: list[str]) -> list[str]:
    lines = [line for line in lines if not line.startswith("global")] + [line for line in lines if "global" in line]
    return (["global W"] if any("global" in line for line in lines) else []) + [
        line.partition("; ")[2] or line for line in lines
    ]


def _verdicts(text: str) -> dict[str, object]:
    """What each step returns after every other function of the file has run once, in the file's order."""
    found: dict[str, object] = {}
    for step in ALL:
        names: dict = {}
        exec(compile(text, "kata", "exec"), names)
        try:
            found[step] = [names[step](x) for x in (0, 1, 2)]
        except RecursionError:
            found[step] = "recursion"
    return found


@pytest.mark.full
@settings(max_examples=300, deadline=None)
@given(program=module, data=st.data())
def test_equal_digests_mean_equal_verdicts_after_any_edit(program, data):
    from dojo.course.step_digests import _Code

    edited = copy.deepcopy(program)
    name = data.draw(st.sampled_from(sorted(program)))
    edited[name] = data.draw(st.integers(0, 2) if name in "VW" else body)
    before, after = _text(program), _text(edited)
    old, new = _Code(before), _Code(after)
    was, now = _verdicts(before), _verdicts(after)
    for step in ALL:
        if list(old.affecting(step)) == list(new.affecting(step)):
            assert was[step] == now[step], (step, before, after)
