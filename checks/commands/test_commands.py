"""The learner's commands: list, run, diff, open, reset, restore, again, stats."""

from __future__ import annotations

import codecs
import json
import os
import re
import stat
import subprocess
import sys
import time

import pytest

from dojo import cli

from ..small_course import DOUBLING, ROOT, SOLVED


def test_list_shows_where_one_stands(course):
    assert "Nothing has been run here yet" in course.dojo("list").out
    course.solve(total="return rows")
    course.pytest()
    out = course.dojo("list").out
    assert out == (
        "Lesson 1 · numbers  1 of 3\n"
        "  1 doubling\n"
        "    ✓ double\n"
        "    ✗ total  you are here\n"
        "    · Counter\n"
        "Lesson 2 · words  0 of 1\n"
        "  1 shouting\n"
        "    · shout\n"
    )
    found = {step["name"]: step for step in json.loads(course.dojo("list", "--json").out)}
    assert [found[name]["status"] for name in ("double", "total", "Counter", "shout")] == [
        "green",
        "red",
        "not_run",
        "not_run",
    ]
    assert found["total"]["failure"] == "shape"
    assert found["total"]["focus"]
    assert "Counter" not in course.dojo("list", "words").out


@pytest.mark.full
def test_run_is_pytest_on_what_is_named(course):
    course.solve(total="return rows")
    ran = course.dojo("run", "double", "--device", "cpu")
    assert (ran.status, ran.lines[0]) == (0, "✓ double is green   2 tests on cpu")
    ran = course.dojo("run", "kata_01_doubling", "--device", "cpu")
    assert ran.status == 1
    assert ran.lines[0].startswith("✗ total")
    ran = course.dojo("run", "lesson_2")
    assert "✓ shout is green" in ran.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "duoble"),
        ("diff", "duoble"),
        ("open", "duoble"),
        ("reset", "duoble"),
        ("list", "duoble"),
        ("hint", "duoble"),
    ],
)
def test_a_wrong_name_gets_the_nearest_right_one(course, arguments):
    ran = course.dojo(*arguments)
    assert ran.status == 2
    assert "Did you mean:" in ran.lines[0]
    assert ran.lines[1:] == [f"  dojo {arguments[0]} double"]


def test_an_unknown_option_gets_the_way_to_the_options(course):
    ran = course.dojo("list", "--verfy")
    assert ran.status == 2
    assert ran.lines == ["dojo: --verfy: unknown. dojo COMMAND --help shows what a command takes."]


def test_a_wrong_command_gets_the_nearest_right_one(course):
    ran = course.dojo("rset")
    assert (ran.status, len(ran.lines)) == (2, 1)
    assert ran.out.startswith("dojo: there is no rset. Did you mean reset or restore")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("class roster.csv --gradebook blackboard", "dojo class: --gradebook blackboard: choose canvas or moodle."),
        ("ci judge --fail-on no", "dojo ci judge: --fail-on no: choose went-red, any-red or never."),
        ("watch --isolation x", "dojo watch: --isolation x: choose auto, fork or spawn."),
        ("practice maybe", "dojo practice: maybe: choose on or off."),
        ("completion tcsh", "dojo completion: tcsh: choose bash, zsh or fish."),
        ("class roster.csv --jobs many", "dojo class: --jobs many: give a number."),
        ("ci jugde", "dojo ci: there is no jugde. Did you mean judge?"),
    ],
)
def test_a_value_that_an_option_does_not_have_is_one_sentence(course, typed, says):
    ran = course.dojo(*typed.split())
    assert (ran.status, ran.out) == (2, f"{says}\n")


def test_diff_after_green_and_before_with_spoil(course):
    course.solve(double="y = x + x\nreturn y")
    refused = course.dojo_with_torch("diff", "double")
    assert (refused.status, "dojo diff double --spoil" in refused.out) == (2, True)
    assert "return 2 * x" not in refused.out
    course.pytest()
    ran = course.dojo_with_torch("diff", "double")
    assert ran.status == 0
    assert any("    y = x + x" in line and "return 2 * x" in line for line in ran.lines)
    # The stub's docstring has an example, and the short docstring has none.
    course.write(course.kata, SOLVED.replace('"""Return twice x."""', DOUBLING.split('"""')[3].join(['"""', '"""'])))
    ran = course.dojo_with_torch("diff", "double", "--spoil")
    assert "yours: the example runs 1 PyTorch operator" in ran.lines


def test_diff_works_on_a_broken_file(course):
    course.write(course.kata, "def double(x:\n    return\n")
    ran = course.dojo_with_torch("diff", "double", "--spoil")
    assert ran.status == 0
    assert "def double(x:" in ran.lines[1]
    assert "yours: not counted: " in ran.out


