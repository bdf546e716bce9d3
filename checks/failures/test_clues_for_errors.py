"""What a clue says of an error, computed from the failing line: only what the error is about."""

from __future__ import annotations

import importlib.util
import textwrap

import pytest
import torch
from torch import nn

from dojo.failures.clues.errors import clue_for_error

X, LABELS = torch.ones(5, 2), torch.ones(5, 1)


def said(tmp_path, body, **arguments):
    """The clue for the error that a function with this body raises."""
    path = tmp_path / "answer.py"
    head = f"import torch\nfrom torch import nn\n\n\ndef answer({', '.join(arguments)}):\n"
    path.write_text(head + textwrap.indent(body, "    ") + "\n")
    spec = importlib.util.spec_from_file_location("answer", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    try:
        module.answer(**arguments)
    except Exception as error:
        clue = clue_for_error(error, tmp_path)
        return clue.sentence if clue else ""
    raise AssertionError("no error")


PRODUCT = "In a matrix product, the last size of the left factor must equal the second last of the right one."


@pytest.mark.parametrize(
    ("body", "arguments", "says"),
    [
        (
            "return ((x @ w - labels) ** 2).mean()",
            {"x": X, "w": torch.ones(3, 1), "labels": LABELS},
            f"{PRODUCT} Here x has shape (5, 2) and w has shape (3, 1).",
        ),
        (
            "return nn.functional.mse_loss(layer(x), labels)",
            {"layer": nn.Linear(4, 3), "x": X, "labels": LABELS},
            f"{PRODUCT} Here layer.weight.T has shape (4, 3) and x has shape (5, 2).",
        ),
        (
            "return a + b, labels",
            {"a": torch.ones(3), "b": torch.ones(4), "labels": LABELS},
            "Shapes are compared from the right: two sizes must be equal, or one of them 1. "
            "Here a has shape (3,) and b has shape (4,).",
        ),
        ("return x[-7]", {"x": torch.ones(2)}, "An index is outside its dimension. Here x has shape (2,)."),
    ],
)
def test_shapes_are_those_that_the_error_is_about(tmp_path, body, arguments, says):
    assert said(tmp_path, body, **arguments) == says


def test_a_module_is_named_by_a_parameter(tmp_path):
    says = said(tmp_path, "return layer(x)", layer=nn.Linear(2, 1), x=X.double())
    assert says.endswith("Here layer.weight is float32 and x is float64.")


def test_a_name_has_its_article(tmp_path):
    optimizer = torch.optim.SGD([torch.ones(1)], lr=0.1)
    assert said(tmp_path, "return optimizer.steps()", optimizer=optimizer) == "optimizer is an SGD here."
