"""`dojo docs`: the pages of PyTorch's documentation for a step."""

from __future__ import annotations

import inspect
import re

import pytest

from dojo.commands import docs
from dojo.course.documentation import Page, pages_in
from dojo.reports.plain_docstring import plain_docstring
from dojo.support.errors import DojoError

from ..small_course import ROOT

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
    assert "Multiplies `input` by `other`." in shown.out
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


SPHINX = r"""multiply(input, other) -> Tensor

Multiplies :attr:`input` by :attr:`other`, as :func:`~torch.Tensor.mul` does. See :ref:`broadcasting
<broadcasting-semantics>` and `a page <https://pytorch.org/>`__.

.. math::

    \text{out}_{i} = \frac{\text{input}_i \times \sqrt{1 + \epsilon}}{2}

    \mu_{i+1} = \left\{ x \right\}

.. note::
    The size is :math:`(j \times 1)` and ``k`` is :math:`\frac{1}{\text{in\_features}} < 1`.

.. function:: multiply(input) -> Tensor
   :noindex:

Example::

    >>> {"a": "b\n"}
"""
PLAIN = r"""multiply(input, other) -> Tensor

Multiplies `input` by `other`, as `torch.Tensor.mul` does. See broadcasting and a page (https://pytorch.org/).

    out_i = (input_i × sqrt(1 + ε)) / (2)
    μ_(i+1) = { x }

Note:
    The size is (j × 1) and `k` is 1/in_features < 1.

multiply(input) -> Tensor

Example:

    >>> {"a": "b\n"}
"""


def test_a_docstring_is_shown_without_the_markup_of_sphinx_and_latex():
    assert plain_docstring(SPHINX) == PLAIN


def test_no_page_of_a_hint_leaves_markup_on_the_screen():
    """The installed PyTorch's docstrings, as they are."""
    hints = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "hints").glob("*/*.md"))
    names = {page.documents for page in pages_in(hints)} - {""}
    texts = {name: plain_docstring(inspect.getdoc(docs.documented(name)) or "") for name in names}
    left = {
        name: re.findall(r":[a-z]+:`.*|\\(?:text|frac|times).*|^ *\.\. \w+::.*", texts[name], re.M) for name in texts
    }
    assert len(names) > 100
    assert {name: found for name, found in left.items() if found} == {}
