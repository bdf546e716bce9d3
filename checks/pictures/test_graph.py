"""`dojo graph`: the autograd graph of the example in a step's docstring, as a tree and as a picture."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import pytest

KATA = "katas/lesson_3_graphs/kata_01_worked.py"
STUB = '''\
"""Worked."""

import torch
from torch import nn


def worked(a, b, c):
    """Return (a * b + c) * b, after backward.

    >>> a, b, c = (torch.tensor(n, requires_grad=True) for n in (3.0, 2.0, 5.0))
    >>> worked(a, b, c)
    tensor(22., grad_fn=<MulBackward0>)
    """
    raise NotImplementedError


def cut(x):
    """Return x without its history.

    >>> cut(torch.ones(2, requires_grad=True))
    tensor([1., 1.])
    """
    return x.detach()


def twice(x):
    """Two separate results.

    >>> twice(torch.ones(2, requires_grad=True))
    """
    return x.sum(), (x * 2).prod()


class Neuron(nn.Module):
    """A neuron.

    >>> neuron = Neuron()
    >>> neuron(torch.ones(1, 2)).shape
    torch.Size([1])
    """

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(2))

    def forward(self, x):
        return torch.tanh(x @ self.weight)


def long(x):
    """Many operations.

    >>> long(torch.ones((), requires_grad=True))
    """
    for _ in range(500):
        x = x * 2
    return x


def train(first, rate):
    """Two updates, each with a backward pass.

    >>> train(torch.tensor(4.0), 0.25)
    """
    torch.ones((), requires_grad=True).backward()
    parameters = [first.clone().requires_grad_(), torch.ones((), requires_grad=True)]
    for _ in range(2):
        for parameter in parameters:
            parameter.grad = None
        loss = parameters[0] * parameters[1] ** 2
        loss.backward()
        with torch.no_grad():
            for parameter in parameters:
                parameter -= rate * parameter.grad


def no_example(x):
    """Nothing."""
    return x


def slow(x):
    """Stops.

    >>> slow(torch.ones(1))
    """
    return x[5]
'''
SOLVED = STUB.replace(
    "    raise NotImplementedError\n",
    "    product = a * b\n    value = (product + c) * b\n    value.backward()\n    return value\n",
)
NAMES = ("worked", "cut", "twice", "Neuron", "long", "train", "no_example", "slow")
TESTS = "from katas.lesson_3_graphs import kata_01_worked as kata\n" + "".join(
    f"\n\ndef test_{name}__runs():\n    kata.{name}\n" for name in NAMES
)


@pytest.fixture
def graphs(course):
    course.write(KATA, STUB)
    course.write(KATA.replace("katas", "solutions"), SOLVED)
    course.write(KATA.replace("katas", "tests"), TESTS)
    return course


def test_the_tree_shows_operations_names_values_and_gradients(graphs):
    graphs.write(KATA, SOLVED)
    ran = graphs.dojo_with_torch("graph", "worked")
    assert ran.status == 0
    assert (
        ran.out
        == """\
worked: the graph behind its example
mul  value  22.
├─ add  11.
│  ├─ mul  product  6.
│  │  ├─ a  3.  grad 4.
│  │  └─ b  2.  grad 17.
│  └─ c  5.  grad 2.
└─ b  (as above)

