"""Cards and what all steps share are read as text, from whichever file has them."""

from __future__ import annotations

from dojo.course.cards import definition_with_card, every_step, is_in_sections, sections_of
from dojo.course.curriculum import read_curriculum

CARD = """\
Return twice x.

Args:
    x: a tensor.

Grows from: total,
which adds.
"""


def test_a_card_is_cut_into_its_sections():
    found = sections_of(CARD)
    assert [section.name for section in found] == ["", "Args", "Grows from"]
    assert found[0].lines == ("Return twice x.",)
    assert found[1].lines == ("Args:", "    x: a tensor.")
    assert found[2].lines == ("Grows from: total,", "which adds.")
    assert [section.name for section in sections_of("Return x.\n\nIn Foundations: x.")] == [""]


def test_a_card_is_in_sections_if_it_is_narrow_enough():
    assert is_in_sections(CARD)
    assert not is_in_sections("Return twice x.")
    assert is_in_sections(CARD.replace("a tensor.", "a" * 65))
    assert not is_in_sections(CARD.replace("a tensor.", "a" * 66))


def test_what_all_steps_share_is_in_the_introduction_or_on_the_lessons_page(course):
    kata = "lesson_1_numbers/kata_01_doubling"
    assert every_step(course.root, kata) == ""
    course.write(
        "katas/lesson_1_numbers/README.md", "# Lesson 1: numbers\n\nEvery step: x is\nnot modified.\n\nMore.\n"
    )
    assert every_step(course.root, kata) == "Every step: x is not modified."
    text = '"""Doubling.\n\nEvery step: tensors\nare float32.\n\nAfterwards you can double.\n"""\n'
    course.write(course.kata, text + (course.root / course.kata).read_text().partition('"""\n')[2])
    assert every_step(course.root, kata) == "Every step: tensors are float32."
    assert every_step(course.root, "lesson_2_words/kata_01_shouting") == ""


def test_the_card_is_the_solutions_if_the_learner_took_it_out(course):
    step = read_curriculum(course.root).named("double")
    assert "In Foundations" in definition_with_card(course.root, step).docstring
    course.write(course.kata, "def double(x):\n    raise NotImplementedError\n")
    assert definition_with_card(course.root, step).docstring == "Return twice x."
    course.write("solutions/lesson_1_numbers/kata_01_doubling.py", "def double(x):\n    return 2 * x\n")
    assert definition_with_card(course.root, step) is None
