"""Every kata has cards, whys, hints and an introduction in the form (see CONTRIBUTING.md)."""

from __future__ import annotations

import re

from dojo.authoring.card_copies import with_cards_of_stubs
from dojo.authoring.lesson_pages import with_katas
from dojo.commands.docs import documented
from dojo.commands.graph import recorded_graphs
from dojo.commands.show import pictures_of
from dojo.course.curriculum import Kata, Step
from dojo.course.definitions import read_definitions
from dojo.course.documentation import pages_in, pages_of_kata
from dojo.course.hints import read_hints
from dojo.course.introductions import read_introduction
from dojo.course.kept_answers import Answer
from dojo.course.layout import Course, file_in
from dojo.course.picture_of_step import picture_of

from .card_form import card_problems, hint_problems, introduction_problems, why_problems
from .conftest import CURRICULUM, ROOT

NAMES = frozenset(step.name for step in CURRICULUM.steps())


def _problems_of_card(step: Step) -> list[str]:
    stub = read_definitions(ROOT / "katas" / f"{step.kata_id}.py")[step.name]
    return card_problems(stub.docstring, NAMES, is_class=stub.is_class)


def _problems_of_introduction(kata: Kata) -> list[str]:
    return introduction_problems("\n".join(read_introduction(ROOT, kata.id).lines), NAMES)


def _problems_of_hints(step: Step) -> list[str]:
    return hint_problems("\n\n".join(hint.text for hint in read_hints(ROOT, step)), NAMES)


def test_a_card_is_in_the_form(step: Step):
    problems = _problems_of_card(step)
    assert not problems, problems


def test_hints_are_in_the_form_and_have_a_link(step: Step):
    assert _problems_of_hints(step) == []


def test_a_why_is_in_the_form(kata: Kata, mistake: Answer):
    assert why_problems(mistake.says, NAMES) == []


def test_an_introduction_is_in_the_form(kata: Kata):
    assert _problems_of_introduction(kata) == []


def test_solutions_have_the_cards_of_the_stubs(kata: Kata):
    text, changed = with_cards_of_stubs(ROOT, kata)
    assert changed == [], "dojo sync-cards copies them"
    assert text == (ROOT / "solutions" / f"{kata.id}.py").read_text(encoding="utf-8")


def test_the_last_test_of_a_step_runs_the_example_on_its_card(step: Step):
    assert step.tests[-1] == f"test_{step.name}__does_what_its_example_shows"


def test_every_link_leads_to_a_page_of_the_documentation(kata: Kata):
    text = (ROOT / file_in("hints", kata.id)).read_text(encoding="utf-8")
    pages = pages_in(text)
    assert len(pages) == len(set(re.findall(r"\]\((\S+?)\)", text))), "a link leads elsewhere"
    for page in pages:
        assert re.fullmatch(r"https://docs\.pytorch\.org/docs/stable/[\w./-]+\.html(#[\w.-]+)?", page.address), page
        assert not page.documents or documented(page.documents) is not None, page


def test_a_kata_names_pages_of_the_documentation_on_its_concepts(kata: Kata):
    assert 1 <= len(pages_of_kata(ROOT, kata.id)) <= 5


def test_the_picture_that_a_step_offers_can_be_drawn(kata: Kata):
    course = Course.at(ROOT, "solutions")
    text = (ROOT / file_in("hints", kata.id)).read_text(encoding="utf-8")
    offered = {step: picture for step in kata.steps if (picture := picture_of(ROOT, step))}
    assert len(offered) == text.count("Picture:"), "a line that nobody reads"
    for step, picture in offered.items():
        assert picture.name == step.name
        if picture.command == "graph":
            assert recorded_graphs(course, step), f"{step.name} records nothing"
        else:
            assert pictures_of(course, CURRICULUM, step)


def test_the_page_of_the_lesson_shows_what_the_kata_says(kata: Kata):
    lesson, _ = CURRICULUM.place(kata.steps[0])
    page = (ROOT / "katas" / lesson.id / "README.md").read_text(encoding="utf-8")
    assert f"<!-- {kata.file} -->" in page, "the page has no place for the kata"
    assert f"<!-- end of {kata.file} -->" in page, "the page has no place for the kata"
    assert page == with_katas(ROOT, page, lesson), "run dojo sync-cards"