def test_open_starts_the_editor_at_the_line(course, tmp_path):
    editor = tmp_path / "edit it"
    editor.write_text(f"#!{sys.executable}\nimport sys\nprint('|'.join(sys.argv[1:]))\n")
    editor.chmod(editor.stat().st_mode | stat.S_IEXEC)
    path = course.root / course.kata
    line = path.read_text().splitlines().index("def total(rows):") + 1
    ran = course.dojo("open", "total", env={"EDITOR": f"'{editor}' --wait", "VISUAL": ""})
    assert ran.out.strip() == f"--wait|+{line}|{path}"
    code = tmp_path / "code"
    editor.rename(code)
    assert f"--goto|{path}:{line}" in course.dojo("open", "total", env={"VISUAL": str(code)}).out
    assert f"--goto|{path}:6" in course.dojo("open", env={"VISUAL": str(code)}).out
    ran = course.dojo("open", "total", env={"EDITOR": "/no/such/editor", "VISUAL": ""})
    assert (ran.status, "Set EDITOR" in ran.out) == (2, True)


def test_reset_puts_the_stub_of_one_step_back_and_restore_undoes_it(course):
    course.solve()
    mine = (course.root / course.kata).read_text().replace("return 2 * x", "return x + x  # mine")
    course.write(course.kata, mine)
    ran = course.dojo("reset", "double")
    assert ran.status == 0
    text = (course.root / course.kata).read_text()
    assert "mine" not in text
    assert 'def double(x):\n    """Return twice x."""\n    raise NotImplementedError\n' in text
    assert "return rows.sum(dim=1)" in text, "the other steps are as they were"
    assert "dojo restore " in ran.out
    assert "double  you are here" in course.dojo("list").out or "Nothing has been run" in course.dojo("list").out
    ran = course.dojo("restore")
    assert ran.status == 0
    assert (course.root / course.kata).read_text() == mine
    assert "The replaced version is kept" in ran.out
    # The files that a restore replaced can be restored too.
    course.dojo("restore")
    assert (course.root / course.kata).read_text() == text
    assert course.dojo("reset", "double").out == "double is already a stub: nothing has changed.\n"


def test_reset_of_a_kata_and_of_a_lesson(course):
    stub = (course.root / course.kata).read_text()
    subprocess.run(["git", "init", "-q"], cwd=course.root, check=True)
    subprocess.run(["git", "add", "."], cwd=course.root, check=True)
    who = ["-c", "user.name=A", "-c", "user.email=a@b.c"]
    subprocess.run(["git", *who, "commit", "-qm", "clone"], cwd=course.root, check=True)
    # The solutions' docstrings are shorter than the stubs' here, so the stubs are made from the solutions.
    for name in ("kata_01_doubling", "doubling", "lesson_1", "katas/" + course.kata.removeprefix("katas/")):
        course.solve()
        ran = course.dojo("reset", name)
        assert ran.status == 0, ran.out
        text = (course.root / course.kata).read_text()
        assert text.count("raise NotImplementedError") == 4
        assert "return" not in text.replace("Return", "")
    course.write(
        "solutions/lesson_1_numbers/kata_01_doubling.py", stub.replace("raise NotImplementedError", "return 1")
    )
    course.dojo("reset", "doubling")
    assert (course.root / course.kata).read_text() == stub


def test_a_step_of_a_broken_file_is_not_guessed_at(course):
    course.write(course.kata, "def double(x:\n    return 5\n")
    ran = course.dojo("reset", "double")
    assert (ran.status, "dojo reset lesson_1_numbers/kata_01_doubling" in ran.out) == (2, True)
    assert (course.root / course.kata).read_text() == "def double(x:\n    return 5\n"
    assert course.dojo("reset", "kata_01_doubling").status == 0
    assert "raise NotImplementedError" in (course.root / course.kata).read_text()
    course.dojo("restore")
    assert (course.root / course.kata).read_text() == "def double(x:\n    return 5\n"


def test_nothing_is_changed_where_no_copy_can_be_made(course):
    course.solve()
    before = (course.root / course.kata).read_bytes()
    course.write(".dojo", "a file where the folder should be")
    ran = course.dojo("reset", "double")
    assert ran.status == 2
    assert "so nothing was changed" in ran.out
    assert (course.root / course.kata).read_bytes() == before


def test_restore_knows_its_backups(course):
    assert "nothing to restore" in course.dojo("restore").out
    course.solve()
    course.dojo("reset", "double")
    listed = course.dojo("restore", "--list").out
    assert "lesson_1_numbers/kata_01_doubling.py" in listed
    assert course.dojo("restore", listed.split()[0]).status == 0
    assert course.dojo("restore", "1999").status == 2


