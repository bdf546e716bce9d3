"""Every rule of the form can fail: made-up texts that break one rule each."""

from __future__ import annotations

import re

import pytest

from .card_form import (
    OLD_EXPRESSIONS,
    card_problems,
    hint_problems,
    introduction_problems,
    old_expressions,
    sentences,
    why_problems,
    words,
)

CARD = """\
Return x, each row divided by its sum.

Args:
    x: a tensor (N, D) of positive floats.

Returns:
    A tensor of shape (N, D) that does not share memory with x.

Must:
    - accept N = 0

Example:
    >>> shares(torch.tensor([[1.0, 3.0]]))
    tensor([[0.2500, 0.7500]])

Foundations: the last line of softmax.
"""
LONG = "one two three four five six seven eight nine ten " * 2
INTRODUCTION = """\
Rows become proportions.

A row of counts says how often. Its proportions say how likely:

    >>> 1.0 / (1.0 + 3.0)
    0.25

Every step: tensors are float32.

Afterwards you can divide rows by their sums.
"""
HINTS = "Which dimension does [`sum`](https://docs.pytorch.org/docs/stable/generated/torch.sum.html) remove?"


def without(name):
    """The card without one of its sections."""
    return "\n\n".join(part for part in CARD.split("\n\n") if not part.startswith(f"{name}:"))


def test_a_card_in_the_form_has_no_problems():
    assert card_problems(CARD.strip()) == []
    assert card_problems(CARD.strip().replace("Returns:", "Yields:")) == []
    assert card_problems(CARD.strip().replace("Foundations:", "Grows from:")) == []
    both = CARD.strip().replace("Returns:", "Attributes:\n    scale: a float.\n\nMethods:")
    assert card_problems(both, is_class=True) == []


@pytest.mark.parametrize(
    ("card", "says"),
    [
        (CARD.replace("positive floats", f"positive floats, {LONG}"), "columns, at most 72"),
        (CARD.replace("    - accept N = 0", "    - accept N = 0\n" * 12), "lines, at most 24"),
        (CARD.replace("Must:", "You learn:"), "there is no section You learn"),
        (CARD.replace("Must:", "Returns:"), "the section Returns is there twice"),
        (CARD.replace("Returns:", "Must :").replace("Must:", "Returns:").replace("Must :", "Must:"), "the order"),
        (CARD.replace("Must:", "Yields:"), "both Returns and Yields"),
        (without("Foundations"), "a card ends in Foundations or in Grows from"),
        (f"{CARD}\nGrows from: normalize.", "a card ends in Foundations or in Grows from"),
        (without("Example"), "no Example"),
        (CARD.replace(">>> ", ""), "no Example"),
        (CARD.replace("its sum.\n", "its sum.\nThe sum must not be 0.\n"), "one sentence on one line"),
        (CARD.replace("its sum.\n\n", "its sum.\n"), "no blank line before Args"),
        (CARD.replace("    - accept N = 0\n", ""), "Must is empty"),
        (CARD.replace("0.7500]])\n\n", "0.7500]])\n"), "no blank line before Foundations"),
        (
            CARD.replace("accept N = 0", f"accept\n      {LONG[:60]}\n      {LONG[:60]}\n      {LONG[:60]}"),
            "words, at most 25",
        ),
        (CARD.replace("the last line", f"{LONG[:50]}\n{LONG[:60]}\n{LONG[:60]} the last line"), "words, at most 25"),
        (CARD.replace("does not share memory", "has memory of its own: not"), "memory of its own"),
    ],
)
def test_a_card_that_breaks_a_rule_is_told_which(card, says):
    found = card_problems(card.strip())
    assert any(says in each for each in found), found


def test_a_class_may_have_more_lines_up_to_30():
    demands = "    - accept N = 0\n"
    longer = CARD.strip().replace(demands, demands * (30 - len(CARD.strip().splitlines()) + 1))
    assert len(longer.splitlines()) == 30
    assert "30 lines" in card_problems(longer)[0]
    assert card_problems(longer, is_class=True) == []
    assert "31 lines" in card_problems(longer.replace(demands, demands * 2, 1), is_class=True)[0]


