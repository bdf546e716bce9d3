"""A file that does not import: one clear message, and every other kata still runs."""

from __future__ import annotations

import re

import pytest

CASES = {
    "syntax error": (b"import torch\n\ndef double(x:\n    return x\n", 3, "Python can't read this file"),
    "tabs mixed": (b"def double(x):\n        y = x\n\treturn y\n", 3, "Indent with spaces only"),
    "not UTF-8": (b"# caf\xe9\n", 1, "The file is not UTF-8 text (line 1)"),
    "null byte": (b"x = 1\n\x00\n", 0, "Python can't read this file"),
    "error at import": (b"import torch\nx = 1 / 0\n", 2, "ZeroDivisionError: division by zero"),
    "no such module": (b"import nosuchmodule\n", 1, "No module named 'nosuchmodule'"),
    "exit at import": (b"import sys\nsys.exit(0)\n", 2, "The file ends Python when it is imported"),
}


@pytest.mark.full
@pytest.mark.parametrize("name", CASES)
def test_a_broken_file_is_one_clear_message(course, name):
    text, line, says = CASES[name]
    course.solve()
    course.write(course.kata, text)
    ran = course.pytest()
    assert ran.status == 1
    assert ran.lines[0] == "✗ kata_01_doubling.py does not import   lesson 1 · numbers · doubling"
    assert ran.lines[1] == f"  {course.kata}" + (f":{line}" if line else "")
    assert says in ran.out
    assert "dojo/" not in ran.out
    assert len(ran.lines) < 16
    everything = course.pytest("--all")
    assert "4 failed, 1 passed" in everything.out
    assert "1 of 4 steps green, 3 red" in everything.out


def test_a_file_that_breaks_costs_no_green_step(course):
    course.mark("double", "total", "shout")
    shout = course.root / "katas/lesson_2_words/kata_01_shouting.py"
    stub = shout.read_text()
    course.solve(total="return rows")
    shout.write_text(stub)
    assert " 1 of 3 core steps · 1 of 1 practice" in course.pytest("--all").out
    course.answer(total="return rows.sum(dim=1)")
    assert "✓ Kata 1 of lesson 1 is finished: doubling" in course.pytest().lines
    right = (course.root / course.kata).read_text()
    course.write(course.kata, right.replace("def total(rows):", "def total(rows:"))
    ran = course.pytest()
    assert ran.lines[0] == "✗ kata_01_doubling.py does not import   lesson 1 · numbers · doubling"
    bar = ran.lines.index("━━━━━━━━━━━━━━━━━━━━────────── 2 of 3 core steps · 1 of 1 practice")
    assert ran.lines[bar - 1 : bar + 2 : 2] == ["  again: pytest", "3 steps of this file count as green, as before."]
    listed = course.dojo("list").lines
    assert listed[0] == "Lesson 1 · numbers  2 of 2 core · 1 of 1 practice"
    assert "    ✗ double  you are here  was green, but its file does not import" in listed
    course.write(course.kata, right)
    assert course.pytest().lines[0].startswith("✗ shout"), "nothing is announced again"
    course.answer(double="return x")
    assert " 1 of 3 core steps" in course.pytest().out, "another verdict on the step counts"


def test_an_endless_loop_at_import_costs_its_time_once(course):
    course.solve()
    course.write(course.kata, "while True:\n    pass\n")
    ran = course.pytest("--all", "-o", "timeout=1", seconds=20)
    # On a loaded machine, up to three times as long.
    assert re.search("The file was still running after [1-3] s", ran.out)
    assert "4 failed, 1 passed" in ran.out


def test_a_deleted_file(course):
    course.solve()
    (course.root / course.kata).unlink()
    ran = course.pytest()
    assert "This file is missing." in ran.out
    assert f"git restore {course.kata} brings the stubs back." in ran.out
    assert "1 passed" in course.pytest("--all").out


