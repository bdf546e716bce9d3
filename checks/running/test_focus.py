"""Plain `pytest`: the first red step, and nothing else."""

from __future__ import annotations

import re


def test_a_fresh_clone_shows_the_first_stub_and_its_task(course):
    ran = course.pytest()
    assert ran.status == 1
    assert ran.lines[0] == "✗ double   step 1 of 3, lesson 1 · numbers · doubling"
    assert ran.lines[1] == "  katas/lesson_1_numbers/kata_01_doubling.py:16"
    assert "  def double(x):" in ran.lines
    assert "      Return twice x." in ran.lines
    assert "dojo hint" in ran.out
    assert ran.lines[-1].endswith("0 of 4 steps green")
    assert "total" not in ran.out


def test_a_wrong_value_shows_the_call_what_came_back_and_what_was_expected(course):
    course.solve(double="return x + 2")
    ran = course.pytest()
    assert ran.out == (
        "✗ double   step 1 of 3, lesson 1 · numbers · doubling\n"
        "  katas/lesson_1_numbers/kata_01_doubling.py:6\n"
        "  the test: double is twice the input\n"
        "\n"
        "  2 of 2 values differ. The largest difference is 1, at [0].\n"
        "  called    double(tensor([1. , 2.5]))\n"
        "  returned  float32 tensor, shape (2,), on cpu\n"
        "            [3.0, 4.5]\n"
        "  expected  float32 tensor, shape (2,), on cpu\n"
        "            [2.0, 5.0]\n"
        "\n"
        "  a hint: dojo hint    again: pytest\n"
        "────────────────────────────── 0 of 4 steps green\n"
    )


def test_the_type_is_told_before_device_dtype_shape_and_values(course):
    for body, says in [
        (
            "return None",
            "Your result is None. A function without return returns None",
        ),
        ("return x.tolist()", "Your result is a list. It must be a tensor."),
        ("return x.numpy()", "Your result is a NumPy array. It must be a tensor."),
        ("return x.double()[:1]", "Your result has dtype float64. It must have dtype float32."),
        ("return x[:1]", "Your result has shape (1,). It must have shape (2,)."),
        ("return x.to('meta')", "Your result is on meta. It must be on cpu."),
    ]:
        course.solve(double=body)
        ran = course.pytest()
        assert says in ran.out, ran.out
        assert "values differ" not in ran.out


def test_an_error_shows_the_learners_own_frames_alone(course):
    course.solve(double="return _helper(x)")
    path = course.root / course.kata
    path.write_text(path.read_text() + "\n\ndef _helper(x):\n    return x.nosuch\n")
    ran = course.pytest()
    assert "  raised    AttributeError: 'Tensor' object has no attribute 'nosuch'" in ran.lines
    assert re.search(r"kata_01_doubling.py:7 in double\n +return _helper\(x\)\n", ran.out)
    assert re.search(r"kata_01_doubling.py:\d+ in _helper\n +return x.nosuch\n", ran.out)
    assert "dojo/" not in ran.out
    assert "tests/" not in ran.out


def test_a_red_report_fits_25_lines_of_80_columns(course):
    for body in ("return x + 2", "return x.nosuch", "print('a' * 500)\nreturn x[:1]", "return x * x"):
        course.solve(double=body)
        ran = course.pytest()
        assert len(ran.lines) <= 25
        assert max(map(len, ran.lines)) <= 80


def test_a_watch_of_24_rows_shows_a_red_report_with_many_values_whole(course):
    course.write(
        "tests/lesson_1_numbers/kata_01_doubling.py",
        "import torch\nfrom dojo.expect import assert_tensor\n"
        "from katas.lesson_1_numbers import kata_01_doubling as kata\n\n\n"
        "def test_double__takes_all_of_these():\n"
        "    rows = torch.arange(40.0).reshape(10, 4)\n"
        "    labels = torch.arange(12)\n"
        "    assert_tensor(kata.double(rows, labels, rows + 0.5), 2 * rows)\n",
    )
    course.write(course.kata, "def double(rows, labels, more):\n    return rows + more\n")
    lines = course.pytest().lines
    report = lines[: lines.index("  a hint: dojo hint    again: pytest") - 1]
    assert 18 <= len(report) <= 20
    for name in ("rows: float32 tensor, shape (10, 4)", "labels: int64 tensor, shape (12,)", "more: float32 tensor"):
        assert any(line.startswith(f"            {name}") for line in report)


