"""A card is shown as it is written from 80 columns on, wrapped section by section below, and never cut."""

from __future__ import annotations

import pytest

from dojo.course.cards import definition_with_card
from dojo.course.curriculum import read_curriculum
from dojo.course.definitions import read_source
from dojo.course.introductions import read_introduction
from dojo.reports.card import card_lines, introduction_lines
from dojo.support.styled_lines import text_of

from ..small_course import ROOT

REWRITTEN = ("accumulate", "clear", "Dropout", "BatchNorm", "freeze_statistics")
CURRICULUM = read_curriculum(ROOT)

STEP = CURRICULUM.named("clear")
CARD = '''\
def clear(x):
    """Clear x.

    Args:
        x, y: a tensor of shape (N, D) and a tensor of shape (N,), both of
            them float32.

    Returns:
        A tensor of shape (N, D) that does not share memory with the tensor
        x, for all i: r[i] = x[i].

    Must:
        - accept an x with no rows
        - leave x as the caller gave it, including its strides and its
          gradient

    Example:
        >>> clear(torch.tensor([[1.0, 2.0, 3.0]]), torch.tensor([4.0]))
        tensor([[0., 0., 0.]])

    Foundations: zero. The sum of nothing is zero, and so is the product of
    anything with zero.
    """
    raise NotImplementedError
'''


def shown(text, width, shared=""):
    definition = read_source(text).by_name()["clear"]
    return [text_of(line) for line in card_lines(STEP, definition, shared, width)]


@pytest.mark.parametrize("name", REWRITTEN)
@pytest.mark.parametrize("width", [80, 200])
def test_a_card_is_printed_as_it_is_written_from_80_columns_on(name, width):
    step = CURRICULUM.named(name)
    definition = definition_with_card(ROOT, step)
    lines = [text_of(line) for line in card_lines(step, definition, "", width)]
    written = [f"      {line}" if line else "" for line in definition.docstring.splitlines()]
    assert lines[-len(written) :] == written
    assert max(map(len, lines)) <= 78
    assert lines[0].startswith(("  def ", "  class "))


def test_below_80_columns_a_card_is_wrapped_section_by_section():
    assert shown(CARD, 50) == [
        "  def clear(x):",
        "      Clear x.",
        "",
        "      Args:",
        "          x, y: a tensor of shape (N, D) and a",
        "              tensor of shape (N,), both of them",
        "              float32.",
        "",
        "      Returns:",
        "          A tensor of shape (N, D) that does not",
        "          share memory with the tensor x, for all",
        "          i: r[i] = x[i].",
        "",
        "      Must:",
        "          - accept an x with no rows",
        "          - leave x as the caller gave it,",
        "            including its strides and its gradient",
        "",
        "      Example:",
        "          >>> clear(torch.tensor([[1.0, 2.0, 3.0]]), torch.tensor([4.0]))",
        "          tensor([[0., 0., 0.]])",
        "",
        "      Foundations: zero. The sum of nothing is",
        "      zero, and so is the product of anything with",
        "      zero.",
    ]


def test_a_card_that_is_not_rewritten_is_wrapped_and_not_cut():
    paragraphs = "\n\n".join(f"    Paragraph {number}: {'word ' * 22}" for number in range(12))
    lines = shown(f'def clear(x):\n    """Clear x.\n\n{paragraphs}\n    """\n    pass\n', 80)
    assert sum("Paragraph" in line for line in lines) == 12
    assert len(lines) > 36
    assert max(map(len, lines)) <= 80


def test_what_all_steps_share_is_dim_below_the_card():
    definition = read_source(CARD).by_name()["clear"]
    shared = "Every step: tensors are float32, and x is not modified by anything that you call."
    lines = card_lines(STEP, definition, shared, 60)
    assert [(piece.text, piece.style) for line in lines[-3:] for piece in line] == [
        ("      Every step: tensors are float32, and x is not modified", "dim"),
        ("      by anything that you call.", "dim"),
    ]
    assert all(piece.style != "dim" for line in lines[:-3] for piece in line)


def test_a_class_shows_how_it_is_called():
    step = CURRICULUM.named("BatchNorm")
    lines = [text_of(line) for line in card_lines(step, definition_with_card(ROOT, step), "", 80)]
    assert lines[:3] == [
        "  class BatchNorm(nn.Module):",
        "      BatchNorm(size, momentum=0.1, eps=1e-05)",
        "      Normalize each column with batch statistics or running statistics.",
    ]


def test_a_step_without_a_card_says_so():
    assert [text_of(line) for line in card_lines(STEP, None, "")] == ["  It is not written yet."]


def test_an_introduction_is_printed_as_it_is_written_from_80_columns_on():
    text = read_introduction(ROOT, STEP.kata_id)
    lines = [text_of(line) for line in introduction_lines(text, 80)]
    assert lines == list(text.lines)
    narrow = [text_of(line) for line in introduction_lines(text, 60)]
    assert "    >>> (10 * a).backward()" in narrow
    assert max(len(line) for line in narrow if not line.startswith("    ")) <= 60
    assert " ".join(" ".join(narrow).split()) == " ".join(" ".join(text.lines).split())
