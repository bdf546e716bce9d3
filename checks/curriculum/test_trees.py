"""All trees have the same files, and corresponding files have the same steps in the same order."""

from __future__ import annotations

import ast
import re

import pytest

from dojo.authoring.scaffold import left_to_do
from dojo.course.curriculum import TEST_NAME, Kata, Step
from dojo.course.definitions import code_of, read_definitions, read_source, used_in
from dojo.course.failure_kinds import KINDS
from dojo.course.given_code import AS_IT_WAS, TO_FIX, step_of
from dojo.course.hints import hints_by_step, read_hints
from dojo.course.kept_answers import read_answers
from dojo.course.layout import ALL_TREES, file_in
from dojo.course.stubs import stub_of, unwritten_steps

from .conftest import ACCEPTED, CURRICULUM, IMPOSTERS, ROOT, repair_steps

# The course gives these files in katas/, for katas to import.
GIVEN = {"foundations.py", "digits.py"}


@pytest.mark.parametrize("tree", ALL_TREES)
def test_every_file_of_a_tree_belongs_to_a_kata(tree):
    wanted = {file_in(tree, kata.id).removeprefix(f"{tree}/") for kata in CURRICULUM.katas()}
    found = {
        path.relative_to(ROOT / tree).as_posix()
        for path in (ROOT / tree).rglob("*")
        if path.is_file()
        and "__pycache__" not in path.parts
        and path.name not in GIVEN
        # dojo update puts new stubs next to a learner's answers.
        and ".new." not in path.name
    }
    if tree == "katas":
        pages = {f"{lesson.id}/README.md" for lesson in CURRICULUM.lessons}
        pictures = {name for name in found if name.endswith((".svg", ".png"))}
        assert pages <= found, "every lesson has its page"
        found -= pages | pictures
    if tree == "tests":
        found -= {"moved.json", *(f"{lesson.id}/win.py" for lesson in CURRICULUM.lessons)}
    assert found == wanted


def test_an_imposter_behaves_like_a_mistake_that_exists():
    found = sorted(path.relative_to(IMPOSTERS).with_suffix("").as_posix() for path in IMPOSTERS.rglob("*.py"))
    assert set(found) <= {kata.id for kata in CURRICULUM.katas()}
    for kata_id in found:
        mistakes = {answer.name for answer in read_answers(ROOT / "mistakes", kata_id)}
        for imposter in read_answers(IMPOSTERS, kata_id):
            assert imposter.name.rpartition("__")[0] in mistakes, imposter.name


def test_files_and_folders_are_numbered_without_a_gap():
    assert [lesson.number for lesson in CURRICULUM.lessons] == list(range(1, len(CURRICULUM.lessons) + 1))
    for lesson in CURRICULUM.lessons:
        assert [kata.number for kata in lesson.katas] == list(range(1, len(lesson.katas) + 1)), lesson.id


def test_a_kata_has_at_most_twelve_steps_in_one_order_everywhere(kata: Kata):
    names = [step.name for step in kata.steps]
    assert 1 <= len(names) <= 12
    for tree in ("katas", "solutions"):
        defined = read_definitions(ROOT / tree / f"{kata.id}.py")
        assert [name for name in defined if not name.startswith("_")] == names, tree
    assert list(hints_by_step((ROOT / file_in("hints", kata.id)).read_text())) == names
    for tree in (ROOT / "mistakes", ACCEPTED):
        answered = dict.fromkeys(answer.step for answer in read_answers(tree, kata.id))
        assert list(answered) == names, tree


def test_a_stub_can_be_made_anew_from_its_solution(kata: Kata):
    definitions = read_definitions(ROOT / "katas" / f"{kata.id}.py")
    for step in kata.steps:
        assert "\n".join(definitions[step.name].lines) == stub_of(ROOT, step), step.name


def test_every_step_is_unwritten_at_first(kata: Kata):
    assert unwritten_steps(ROOT, kata) == {step.name for step in kata.steps}


