"""`dojo docs`: the pages of PyTorch's documentation for a step."""

from __future__ import annotations

import pytest

from dojo.commands import docs
from dojo.course.documentation import Page, pages_in
from dojo.support.errors import DojoError

ADDRESS = "https://docs.pytorch.org/docs/stable/generated/torch."
HINTS = f"""# Hints: doubling

Documentation: [`torch.mul`]({ADDRESS}mul.html), [Tensor
views](https://docs.pytorch.org/docs/stable/tensor_view.html).

## double

### Hint 1

See [`torch.add`]({ADDRESS}add.html).

### Hint 2

See [`torch.clone`]({ADDRESS}clone.html).

## total

### Hint 1

A question.

## Counter

### Hint 1

A question.
"""


@pytest.fixture
def online(course, monkeypatch):
    course.write("hints/lesson_1_numbers/kata_01_doubling.md", HINTS)
    monkeypatch.setattr(docs, "_is_online", lambda: True)
    return course


def test_the_pages_of_the_kata_are_shown_and_no_hint_is_given_away(online):
    shown = online.dojo_with_torch("docs", "double")
    assert shown.status == 0
    assert f"torch.mul\n  {ADDRESS}mul.html" in shown.out
    assert "Tensor views\n  https://docs.pytorch.org/docs/stable/tensor_view.html" in shown.out
    assert "torch.add" not in shown.out
    online.dojo("hint", "double")
    shown = online.dojo_with_torch("docs", "double")
    assert f"{ADDRESS}add.html" in shown.out
    assert "torch.clone" not in shown.out


def test_without_a_network_the_installed_pytorch_speaks(online, monkeypatch):
    monkeypatch.setattr(docs, "_is_online", lambda: False)
    shown = online.dojo_with_torch("docs", "double")
    assert shown.status == 0
    assert "docs.pytorch.org can't be reached" in shown.out
    assert "Multiplies :attr:`input` by :attr:`other`" in shown.out
    assert "torch.add" not in shown.out


def test_pages_are_opened_in_a_browser(online, monkeypatch):
    opened = []
    monkeypatch.setattr(docs.webbrowser, "open", lambda address: opened.append(address) or True)
    docs.show_documentation(online.root, "double", opens=True)
    assert opened == [f"{ADDRESS}mul.html", "https://docs.pytorch.org/docs/stable/tensor_view.html"]
    monkeypatch.setattr(docs.webbrowser, "open", lambda address: False)
    with pytest.raises(DojoError, match="No browser could be opened"):
        docs.show_documentation(online.root, "double", opens=True)


def test_a_kata_without_pages_says_where_pages_come_from(course):
    shown = course.dojo("docs", "double")
    assert (shown.status, shown.lines) == (0, ["  double has no page yet. Its hints name pages: dojo hint double"])


def test_an_address_says_what_it_documents():
    assert [page.documents for page in pages_in(HINTS)] == ["torch.mul", "", "torch.add", "torch.clone"]
    assert Page("x", f"{ADDRESS}nn.Linear.html#torch.nn.Linear").documents == "torch.nn.Linear"
    assert docs.documented("torch.nn.functional.relu") is not None
    assert docs.documented("torch.autograd.gradcheck.gradcheck") is not None
    assert docs.documented("torch.no_such_thing") is None
