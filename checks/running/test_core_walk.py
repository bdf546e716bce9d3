"""Core and practice: what `pytest` and `dojo run` walk, and what they count."""

from __future__ import annotations

import json

import pytest

STUB = "raise NotImplementedError"


@pytest.fixture
def marked(course):
    """The small course: `double` and `shout` are core, `total` and `Counter` practice of the first kata."""
    course.mark("double", "shout")
    return course


def test_pytest_walks_the_core_and_counts_both(marked):
    marked.answer(double="return 2 * x")
    ran = marked.pytest()
    assert "✗ shout   step 1 of 1, lesson 2 · words · shouting" in ran.lines
    assert ran.lines[-1] == "━━━━━━━━━━━━━━━─────────────── 1 of 2 core steps · 0 of 2 practice"


def test_the_end_of_a_katas_core_offers_its_practice(marked):
    marked.pytest()
    marked.answer(double="return 2 * x")
    ran = marked.pytest()
    assert ran.lines[0] == "✓ double is green now"
    said = ran.lines.index("✓ Kata 1 of lesson 1 is finished: doubling")
    assert "  its practice: dojo run --practice kata_01_doubling  2 steps" in ran.lines[said : said + 4]
    assert "core step of doubling" not in ran.out, "the same is not said twice"
    assert "its practice" not in marked.pytest().out, "once is enough"


def test_the_end_of_the_core_is_a_finish_with_the_practice_that_is_left(marked):
    marked.solve(total=STUB)
    ran = marked.pytest()
    assert ran.status == 0
    assert "✓ All 2 core steps are green." in ran.lines
    assert "  ✓ doubling                 ━      left: total, Counter" in ran.lines
    assert "2 practice steps are left. They go deeper into what you have written." in ran.lines
    assert "  all of them, in order: pytest --practice" in ran.lines
    assert "  one kata, for example: dojo run --practice kata_01_doubling" in ran.lines


@pytest.mark.parametrize("how", ["option", "memory", "settings"])
def test_practice_steps_are_walked_in_order_if_they_are_wanted(how, marked):
    marked.solve(total=STUB)
    if how == "memory":
        marked.dojo("practice", "on")
    if how == "settings":
        marked.write("dojo.toml", "practice = true\n")
    ran = marked.pytest(*(["--practice"] if how == "option" else []))
    assert "✗ total   practice step 1 of 2, lesson 1 · numbers · doubling" in ran.lines
    again = "pytest --practice" if how == "option" else "pytest"
    assert f"  a hint: dojo hint total    again: {again}" in ran.lines
    assert ran.lines[-1].endswith(" 1 of 2 core steps · 0 of 2 practice")


def test_all_steps_are_reached_by_all_by_file_by_name_and_by_step(marked):
    marked.solve(total="return rows")
    for arguments in (["--all"], [marked.tests], ["-k", "test_total__"], ["--step", "total"]):
        ran = marked.pytest(*arguments)
        assert ran.status == 1, arguments
        assert "total" in ran.out
    assert "2 of 2 core steps · 1 of 2 practice, 1 red" in marked.pytest("--all").out


def test_practice_that_a_run_did_not_walk_counts_as_it_is_remembered(marked):
    marked.solve(double=STUB)
    marked.pytest("--all")
    assert "─── 1 of 2 core steps · 2 of 2 practice\n" in marked.pytest().out


def test_a_selection_counts_its_own_steps_and_repeats_its_command(marked):
    marked.solve(total=STUB)
    ran = marked.dojo("run", "--practice", "kata_01_doubling", "--device", "cpu")
    assert "  a hint: dojo hint total" in ran.lines
    assert "  again: dojo run --practice kata_01_doubling --device cpu" in ran.lines
    assert "━━━━━━━━━━──────────────────── 1 of 1 core step · 0 of 2 practice" in ran.lines
    marked.answer(double="return x")
    ran = marked.pytest("--step", "double")
    assert ran.lines[-2:] == [
        "  a hint: dojo hint double    again: pytest --step double",
        "────────────────────────────── 0 of 1 step green",
    ]


def test_the_end_of_a_katas_practice_is_said_once(marked):
    shout = (marked.root / "katas/lesson_2_words/kata_01_shouting.py").read_text()
    marked.solve(total=STUB)
    marked.write("katas/lesson_2_words/kata_01_shouting.py", shout)
    marked.pytest("--practice")
    marked.answer(total="return rows.sum(dim=1)")
    assert "✓ All 2 practice steps of doubling are green." in marked.pytest("--practice").lines
    assert "practice steps of doubling" not in marked.pytest("--practice").out