def test_again_keeps_bests_and_answers(course):
    course.solve()
    course.pytest("--all")
    mine = (course.root / course.kata).read_text()
    ran = course.dojo("again", "lesson_1")
    assert "3 steps are stubs again. Of these, 3 were green." in ran.out
    assert (course.root / course.kata).read_text().count("raise NotImplementedError") == 4
    assert "return text.upper()" in (course.root / "katas/lesson_2_words/kata_01_shouting.py").read_text()
    assert "1 of 1" in course.dojo("list").out
    assert "You have started again once. Your best so far: 3 steps in" in course.dojo("stats").out
    assert "A question about double." in course.dojo("hint", "double").out, "hints begin anew"
    course.dojo("restore")
    assert (course.root / course.kata).read_text() == mine


def test_stats_count_runs_time_and_hints(course):
    course.solve(double="return x")
    course.pytest()
    time.sleep(1.1)
    course.dojo("hint")
    course.answer(double="return x * x")
    course.pytest()
    course.solve()
    course.pytest()
    out = " ".join(course.dojo("stats").out.split())
    assert "1 numbers 3/3" in out
    assert "double: 3 runs, " in out
    assert "1 hint" in out
    assert "4 steps went green in the last 7 days." in out
    steps = {step["name"]: step for step in json.loads(course.dojo("list", "--json").out)}
    assert steps["double"]["runs"] == 3
    assert steps["double"]["seconds"] >= 1
    assert steps["shout"]["runs"] == 1


def test_a_step_that_is_not_written_stays_open_and_counts_no_run(course):
    before = course.dojo("list").lines
    course.pytest("--all")
    course.pytest()
    assert course.dojo("list").lines == before[before.index("") + 1 :], "without the note that nothing has been run"
    steps = json.loads(course.dojo("list", "--json").out)
    assert {(step["failure"], step["runs"], step["seconds"]) for step in steps} == {("not_written", 0, 0)}
    course.answer(double="return 2 * x")
    assert course.pytest().lines[0] == "✓ double is green now"
    assert json.loads(course.dojo("list", "--json").out)[0]["runs"] == 1


