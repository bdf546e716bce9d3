"""How reports describe a value: on several lines, and on one line as it would be typed."""

from __future__ import annotations

import queue
import types

import numpy as np
import pytest
import torch
from torch import nn

from dojo.failures.values import inline, show, show_both


class Silent:
    pass


class Broken:
    def __repr__(self) -> str:
        raise ValueError("no words")


def _deep(levels: int) -> list:
    return [_deep(levels - 1)] if levels else []


def _tracked() -> torch.Tensor:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    x.grad = torch.zeros(2)
    return x


_SIZES = "Linear(in_features={}, out_features={}, bias=False)"


def _filled(module: nn.Module, value: float) -> nn.Module:
    for parameter in module.parameters():
        nn.init.constant_(parameter, value)
    return module


def _own(size: int) -> nn.Module:
    module = nn.Module()
    module.inner = nn.Tanh()
    module.weight = nn.Parameter(torch.ones(size, size))
    module.gain = nn.Parameter(torch.ones(1), requires_grad=False)
    return module


PAIR = (lambda x: x + 1, lambda x: x - 1)
DEEP = "    return [_deep(levels - 1)] if levels else []"
NAMED = {"double": lambda x: 2 * x}
WHOLE = {
    "a tensor": (
        lambda: torch.tensor([[1.0, 2.5]]),
        "float32 tensor, shape (1, 2), on cpu",
        ("[[1. , 2.5]]",),
    ),
    "no elements": (
        lambda: torch.zeros(0, 3),
        "float32 tensor, shape (0, 3), on cpu",
        ("(no elements)",),
    ),
    "a leaf with a gradient": (
        _tracked,
        "float32 tensor, shape (2,), on cpu, .grad is set",
        ("[1., 2.]",),
    ),
    "a result": (
        lambda: _tracked() * 2,
        "float32 tensor, shape (2,), on cpu, from MulBackward0",
        ("[2., 4.]",),
    ),
    "many rows": (
        lambda: torch.arange(22).reshape(11, 2),
        "int64 tensor, shape (11, 2), on cpu",
        ("[[ 0,  1],", " [ 2,  3],", " [ 4,  5],", " [ 6,  7],", " [ 8,  9],", " [10, 11],", " …", " [20, 21]]"),
    ),
    "a sparse tensor": (
        lambda: torch.eye(2).to_sparse(),
        "float32 tensor, shape (2, 2), on cpu, sparse_coo",
        (),
    ),
    "an array": (lambda: np.array([1, 2]), "int64 NumPy array, shape (2,)", ("[1, 2]",)),
    "a NumPy number": (lambda: np.float32(2.5), "2.5 (numpy.float32)", ()),
    "a dtype": (lambda: torch.float64, "torch.float64 (torch.dtype)", ()),
    "a device": (lambda: torch.device("cpu"), "cpu (torch.device)", ()),
    "None": (lambda: None, "None", ()),
    "a number": (lambda: 2, "2 (int)", ()),
    "a text": (lambda: "two", "'two' (str)", ()),
    "a list": (lambda: [1, "a"], "list of 2", ("[1, 'a']",)),
    "a function": (lambda: np.linalg.norm, "the function norm", ()),
    "a function of a test": (lambda: _deep, "def _deep(levels: int) -> list:", (DEEP,)),
    "one of two lambdas on a line": (lambda: PAIR[1], "lambda x: x - 1", ()),
    "a named tuple of PyTorch": (
        lambda: torch.tensor([[1.0, 2.0]]).max(dim=1),
        "named tuple (values, indices)",
        ("max(values=tensor([2.]), indices=tensor([1]))",),
    ),
    "many numbers": (
        lambda: [0.1 * 3] * 4,
        "list of 4",
        ("[0.30000000000000004, 0.30000000000000004, 0.30000000000000004,", " 0.30000000000000004]"),
    ),
    "a class": (lambda: Silent, "the class Silent", ()),
    "a generator": (lambda: (n for n in ()), "a generator", ()),
    "an optimizer": (lambda: torch.optim.SGD([_tracked()], lr=0.5), "an SGD(lr=0.5)", ()),
    "without a repr of its own": (Silent, "a Silent", ()),
    "a large layer": (lambda: nn.Linear(3, 3, bias=False), "a Linear", (f"{_SIZES.format(3, 3)}",)),
    "a layer with few numbers": (
        lambda: _filled(nn.Linear(2, 1, bias=False), 0.25),
        f"a {_SIZES.format(2, 1)}",
        ("weight (1, 2): [[0.25, 0.25]]",),
    ),
    "a module with parameters of its own": (
        lambda: _own(3),
        "a Module",
        ("(inner): Tanh()", "weight (3, 3)", "gain (1,), frozen: [1.0]"),
    ),
    "a layer without shapes yet": (
        lambda: nn.LazyLinear(2, bias=False),
        "a LazyLinear",
        (f"Lazy{_SIZES.format(0, 2)}",),
    ),
    "what can't be shown": (Broken, "a Broken that can't be shown (ValueError)", ()),
}
TYPED = {
    "a tensor": (lambda: torch.tensor([1.0, 0.12345]), "tensor([1. , 0.12345])"),
    "of another dtype": (lambda: torch.tensor([1], dtype=torch.int32), "tensor([1], dtype=int32)"),
    "without elements": (lambda: torch.zeros(0, 3), "tensor([], size=(0, 3))"),
    "tracked": (_tracked, "tensor([1., 2.], requires_grad=True)"),
    "a result": (lambda: _tracked().sum(), "tensor(3., grad_fn=<SumBackward0>)"),
    "a large tensor": (lambda: torch.zeros(3, 3), "<float32 tensor (3, 3)>"),
    "an array": (lambda: np.array([1, 2]), "array([1, 2])"),
    "a large array": (lambda: np.zeros((3, 3)), "<float64 array (3, 3)>"),
    "a dtype": (lambda: torch.float64, "torch.float64"),
    "a device": (lambda: torch.device("cpu"), "'cpu'"),
    "one in a tuple": (lambda: (1,), "(1,)"),
    "a long list": (lambda: list(range(10)), "[0, 1, 2, 3, 4, 5, 6, 7, …]"),
    "a set": (lambda: {3}, "{3}"),
    "a dict": (lambda: {"a": torch.tensor(1.0)}, "{'a': tensor(1.)}"),
    "a long dict": (
        lambda: dict.fromkeys(range(9), 0),
        "{0: 0, 1: 0, 2: 0, 3: 0, 4: 0, 5: 0, 6: 0, 7: 0, …}",
    ),
    "lists in lists": (lambda: _deep(6), "[[[[[…]]]]]"),
    "a function": (lambda: np.linalg.norm, "norm"),
    "a lambda": (lambda: NAMED["double"], "lambda x: 2 * x"),
    "a module of modules": (lambda: nn.Sequential(nn.Tanh()), "Sequential(…)"),
    "an optimizer": (lambda: torch.optim.SGD([_tracked()], lr=0.5), "SGD(lr=0.5)"),
    "options of an optimizer": (
        lambda: torch.optim.SGD([_tracked()], lr=0.5, momentum=0.9, nesterov=True),
        "SGD(lr=0.5, momentum=0.9, nesterov=True)",
    ),
    "two groups of an optimizer": (
        lambda: torch.optim.Adam([{"params": [_tracked()], "weight_decay": 0.1}, {"params": [_tracked()]}], lr=0.5),
        "Adam(lr=0.5, weight_decay=0.1; lr=0.5)",
    ),
    "what has long words": (lambda: types.SimpleNamespace(text="x" * 100), "namespace(text='" + "x" * 43 + "…"),
    "without a repr of its own": (queue.Queue, "Queue"),
    "what can't be shown": (Broken, "<Broken>"),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_value_is_shown(name):
    make, summary, lines = WHOLE[name]
    shown = show(make())
    assert (shown.summary, tuple(shown.lines)) == (summary, lines)


@pytest.mark.parametrize("name", TYPED)
def test_a_value_is_written_as_it_would_be_typed(name):
    make, text = TYPED[name]
    assert inline(make()) == text


@pytest.mark.parametrize(
    ("actual", "expected", "lines"),
    [
        ([0.5, 1.0], [0.25, 1.0], ("[0.50, 1.00]", "[0.25, 1.00]")),
        ([0.6897, float("nan")], [0.6896721, float("nan")], ("[0.6897000,       nan]", "[0.6896721,       nan]")),
        ([0.1, 1.00002], [0.1, 1.0000401], ("[0.10000, 1.00002]", "[0.10000, 1.00004]")),
        ([1e9], [1.00001024e9], ("[1.00000000e+09]", "[1.00001024e+09]")),
    ],
)
def test_two_compared_values_have_the_digits_that_tell_them_apart(actual, expected, lines):
    both = show_both(torch.tensor(actual), torch.tensor(expected), 1e-6, 1e-6)
    assert tuple(" ".join(shown.lines) for shown in both) == tuple(lines)


def test_each_item_of_a_container_gets_a_line_before_a_second_row():
    shown = show((torch.arange(12.0).reshape(6, 2), torch.arange(6)))
    assert shown.rows(3) == [
        "[0]: float32 tensor, shape (6, 2), on cpu",
        "  [[ 0.,  1.], …",
        "[1]: tensor([0, 1, 2, 3, 4, 5])",
    ]


def test_long_arguments_are_described_below_the_call(course):
    course.write(
        "tests/lesson_2_words/kata_01_shouting.py",
        "import torch\nfrom dojo.expect import assert_value\n"
        "from katas.lesson_2_words import kata_01_shouting as kata\n\n\n"
        "def test_shout__takes_all_of_these():\n"
        "    answer = kata.shout(torch.arange(20.0).reshape(10, 2), 'loud', 7, weights=torch.ones(3, 3))\n"
        "    assert_value(answer, 'LOUD')\n",
    )
    course.solve()
    course.write(
        "katas/lesson_2_words/kata_01_shouting.py",
        "def shout(rows, *words, weights):\n    return words[0]\n",
    )
    said = course.pytest().out
    called = said[said.index("  called") : said.index("  expected")]
    assert called.splitlines() == [
        "  called    shout(rows, 'loud', 7, weights=weights)",
        "            rows: float32 tensor, shape (10, 2), on cpu",
        "              [[ 0.,  1.],",
        "               [ 2.,  3.],",
        "               [ 4.,  5.],",
        "               [ 6.,  7.],",
        "               [ 8.,  9.],",
        "               [10., 11.],",
        "               …",
        "            weights: float32 tensor, shape (3, 3), on cpu",
        "              [[1., 1., 1.],",
        "               [1., 1., 1.],",
        "               [1., 1., 1.]]",
        "  returned  'loud' (str)",
    ]