def test_given_code_stands_alone_and_belongs_to_a_step(kata: Kata):
    source = read_source((ROOT / "mistakes" / f"{kata.id}.py").read_text())
    given = [each for each in source.definitions if each.name.endswith(f"__{AS_IT_WAS}")]
    assert {step_of(each.name) for each in given} == {step.name for step in repair_steps() if step in kata.steps}
    defined = {each.name for each in source.definitions}
    for each in given:
        assert not used_in(each.node) & (defined - {each.name}), f"{each.name} uses what the kata's file lacks"
    for step in repair_steps():
        if step in kata.steps:
            code = code_of(ROOT / "katas" / f"{kata.id}.py", step.name)
            assert f"    {TO_FIX}" in code


def test_nothing_of_a_step_is_still_to_do(step: Step):
    left = left_to_do(ROOT, step.kata_id, step.name)
    if left:
        pytest.fail("\n".join([f"{step.name} is not finished. Still to be written:", *left]), pytrace=False)


def test_every_test_follows_the_pattern_and_stands_with_its_step(kata: Kata):
    path = ROOT / "tests" / f"{kata.id}.py"
    tests = [name for name in read_definitions(path) if name.startswith("test")]
    for name in tests:
        assert TEST_NAME.fullmatch(name), f"{name}: a test is called test_<step>__<behaviour_in_words>"
    assert tests == [name for step in kata.steps for name in step.tests]


def test_no_test_imports_an_answer(kata: Kata):
    tree = ast.parse((ROOT / "tests" / f"{kata.id}.py").read_text())
    modules = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    modules += [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    assert not [name for name in modules if name.split(".")[0] in ("solutions", "mistakes", "checks")]


def test_stub_and_solution_have_one_signature_and_docstring(step: Step):
    stub, solution = (
        read_definitions(ROOT / tree / f"{step.kata_id}.py")[step.name] for tree in ("katas", "solutions")
    )
    assert stub.signature == solution.signature
    assert stub.docstring == solution.docstring
    assert stub.is_class == solution.is_class
    unwritten = TO_FIX if step in repair_steps() else "raise NotImplementedError"
    assert unwritten in "\n".join(stub.lines)
    assert unwritten not in "\n".join(solution.lines)


def test_a_docstring_has_a_worked_example_and_names_what_it_grows_from(step: Step):
    docstring = read_definitions(ROOT / "solutions" / f"{step.kata_id}.py")[step.name].docstring
    assert ">>>" in docstring, "a worked example with numbers"
    assert re.search(r"(Foundations:|Grows from|As in)", docstring), "the idea that it is the same as"


def test_a_step_has_three_hints_or_more_that_do_not_hold_the_answer(step: Step):
    hints = read_hints(ROOT, step)
    assert [hint.number for hint in hints] == list(range(1, len(hints) + 1))
    assert len(hints) >= 3
    behaviours = {TEST_NAME.fullmatch(test)["behaviour"].replace("_", " ") for test in step.tests}
    known = set(KINDS.values()) | behaviours
    text = " ".join(hint.text for hint in hints)
    for hint in hints:
        assert hint.text, f"hint {hint.number} is empty"
        assert not hint.symptom or hint.symptom in known, f"{hint.symptom!r} is no symptom; there are: {sorted(known)}"
    for line in _answer_lines(step):
        assert line not in text, f"a hint holds a whole line of the answer: {line}"


def test_a_step_has_two_mistakes_or_more_each_with_its_sentence(step: Step):
    mistakes = read_answers(ROOT / "mistakes", step.kata_id, step.name)
    assert len(mistakes) >= 2
    for mistake in mistakes:
        assert 20 <= len(mistake.says) <= 200, f"{mistake.name}: {len(mistake.says)} characters"
        for line in _answer_lines(step):
            assert line not in mistake.says, f"{mistake.name} gives the answer away"


def test_a_step_has_two_accepted_ways_or_more(step: Step):
    assert len(read_answers(ACCEPTED, step.kata_id, step.name)) >= 2


def _answer_lines(step: Step) -> list[str]:
    """The lines of the solution's body that have more than a bare name or return: they would give the answer away."""
    code = code_of(ROOT / "solutions" / f"{step.kata_id}.py", step.name)
    body = next(number for number, line in enumerate(code, start=1) if line.endswith(":"))
    lines = [line.partition("#")[0].strip().removeprefix("return ") for line in code[body:]]
    return [line for line in lines if len(line) > 12]