def test_arguments_examples_and_formulas_may_be_long():
    entry = f"    x: {LONG[:60]}\n        {LONG[:60]}\n        {LONG[:60]}"
    assert card_problems(CARD.strip().replace("    x: a tensor (N, D) of positive floats.", entry)) == []
    assert words("the mean is (x - mean) / sqrt(var + eps) * weight + bias now") == 5
    assert words("call `torch.no_grad() as often as you like` once") == 3


@pytest.mark.parametrize(
    ("why", "says"),
    [
        ("You summed. You divided. Divide first.", "3 sentences"),
        (f"You summed {LONG}. Divide.", "words, at most 20"),
        (f"You {'incomprehensibly ' * 12}. Divide.", "characters, at most 200"),
        ("You divided by the columns. Mend that.", "an old expression: Mend"),
    ],
)
def test_a_why_that_breaks_a_rule_is_told_which(why, says):
    assert any(says in each for each in why_problems(why)), why_problems(why)


def test_a_why_in_the_form_has_no_problems():
    assert why_problems("You used w.grad as a tensor, but it is None. backward() fills .grad.") == []
    assert sentences("It is None. backward() fills .grad. Clear `x.`") == [
        "It is None.",
        "backward() fills .grad.",
        "Clear `x.`",
    ]


@pytest.mark.parametrize(
    ("hints", "says"),
    [
        ("Which dimension does sum remove?", "no link"),
        ("See [sum](https://example.org/sum).", "no link"),
        (f"{HINTS} {LONG} {LONG}", "words, at most 25"),
        (f"{HINTS} Turned\nround, it fits.", "an old expression: Turned round"),
    ],
)
def test_hints_that_break_a_rule_are_told_which(hints, says):
    assert hint_problems(HINTS) == []
    assert any(says in each for each in hint_problems(hints)), hint_problems(hints)


@pytest.mark.parametrize(
    ("introduction", "says"),
    [
        (INTRODUCTION.replace("how likely:", f"how likely: {LONG}"), "columns, at most 76"),
        (INTRODUCTION.replace("Its", "\n" * 14 + "Its"), "lines, at most 22"),
        (INTRODUCTION.replace("proportions.\n", "proportions\n", 1), "the title"),
        (INTRODUCTION.replace("proportions.\n\n", "proportions.\n", 1), "the title"),
        (INTRODUCTION.replace(">>> ", ""), "no worked example"),
        (INTRODUCTION.replace("Afterwards", "Then"), "Afterwards you can"),
        (INTRODUCTION.replace("float32.", "float32.\nReally.\nReally."), "more than two lines"),
        (INTRODUCTION.replace("float32.", f"float32\n{LONG[:60]}\n{LONG} {LONG[:60]}."), "words, at most 25"),
        (INTRODUCTION.replace("how often", "what stands there"), "an old expression"),
    ],
)
def test_an_introduction_that_breaks_a_rule_is_told_which(introduction, says):
    assert introduction_problems(INTRODUCTION.strip()) == []
    found = introduction_problems(introduction.strip())
    assert any(says in each for each in found), found


@pytest.mark.parametrize(
    "text",
    [
        *("an own dtype", "it answers with 3", "they change places", "the commonest", "the dearest", "in every turn"),
        *("it goes backward", "that has its reason", "it holds on to x", "it lies in order in memory", "mended"),
        *("numbers with a point", "memory of its own", "send backward", "you shall", "x stays as it is"),
        *("they stay as they are", "x is left alone", "such a one", "that of the one that", "tracked leaves"),
        *("truth values", "turned round", "what came out", "what stands there", "what was there before"),
        *("something from before", "whole numbers", "a column without spread", "worked out", "and said"),
    ],
)
def test_an_old_expression_is_found(text):
    assert len(old_expressions(text)) == 1


def test_every_old_expression_is_tried_above():
    marks = [mark for mark in test_an_old_expression_is_found.pytestmark if mark.name == "parametrize"]
    tried = " | ".join(marks[0].args[1])
    assert not [each for each in OLD_EXPRESSIONS if not re.search(rf"\b({each})\b", tried)]


@pytest.mark.parametrize("text", ["amend it", "`mend` is a name", "a known place", "mend", "the shallow one"])
def test_parts_of_words_code_and_names_of_steps_are_no_old_expressions(text):
    assert old_expressions(text, {"mend"}) == []