def test_an_empty_file(course):
    course.write(course.kata, "")
    ran = course.pytest()
    assert "The file is empty, so double is missing." in ran.out
    assert f"git restore {course.kata} brings the stubs back." in ran.out


def test_a_renamed_function(course):
    course.solve()
    path = course.root / course.kata
    path.write_text(path.read_text().replace("def double(", "def doubel("))
    ran = course.pytest()
    assert "There is no double in this file." in ran.out
    assert "Is it now called doubel?" in ran.out


def test_a_missing_function(course):
    course.write(course.kata, "import torch\n")
    assert "There is no double in this file." in course.pytest().out


def test_a_wrong_signature(course):
    course.solve()
    path = course.root / course.kata
    path.write_text(path.read_text().replace("def double(x)", "def double(x, y)"))
    ran = course.pytest()
    assert "The test can't call your code as the card says." in ran.out
    assert "missing 1 required positional argument: 'y'" in ran.out


def test_a_name_that_is_no_function(course):
    course.solve()
    path = course.root / course.kata
    path.write_text(path.read_text() + "\n\ndouble = 3\n")
    assert "'int' object is not callable" in course.pytest().out


def test_an_edit_within_the_same_second_is_seen(course):
    course.solve(double="return 3 * x")
    assert course.pytest().status == 1
    course.answer(double="return 2 * x")
    assert course.pytest().status == 0


def test_a_damaged_memory_is_set_aside_and_said(course):
    course.pytest()
    for damage in (b"{", b"[]", b'{"schema": 1, "data": []}', b'{"schema": 9, "data": {}}', b"\xff"):
        course.write(".dojo/steps.json", damage)
        ran = course.pytest()
        assert ran.status == 1
        assert ".dojo/steps.json was damaged. It is now" in " ".join(ran.out.split())
        assert (course.root / ".dojo/steps.damaged").read_bytes() == damage


def test_a_memory_that_cannot_be_written_is_said(course):
    course.write(".dojo", "in the way")
    ran = course.pytest()
    assert ran.status == 1
    assert ran.lines[0].startswith("✗ double")
    assert "Could not write to .dojo/" in ran.out


def test_torch_that_is_missing_or_old_is_one_clear_error(course):
    for version, says in [(None, "PyTorch is not installed"), ("2.5.1", "PyTorch 2.5.1 is older than 2.6")]:
        patch = (
            "import importlib.metadata as m\n"
            "real = m.version\n"
            "def version(name):\n"
            "    if name != 'torch': return real(name)\n"
            + ("    raise m.PackageNotFoundError(name)\n" if version is None else f"    return {version!r}\n")
            + "m.version = version\n"
        )
        # The run is a fork of this process, which may remember the version from an earlier check.
        patch += "import dojo.support.versions\ndojo.support.versions.version_of.cache_clear()\n"
        course.write("patch.py", patch)
        ran = course.pytest("-p", "patch")
        assert ran.status == 4
        assert says in ran.out
        assert "pip install -c constraints.txt -e ." in ran.out


def test_the_marks_of_a_merge_conflict_are_named(course):
    path = course.root / course.kata
    course.solve()
    path.write_text(
        path.read_text().replace("    return 2 * x\n", "<<<<<<< HEAD\n    return 1\n=======\n>>>>>>> main\n")
    )
    ran = course.pytest()
    assert ran.status == 1
    assert "The file contains the marks of a merge conflict." in ran.out
    assert "<<<<<<< HEAD" in ran.out


@pytest.mark.parametrize("again", ["return 3 * x", "raise NotImplementedError"])
def test_a_step_that_is_defined_twice_is_named(course, again):
    course.solve()
    path = course.root / course.kata
    path.write_text(path.read_text() + f"\n\ndef double(x):\n    {again}\n")
    ran = course.pytest("--step", "double")
    assert ran.status == 1
    assert "double is defined 2 times in this file: on lines" in " ".join(ran.out.split())