as a picture: .dojo/graphs/lesson_3_graphs.kata_01_worked.worked.svg
"""
    )


def test_the_picture_has_a_box_for_every_node_and_a_line_for_every_edge(graphs):
    picture = graphs.root / "my" / "graph.svg"
    ran = graphs.dojo_with_torch("graph", "worked", "--against", "solutions", "--svg", str(picture))
    assert f"as a picture: {picture.relative_to(graphs.root)}" in ran.out
    svg = ElementTree.fromstring(picture.read_text(encoding="utf-8"))
    shapes = [(element.tag.rpartition("}")[2], element.get("class", "")) for element in svg.iter()]
    assert sum(tag == "rect" and name.startswith("leaf") for tag, name in shapes) == 3
    assert sum(tag == "rect" and name.startswith("op") for tag, name in shapes) == 3
    assert sum(tag == "path" and name == "edge" for tag, name in shapes) == 6
    texts = {element.text for element in svg.iter() if element.tag.endswith("text")}
    assert {"a", "value = mul", "product = mul", "22.", "grad 17."} <= texts


def test_the_parameters_of_a_module_have_their_names(graphs):
    out = graphs.dojo_with_torch("graph", "Neuron").out
    assert "tanh  (1,)" in out
    assert "└─ neuron.weight  (2,)  [1., 1.]" in out


def test_the_last_of_several_graphs_is_drawn_unless_another_is_asked_for(graphs):
    last = graphs.dojo_with_torch("graph", "twice")
    assert last.lines[:2] == ["twice: the graph behind its example, graph 2 of 2", "prod  4."]
    assert "the other graph: 1   (dojo graph twice --which 1)" in last.lines
    first = graphs.dojo_with_torch("graph", "twice", "--which", "1")
    assert first.lines[1].startswith("sum")
    wrong = graphs.dojo_with_torch("graph", "twice", "--which", "3")
    assert (wrong.status, "give a number from 1 to 2" in wrong.out) == (2, True)


@pytest.mark.parametrize(
    ("which", "lines"),
    [
        ("1", ["mul  loss  4.", "├─ parameters[0]  4.  grad 1.", "└─ pow  1.", "   └─ parameters[1]  1.  grad 8."]),
        (
            "2",
            ["mul  loss  3.75", "├─ parameters[0]  3.75  grad 1.", "└─ pow  1.", "   └─ parameters[1]  -1.  grad -7.5"],
        ),
    ],
)
def test_a_leaf_has_the_values_of_the_moment_and_a_name_that_means_nothing_else(graphs, which, lines):
    ran = graphs.dojo_with_torch("graph", "train", "--which", which)
    assert ran.lines[1:5] == lines


def test_a_graph_of_many_nodes_is_cut_and_says_so(graphs):
    ran = graphs.dojo_with_torch("graph", "long")
    assert ran.status == 0
    assert "(421 more nodes are not shown)" in ran.out


@pytest.mark.parametrize(
    ("step", "says"),
    [
        (
            "worked",
            "worked is not written yet, so there is no graph to draw. It is in katas/",
        ),
        ("cut", "records no graph"),
        ("no_example", "has no example"),
        ("slow", "the example of slow raised IndexError: index 5 is out of bounds"),
        ("wroked", "There is no step named wroked. Did you mean:\n  dojo graph worked"),
    ],
)
def test_what_cannot_be_drawn_gets_one_line(graphs, step, says):
    ran = graphs.dojo_with_torch("graph", step)
    assert ran.status == 2
    assert says in ran.out
    assert len(ran.lines) == len(says.splitlines())


def test_a_broken_file_and_an_unwritable_file_get_one_line(graphs):
    ran = graphs.dojo_with_torch("graph", "Neuron", "--svg", str(graphs.root / KATA / "x.svg"))
    assert ran.status == 2
    assert "could not be written" in ran.out
    graphs.write(KATA, STUB + "\n)\n")
    ran = graphs.dojo_with_torch("graph", "Neuron")
    assert (ran.status, len(ran.lines)) == (2, 1)
    assert "Python can't read this file" in ran.out


def test_a_learners_endless_loop_ends(graphs, monkeypatch):
    import dojo.pictures.example

    monkeypatch.setattr(dojo.pictures.example, "_SECONDS", 0.3)
    graphs.write(KATA, STUB.replace("return x[5]", "while True: pass"))
    ran = graphs.dojo_with_torch("graph", "slow")
    assert (ran.status, "still running after 0.3 s" in ran.out) == (2, True)
