"""A red test is run again with each mistake, and the mistake that fails in the same way is named."""

from __future__ import annotations

import pytest

SQUARED = "  why       Squaring is not doubling: only 2 squared looks like it."


@pytest.mark.parametrize("isolation", ["fork", pytest.param("spawn", marks=pytest.mark.full)])
def test_a_known_mistake_is_named_however_it_is_written(course, isolation):
    course.solve(double="return torch.stack([value ** 2 for value in x])")
    ran = course.pytest("--isolation", isolation)
    assert SQUARED in ran.lines
    assert "  called    double(tensor([1. , 2.5]))" in ran.lines


def test_an_unknown_mistake_is_not_guessed_at(course):
    course.solve(double="return x + 1")
    assert "why" not in course.pytest().out


def test_a_mistake_in_a_class_is_named(course):
    course.solve()
    path = course.root / course.kata
    path.write_text(path.read_text().replace("self.count += 1\n", "pass\n").replace("self.count\n", "self.count + 1\n"))
    assert "A number added and not kept is lost" in course.pytest().out


def test_the_same_first_failure_is_told_apart_by_the_steps_other_tests(course):
    path = course.root / "mistakes/lesson_1_numbers/kata_01_doubling.py"
    path.write_text(
        path.read_text() + 'def double__squared_in_place(x):\n    """And in place too."""\n    x *= x\n    return x\n'
    )
    course.solve(double="return x * x")
    assert SQUARED in course.pytest().lines
    course.solve(double="x *= x\nreturn x")
    assert "  why       And in place too." in course.pytest().lines
    only = "tests/lesson_1_numbers/kata_01_doubling.py::test_double__is_twice_the_input"
    assert "  why       And in place too." in course.pytest(only).lines


def test_two_mistakes_that_nothing_tells_apart_give_no_diagnosis(course):
    path = course.root / "mistakes/lesson_1_numbers/kata_01_doubling.py"
    path.write_text(path.read_text() + 'def double__power(x):\n    """A power is not a product."""\n    return x**2\n')
    course.solve(double="return x * x")
    assert "why" not in course.pytest().out


@pytest.mark.full
@pytest.mark.parametrize(
    "body", ["while True: pass", "import os; os._exit(0)", "import os; os.kill(os.getpid(), 11)", "exit()"]
)
@pytest.mark.parametrize("isolation", ["fork", "spawn"])
def test_a_mistake_that_hangs_or_crashes_costs_only_itself(course, body, isolation):
    path = course.root / "mistakes/lesson_1_numbers/kata_01_doubling.py"
    wild = f'def double__wild(x):\n    """It never comes back."""\n    {body}\n\n\n'
    path.write_text(wild + path.read_text())
    course.solve(double="return x * x")
    ran = course.pytest("--isolation", isolation)
    assert ran.status == 1
    assert SQUARED in ran.lines


def test_a_file_of_mistakes_that_does_not_import_does_no_harm(course):
    course.write("mistakes/lesson_1_numbers/kata_01_doubling.py", "import nosuch\n\ndef double__a(x):\n    '''A.'''\n")
    course.solve(double="return x * x")
    ran = course.pytest()
    assert ran.status == 1
    assert "values differ" in ran.out or "value differs" in ran.out
    assert "why" not in ran.out


def test_green_runs_examine_nothing(course):
    course.write("mistakes/lesson_1_numbers/kata_01_doubling.py", "raise SystemExit\n")
    course.solve()
    assert course.pytest().status == 0


def test_what_a_learner_printed_twice_is_shown_once(course):
    course.solve(double="print('once')\nreturn x * x")
    assert course.pytest().out.count("once") == 1


def test_a_mistake_that_raises_is_named(course):
    path = course.root / "mistakes/lesson_1_numbers/kata_01_doubling.py"
    path.write_text(
        path.read_text() + '\n\ndef double__as_numpy(x):\n    """It has no such method."""\n    return x.astype(3)\n'
    )
    course.solve(double="y = x\nreturn y.astype(float)")
    ran = course.pytest()
    assert "  raised    AttributeError: 'Tensor' object has no attribute 'astype'" in ran.lines
    assert "  why       It has no such method." in ran.lines


def test_a_mistake_that_is_red_where_the_learner_is_green_is_not_named(course):
    path = course.root / "mistakes/lesson_1_numbers/kata_01_doubling.py"
    path.write_text(path.read_text().replace("    return x * x\n", "    x *= x\n    return x\n"))
    course.solve(double="return x * x")
    assert "why" not in course.pytest().out, "the mistake also changes its input, but this answer does not"


def test_a_second_fault_does_not_hide_the_first(course):
    course.solve(double="return x * x if x[1] > 0 else x.no_such_name")
    assert SQUARED in course.pytest().lines


def test_describing_a_call_is_not_counted_as_the_learners_work(course):
    path = course.root / course.tests
    text = path.read_text().replace("import assert_tensor,", "import assert_operators, assert_tensor, count_operators,")
    counted = (
        "    with count_operators() as operators:\n        kata.double(x)\n    assert_operators(operators, 1, 'One.')\n"
    )
    path.write_text(text.replace("    with assert_unchanged(x=x):\n        kata.double(x)\n", counted))
    course.solve(double="return x + x + x - x")
    shown = 'def double__in_steps(x):\n    """Three where one will do."""\n    return x + x + x - x\n'
    mistakes = course.root / "mistakes/lesson_1_numbers/kata_01_doubling.py"
    mistakes.write_text(mistakes.read_text() + "\n\n" + shown)
    ran = course.pytest()
    assert "Your code ran 3 tensor operations" in ran.out
    assert "  why       Three where one will do." in ran.lines


@pytest.mark.full
def test_an_operation_that_runs_in_threads_does_not_hang_the_examination(course):
    # Reducing a matrix starts OpenMP's threads in this process. A fork of it lacks these threads.
    body = "torch.ones(300, 300).max(dim=1)\nreturn x * x"
    course.solve(double=body)
    mistakes = course.root / "mistakes/lesson_1_numbers/kata_01_doubling.py"
    mistakes.write_text(
        "import torch\n\n\n" + mistakes.read_text().replace("return x * x", body.replace("\n", "\n    "))
    )
    ran = course.fresh("--device", "cpu")
    assert SQUARED in ran.lines
    assert "  called    double(tensor([1. , 2.5]))" in ran.lines


def test_a_temporary_folder_in_an_error_does_not_hide_the_mistake(course):
    tests = course.root / course.tests
    text = tests.read_text()
    first = "def test_double__reads_a_file(tmp_path):\n    kata.double(tmp_path)\n\n\n"
    tests.write_text(text.replace("def test_double__", f"{first}def test_double__", 1))
    path = course.root / "mistakes/lesson_1_numbers/kata_01_doubling.py"
    path.write_text(
        path.read_text() + '\n\ndef double__no_file(x):\n    """There is no file."""\n    return open(x / "a").read()\n'
    )
    course.solve(double="return open(x / 'a').read()")
    assert "  why       There is no file." in course.pytest().lines