def test_a_kata_without_core_that_is_passed_is_named(marked):
    tests = (marked.root / marked.tests).read_text()
    tests = tests.replace("kata_01_doubling", "kata_02_halving").replace("'double',", "")
    marked.write("tests/lesson_1_numbers/kata_02_halving.py", tests)
    marked.write("katas/lesson_1_numbers/kata_02_halving.py", (marked.root / marked.kata).read_text())
    marked.pytest()
    marked.answer(double="return 2 * x")
    ran = marked.pytest()
    other = ran.lines.index("The next step is in another file: katas/lesson_2_words/kata_01_shouting.py")
    assert ran.lines[other - 1] == "Kata 2 is all practice: dojo run --practice kata_02_halving"
    assert "is all practice" not in marked.pytest().out


@pytest.mark.full
def test_a_kata_is_run_with_its_practice_in_order(marked):
    marked.solve(total=STUB)
    core = marked.dojo("run", "kata_01_doubling", "--device", "cpu")
    assert (core.status, core.lines[0]) == (0, "✓ double is green   2 tests on cpu")
    ran = marked.dojo("run", "--practice", "kata_01_doubling", "--device", "cpu")
    assert ran.status == 1
    assert "✗ total   practice step 1 of 2, lesson 1 · numbers · doubling" in ran.lines
    assert "✗ Counter" not in ran.out
    assert marked.dojo("run", "total", "--device", "cpu").status == 1, "a step by its name is always run"


def test_when_all_is_green_the_finish_is_that_of_the_whole_course(marked):
    marked.solve()
    assert "✓ All 4 steps are green." in marked.pytest("--practice").lines


def test_the_core_is_done_although_a_practice_step_is_red(marked):
    marked.solve(total="return rows")
    ran = marked.pytest()
    assert ran.status == 0
    assert "total" not in [line.partition("   ")[0].strip("✗ ") for line in ran.lines]


def test_a_run_of_all_of_the_core_at_the_end_leaves_practice_out(marked):
    marked.solve(total="raise RuntimeError('not walked')")
    marked.pytest()
    ran = marked.pytest()
    assert (ran.status, "not walked" in ran.out) == (0, False)


def test_the_progress_file_has_the_marks_and_the_totals_of_the_core(marked):
    marked.answer(double="return 2 * x")
    marked.pytest("--progress-json", "progress.json")
    found = json.loads((marked.root / "progress.json").read_text())
    steps = {step["name"]: step for lesson in found["lessons"] for kata in lesson["katas"] for step in kata["steps"]}
    assert {name: (step["core"], step["status"]) for name, step in steps.items()} == {
        "double": (True, "green"),
        "total": (False, "not_run"),
        "Counter": (False, "not_run"),
        "shout": (True, "red"),
    }
    assert (found["schema"], found["totals"]["steps"], found["core_totals"]["steps"]) == (1, 4, 2)
    assert (found["core_totals"]["green"], found["core_totals"]["red"]) == (1, 1)
    assert found["focus"] == found["core_focus"] == "lesson_2_words/kata_01_shouting/shout"
    marked.pytest("--all", "--progress-json", "progress.json")
    found = json.loads((marked.root / "progress.json").read_text())
    assert found["focus"] == "lesson_1_numbers/kata_01_doubling/total"
    assert found["core_focus"] == "lesson_2_words/kata_01_shouting/shout"


def test_a_malformed_dojo_toml_is_a_usage_error_of_a_walk_and_of_nothing_else(marked):
    marked.write("dojo.toml", "practice = maybe\n")
    ran = marked.pytest()
    assert ran.status == pytest.ExitCode.USAGE_ERROR
    assert "dojo.toml is not valid TOML" in ran.out
    for arguments in (["--all"], [marked.tests], ["--step", "double"], ["--practice"]):
        assert "dojo.toml" not in marked.pytest(*arguments).out, arguments


def test_of_another_folder_all_steps_are_judged_whatever_is_set(marked):
    marked.write("dojo.toml", "practice = false\n")
    ran = marked.pytest("--against", "solutions")
    assert "✓ All 4 steps are green." in ran.lines


def test_a_course_without_marks_counts_as_before(course):
    course.solve(double=STUB)
    assert course.pytest().lines[-1].endswith(" 0 of 4 steps green")
    assert "practice" not in course.pytest("--all").out
