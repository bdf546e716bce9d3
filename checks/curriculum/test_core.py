"""The marks of core and practice, and that no core step depends on a practice step."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dojo.course.curriculum import Curriculum, Kata, Step, core_in, read_curriculum
from dojo.course.definitions import parse_source, read_definitions, used_in

from .conftest import CURRICULUM, ROOT

# The sentences of a card that say what a step builds on: from the first of these words to the end of the card.
_BUILDS_ON = re.compile(r"^(?:Grows from|In Foundations|Foundations):.*", re.MULTILINE | re.DOTALL)


def test_core_names_steps_of_its_kata_in_their_order(kata: Kata):
    core = core_in((ROOT / "tests" / f"{kata.id}.py").read_text(encoding="utf-8"), kata.id)
    assert core is not None, "CORE is missing"
    assert list(core) == [step.name for step in kata.steps if step.name in core]


def test_the_core_is_a_path_for_a_few_days():
    count = len(CURRICULUM.walked(practice=False))
    assert 100 <= count <= 130, f"{count} core steps: make the new step a practice step, or another core step"


def test_the_reference_of_a_core_step_calls_no_practice_step(step: Step):
    if step.is_core:
        assert practice_called_by(ROOT, CURRICULUM, step) == []


def test_the_card_of_a_core_step_grows_from_no_practice_step(step: Step):
    if step.is_core:
        assert practice_named_by(ROOT, CURRICULUM, step) == []


_SOLUTION = '''
from katas.lesson_1_a.kata_01_b import deep as far
from katas.lesson_1_a import kata_01_b as before
def first(x):
    """Return x.{first}"""
    return _helper(x)
def second(x):
    """Return x.{second}"""
    return x
def _helper(x):
    return {helper}(x)
'''


@pytest.mark.parametrize("helper", ["second", "far", "before.deep"])
def test_a_practice_step_behind_a_helper_or_in_another_kata_is_found(helper, tmp_path):
    root, curriculum = _small(tmp_path, helper=helper)
    first = curriculum.named("first")
    called = "second" if helper == "second" else "deep"
    assert [step.name for step in practice_called_by(root, curriculum, first)] == [called]


@pytest.mark.parametrize("helper", ["abs", "before.plain", "first"])
def test_a_call_of_a_core_step_is_allowed(helper, tmp_path):
    root, curriculum = _small(tmp_path, helper=helper)
    assert practice_called_by(root, curriculum, curriculum.named("first")) == []


@pytest.mark.parametrize(
    ("card", "named"),
    [
        ("Grows from: second, for any x.", ["second"]),
        ("Grows from: plain. In Foundations: the second line.", []),
        ("Grows from: plain and\n    deep.", ["deep"]),
        ("Foundations: as in `second`.", ["second"]),
        ("Foundations: `foundations.second`.", []),
        ("Grows from: plain, where one second passed.", []),
        ("Grows from: plain, and second of lesson 1.", ["second"]),
        ("Returns: the second.", []),
    ],
)
def test_a_practice_step_on_a_card_is_found(card, named, tmp_path):
    root, curriculum = _small(tmp_path, first=f"\n\n    {card}\n    ")
    assert [step.name for step in practice_named_by(root, curriculum, curriculum.named("first"))] == named


def practice_called_by(root: Path, curriculum: Curriculum, step: Step) -> list[Step]:
    """The practice steps that the reference of a step uses: itself, or through helpers or other steps of its file."""
    source = parse_source((root / "solutions" / f"{step.kata_id}.py").read_text(encoding="utf-8"))
    nodes = {each.name: each.node for each in source.definitions}
    waiting, used = [step.name], {step.name}
    while waiting:
        for name in _names_used(nodes[waiting.pop()]) - used:
            used.add(name)
            if name in nodes:
                waiting.append(name)
    imported = {name: meant for node in source.header_statements() for name, meant in _imported(node)}
    ids = {f"{step.kata_id}/{name}" for name in used}
    for name in used:
        first, _, rest = name.partition(".")
        meant = "/".join(filter(None, (imported.get(first, ""), rest)))
        ids.add(meant)
    return [each for each in curriculum.steps() if each.id in ids and not each.is_core]


def practice_named_by(root: Path, curriculum: Curriculum, step: Step) -> list[Step]:
    """The practice steps that a step's card says it grows from. A name that a core step has too is no practice step."""
    card = read_definitions(root / "solutions" / f"{step.kata_id}.py")[step.name].docstring
    found = _BUILDS_ON.search(card)
    said = found[0] if found else ""
    grows, _, foundations = said.partition("oundations:") if "Grows from:" in said else ("", "", said)
    words = _steps_listed(grows.partition(":")[2]) | set(re.findall(r"`(\w+)`", foundations))
    core = {each.name for each in curriculum.steps() if each.is_core}
    return [each for each in curriculum.steps() if each.name in words - core]


def _steps_listed(text: str) -> set[str]:
    """The words of a sentence that can only be names: `one_word`, `OneWord`, and a word that stands alone in a list."""
    alone = {re.sub(r" (of|in) .*", "", item.strip()) for item in re.split(r"[,.:]|\band\b", text)}
    return alone | set(re.findall(r"\w*[a-z]_\w+|\b[A-Z]\w+", text))


def _names_used(node: ast.AST | None) -> set[str]:
    """The names that code reads, and `module.name` for each name that it reads from a module."""
    assert node is not None
    dotted = {
        f"{each.value.id}.{each.attr}"
        for each in ast.walk(node)
        if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name)
    }
    return used_in(node) | dotted


def _imported(node: ast.stmt) -> Iterator[tuple[str, str]]:
    """The names that an import from katas/ binds, each with the id of the kata or step that it means."""
    if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("katas"):
        for alias in node.names:
            meant = f"{node.module}.{alias.name}".removeprefix("katas.").replace(".", "/")
            yield alias.asname or alias.name, meant


def _small(folder: Path, helper: str = "abs", first: str = "", second: str = "") -> tuple[Path, Curriculum]:
    """A course of two katas, whose practice steps are `second` and `deep`."""
    (folder / "tests" / "lesson_1_a").mkdir(parents=True)
    (folder / "solutions" / "lesson_1_a").mkdir(parents=True)
    for kata, core, names in (
        ("kata_01_b", "plain", ("plain", "deep")),
        ("kata_02_c", "first", ("first", "second")),
    ):
        tests = "".join(f"def test_{name}__works(): pass\n" for name in names)
        (folder / "tests" / "lesson_1_a" / f"{kata}.py").write_text(f'\nCORE = ("{core}",)\n{tests}')
    text = _SOLUTION.format(helper=helper, first=first, second=second)
    (folder / "solutions" / "lesson_1_a" / "kata_02_c.py").write_text(text)
    return folder, read_curriculum(folder)
