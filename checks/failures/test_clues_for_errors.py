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


PRODUCT = (
    "In a matrix product, the last size of the left factor must equal the second-to-last size of the right factor."
)


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
            "Broadcasting compares shapes from the right. Two sizes must be equal, or one of them must be 1. "
            "Here a has shape (3,) and b has shape (4,).",
        ),
        (
            "return a @ x",
            {"a": torch.ones(2, 5), "x": torch.ones(3)},
            "In a product with a vector, the last size of the left factor must equal the size of the vector. "
            "Here a has shape (2, 5) and x has shape (3,).",
        ),
        (
            "return labels.sum() * (a @ x)",
            {"a": torch.ones(3), "x": torch.ones(2), "labels": torch.ones(2)},
            "In a product of two vectors, both must have the same size. "
            "Here the left vector has size 3, and the right vector has size 2.",
        ),
        (
            "return labels.sum() * (a @ x)",
            {"a": torch.ones(2, 5), "x": torch.ones(3), "labels": torch.ones(4, 1)},
            "In a product with a vector, the last size of the left factor must equal the size of the vector. "
            "Here a has shape (2, 5) and x has shape (3,).",
        ),
        (
            "a += x",
            {"a": torch.ones(2), "x": X},
            "The result of an in-place operation must have the shape of the tensor that it changes. "
            "Here a has shape (2,) and x has shape (5, 2).",
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
    assert said(tmp_path, "return optimizer.update()", optimizer=optimizer) == "optimizer is an SGD here."


@pytest.mark.filterwarnings("ignore:The .grad attribute of a Tensor that is not a leaf")
@pytest.mark.parametrize(
    ("body", "says"),
    [
        (
            "return range(torch.tensor(2.0))",
            "A tensor was used as a single integer. It must have one entry and an integer dtype.",
        ),
        (
            "return x.sum().backward()",
            "The backward pass starts at a tensor that does not require grad and has no graph.",
        ),
        ("return x.max(0).sum()", "This function returned a tuple of several tensors, for example values and indices."),
        ("assert x is None", "This error comes from the `assert` that you wrote on this line."),
        ("y = 2 * (x + z)\nz = 1", "z gets its value later in this function, or in a branch that did not run."),
        ("return missing(x)", "Nothing in this file has the name missing when this line runs."),
        (
            "return nn.MSELoss(x, x)",
            "You passed the tensors when you created the loss. Pass them when you call the loss.",
        ),
        (
            "y = x.requires_grad_() * 1\ny.sum().backward()\nreturn y.grad + 1",
            "y.grad is None here. y was computed from other tensors, and by default only a leaf tensor gets a .grad.",
        ),
    ],
)
def test_an_error_in_plain_words(tmp_path, body, says):
    assert said(tmp_path, body, x=torch.ones(3)) == says


class Net(nn.Module):
    """A module whose own __dir__ must not run."""

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(3, 1)

    def __dir__(self):
        raise AssertionError("a clue must not run this")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("return x.Mean()", "A Tensor has no Mean. Did you mean mean?"),
        ("return x.sum().sahpe", "A Tensor has no sahpe. Did you mean shape?"),
        ("return torch.tenso(1)", "torch has no tenso. Did you mean tensor?"),
        ("return nn.relu(x)", "torch.nn has no relu. Did you mean ReLU?"),
        ("return torch.Tensor.Mean(x)", "Tensor has no Mean. Did you mean mean?"),
        ("return net.hiden(x)", "A Net has no hiden. Did you mean hidden?"),
        ("return [x].apend(x)", "A list has no apend. Did you mean append?"),
        # Neither a private name nor an in-place operation is a suggestion, and nothing else is similar.
        ("return x.copy()", "x is a Tensor here."),
        ("return x.tolist_of_rows", "x is a Tensor here."),
        ("return torch.nothing_like_this(x)", ""),
        ("return xs + 1, x2", "Nothing in this file has the name xs when this line runs."),
        ("width = 1\nreturn widht", "Nothing in this file has the name widht when this line runs. Did you mean width?"),
        ("return trch.ones(1)", "Nothing in this file has the name trch when this line runs. Did you mean torch?"),
        ("return Len(x)", "Nothing in this file has the name Len when this line runs. Did you mean len?"),
    ],
)
def test_a_misspelled_name_is_found_among_the_names_that_exist(tmp_path, body, says):
    assert said(tmp_path, body, x=torch.ones(3), net=Net()) == says
