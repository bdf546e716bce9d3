"""Words for sentences: the start of a sentence, one thing or several, articles, and numbers."""

from __future__ import annotations

import pytest

from dojo.support.text import counted, is_plural, listed, sentence_start, with_article


@pytest.mark.parametrize(
    ("words", "start"),
    [
        ("the loss", "The loss"),
        ("your result", "Your result"),
        ('accuracies["train"]', 'accuracies["train"]'),
        ("losses[0] of your result", "losses[0] of your result"),
        ("model.weight", "model.weight"),
        ("first", "`first`"),
        ("", ""),
    ],
)
def test_code_keeps_its_letters_at_the_start_of_a_sentence(words, start):
    assert sentence_start(words) == start


@pytest.mark.parametrize(
    ("name", "several"),
    [
        ("the labels of the batch", True),
        ("the loss after 3 steps", False),
        ("the bias", False),
        ("whether the run overfits", False),
        ("the names of the children", True),
        ("the children", True),
    ],
)
def test_a_name_stands_for_one_thing_or_for_several(name, several):
    assert is_plural(name) == several


@pytest.mark.parametrize(
    ("name", "said"), [("SGD", "an SGD"), ("int", "an int"), ("list", "a list"), ("MLP", "an MLP")]
)
def test_an_article(name, said):
    assert with_article(name) == said


def test_a_number_with_its_noun_and_the_first_of_many_names():
    assert [counted(number, "step") for number in (0, 1, 1200)] == ["0 steps", "1 step", "1,200 steps"]
    assert [listed("abcde"[:number]) for number in (1, 3, 5)] == ["a", "a, b, c", "a, b, c and 2 more"]