@pytest.mark.parametrize(
    "arguments",
    [("list",), ("list", "--json"), ("stats",), ("hint",), ("hint", "--json"), ("restore", "--list"), ("--help",)],
)
def test_reading_commands_work_on_a_broken_kata_and_import_nothing_heavy(course, arguments):
    course.write(course.kata, "def double(x:\n")
    code = (
        "import sys; from dojo.cli import main\n"
        f"try: main({list(arguments)!r})\n"
        "except SystemExit: pass\n"
        "print([n for n in ('torch', 'numpy', 'pytest', 'watchfiles') if n in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=course.root,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(course, shell):
    assert "dojo complete" in course.dojo("completion", shell).out


def test_bash_completes_commands_and_step_names(course):
    if not os.path.exists("/bin/bash"):
        pytest.skip("no bash here")
    program = course.root / "bin" / "dojo"
    course.write("bin/dojo", f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m dojo "$@"\n')
    program.chmod(0o755)
    script = (
        f'PATH={program.parent}:$PATH; eval "$(dojo completion bash)"\n'
        "COMP_WORDS=(dojo re); COMP_CWORD=1; _dojo; echo ${COMPREPLY[@]}\n"
        "COMP_WORDS=(dojo hint dou); COMP_CWORD=2; _dojo; echo ${COMPREPLY[@]}\n"
        "COMP_WORDS=(dojo list --j); COMP_CWORD=2; _dojo; echo ${COMPREPLY[@]}\n"
        "COMP_WORDS=(dojo intro lesson_2); COMP_CWORD=2; _dojo; echo ${COMPREPLY[@]}\n"
    )
    ran = subprocess.run(["/bin/bash", "-c", script], cwd=course.root, capture_output=True, text=True, check=True)
    completed = ["reset restore", "double", "--json", "lesson_2_words/kata_01_shouting"]
    assert ran.stdout.splitlines() == completed, ran.stderr


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_every_command_has_help_with_an_example(command, capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main([command, "--help"])
    assert stopped.value.code == 0
    assert re.search(rf"examples?:.* dojo {command}\b", " ".join(capsys.readouterr().out.split()))


def test_a_reader_that_goes_away_is_no_traceback(course):
    ran = subprocess.run(
        f"{sys.executable} -m dojo list --json | head -1",
        shell=True,
        cwd=course.root,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Traceback" not in ran.stderr


def test_list_and_stats_say_which_green_steps_have_changed(course):
    course.solve(total="return rows")
    course.pytest()
    assert "changed since" not in course.dojo("list").out
    path = course.root / course.kata
    path.write_text(
        path.read_text().replace("return 2 * x", "return x + x  # twice").replace("import torch", "import torch\n")
    )
    listed = course.dojo("list")
    assert next(line for line in listed.lines if "double" in line).endswith("double  changed since it was green")
    assert listed.out.count("changed since") == 1
    data = json.loads(course.dojo("list", "--json").out)
    assert [step["name"] for step in data if step["changed"]] == ["double"]
    assert "1 green step has changed since the last run" in course.dojo("stats").out
    course.pytest()
    assert "changed since" not in course.dojo("list").out + course.dojo("stats").out


@pytest.mark.full
def test_progress_runs_only_what_is_not_known_to_be_green(course):
    course.solve(total="return rows")
    course.pytest("--all")
    course.write(
        "conftest_ran.py",
        "import pytest\n@pytest.hookimpl(wrapper=True)\ndef pytest_runtest_call(item):\n"
        f"    open({str(course.root / 'ran')!r}, 'a').write(item.originalname + chr(10))\n    return (yield)\n",
    )
    env = {"PYTEST_ADDOPTS": "-p conftest_ran -p only_the_cpu"}
    shown = course.dojo("progress", env=env)
    assert "3 of 4 steps green, 1 red" in shown.out
    assert {line.split("__")[0] for line in (course.root / "ran").read_text().split()} == {"test_total"}
    again = course.dojo("progress", "--fresh", env=env)
    assert "3 of 4 steps green, 1 red" in again.out
    assert "test_double__is_twice_the_input" in (course.root / "ran").read_text()


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (("show", "double"), 2, "double is not written yet, so there is nothing to draw."),
        (("graph", "double"), 2, "double is not written yet, so there is no graph to draw."),
        (("diff", "double", "--spoil"), 0, "the reference"),
    ],
)
def test_what_can_be_said_of_a_stub_is_said_without_pytorch(course, arguments, status, says):
    course.write("hidden/torch/__init__.py", "raise ImportError('PyTorch is not for this command')\n")
    paths = os.pathsep.join([str(course.root / "hidden"), str(ROOT)])
    ran = course.dojo(*arguments, env={"PYTHONPATH": paths})
    assert (ran.status, "PyTorch is not for this command" in ran.out) == (status, False)
    assert says in ran.out


def test_restore_brings_one_step_back_and_leaves_the_others(course):
    path = course.root / course.kata
    course.solve(double="return x + x")
    course.dojo("reset", "double")
    course.answer(double="return 3 * x", total="return rows.sum(1) + 0")
    ran = course.dojo("restore", "double")
    assert ran.status == 0
    text = path.read_text()
    assert "return x + x" in text
    assert "return rows.sum(1) + 0" in text
    kept = ran.out.split()[-1]
    assert course.dojo("restore", kept).status == 0
    assert "return 3 * x" in path.read_text()


def test_an_answer_that_comes_back_is_known_to_be_green_again(course):
    course.solve()
    assert "4 of 4 steps green" in course.pytest("--all", "--device", "cpu").out
    for set_aside, brought_back in ((("reset", "double"), ("restore", "double")), (("again",), ("restore",))):
        assert course.dojo(*set_aside).status == 0
        assert "✓ double" not in course.dojo("list").out
        assert course.dojo(*brought_back).status == 0
        said = course.dojo("list").out
        assert said.count("✓") == 4, said
        assert "changed" not in said
    # Another answer is not known to be green.
    course.dojo("reset", "double")
    course.answer(double="return 3 * x")
    course.dojo("reset", "double")
    course.dojo("restore", "double")
    assert "✓ double" not in course.dojo("list").out


def test_restore_of_a_step_without_another_version_says_so(course):
    ran = course.dojo("restore", "double")
    assert (ran.status, len(ran.lines)) == (2, 1)
    assert "No backup has another version of double." in ran.out


def test_reset_keeps_the_line_ends_and_the_byte_order_mark_of_windows(course):
    course.solve()
    path = course.root / course.kata
    path.write_bytes(codecs.BOM_UTF8 + path.read_bytes().replace(b"\n", b"\r\n"))
    for command in (("reset", "double"), ("reset", "doubling"), ("restore", "total")):
        assert course.dojo(*command).status == 0
        data = path.read_bytes()
        assert data.count(b"\r\n") == data.count(b"\n")
        assert data.startswith(codecs.BOM_UTF8)


def test_a_command_of_another_clone_names_both_folders(course):
    course.write("dojo/__init__.py", "raise RuntimeError('it must not run because it stands here')\n")
    ran = course.dojo("list", cwd="katas")
    assert ran.status == 0
    assert f"this command comes from {ROOT}, and it works on the course in {course.root}" in " ".join(ran.out.split())
    ran = course.dojo_with_torch("doctor")
    assert ran.status == 1
    assert f"The command dojo comes from {ROOT}, and this course has its own." in " ".join(ran.out.split())