def test_colours_only_on_a_terminal(course):
    assert "\x1b" not in course.pytest().out
    coloured = course.pytest("--color=yes").out
    assert "\x1b[" in coloured


def test_signs_that_the_encoding_lacks_are_replaced(course):
    ran = course.pytest(env={"PYTHONIOENCODING": "ascii"})
    assert ran.status == 1


def test_it_goes_on_to_the_next_step_and_says_what_is_green_now(course):
    course.pytest()
    course.answer(double="return 2 * x")
    ran = course.pytest()
    assert ran.lines[0] == "✓ double is green now"
    assert ran.lines[2].startswith("✗ total   step 2 of 3")
    assert ran.lines[-1].endswith(" 1 of 4 steps green")


def test_all_green_is_a_finish(course):
    course.solve()
    ran = course.pytest()
    assert ran.status == 0
    assert "✓ All 4 steps are green." in ran.lines
    assert "Lesson 1 · numbers" in ran.lines
    assert "git diff --no-index katas solutions" in ran.out


def test_what_the_learner_prints_is_in_the_report(course):
    course.solve(double="print('x is', x)\nreturn x + 2")
    assert "  printed   x is tensor([1.0000, 2.5000])" in course.pytest().lines


def test_warnings_from_the_learners_line_are_in_the_report(course):
    course.solve(double="import warnings\nwarnings.warn('look here')\nreturn x + 2")
    assert "  warned    UserWarning: look here" in course.pytest().lines


def test_the_calls_of_a_class_show_how_the_object_was_made(course):
    course.solve()
    path = course.root / course.kata
    path.write_text(path.read_text().replace("self.count += 1", "self.count += 2"))
    ran = course.pytest()
    assert "  called    Counter(3)" in ran.lines
    assert "            counter()" in ran.lines or "  called    counter()" in ran.lines
    assert "5 (int)" in ran.out


def test_it_works_from_inside_katas(course):
    ran = course.pytest(cwd="katas/lesson_1_numbers")
    assert ran.lines[0].startswith("✗ double")


def test_an_answer_that_differs_from_run_to_run_is_called_so(course):
    course.solve(double="_called.append(1)\nreturn x + 2 if len(_called) == 1 else 2 * x")
    path = course.root / course.kata
    path.write_text(path.read_text() + "\n\n_called = []\n")
    assert "does not give the same result every time" in " ".join(course.pytest().out.split())


def test_a_step_that_is_not_written_is_named_if_a_written_step_calls_it(course):
    course.answer(total="return double(rows).sum(dim=1) / 2")
    ran = course.dojo_with_torch("run", "total")
    assert "Your code calls double, which is not written yet. Write double first." in ran.out
    assert "raise NotImplementedError" in ran.out.partition("raised")[2]
    assert "Write it where" not in ran.out
    assert "clue" not in ran.out


def test_a_green_step_says_what_is_next(course):
    course.solve()
    assert "  compare: dojo diff total    next: dojo run Counter" in course.dojo_with_torch("run", "total").lines


def test_verbose_names_every_test(course):
    course.solve(total="return rows")
    ran = course.pytest("-v")
    assert "test_double__is_twice_the_input[cpu] PASSED" in ran.out
    assert "test_total__sums_each_row[cpu] FAILED" in ran.out


def test_without_a_terminal_plugin_the_status_still_tells(course):
    ran = course.pytest("-p", "no:terminal")
    assert (ran.status, ran.out) == (1, "")


def test_tests_behind_the_first_red_step_are_not_imported(course):
    (course.root / "tests/lesson_2_words/kata_01_shouting.py").write_text(
        "1 / 0\n\n\ndef test_shout__never():\n    pass\n"
    )
    course.answer(double="return x * x")
    assert "Squaring is not doubling" in course.pytest().out
    course.solve()
    # Now all before it is green: it is collected, and what is wrong with it is said.
    ran = course.pytest()
    assert ran.status != 0
    assert "ZeroDivisionError" in ran.out


def test_the_rest_of_the_course_follows_in_the_same_run(course):
    assert "✗ double" in course.pytest().out
    course.solve()
    ran = course.pytest()
    assert ran.status == 0
    assert "All 4 steps are green" in ran.out
