"""The assertions for katas: what they accept, and the messages with which they refuse."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from dojo.expect import (
    Mismatch,
    assert_has_graph,
    assert_no_graph,
    assert_operators,
    assert_owns_memory,
    assert_raises,
    assert_shares_memory,
    assert_tensor,
    assert_unchanged,
    assert_value,
    count_operators,
    forbid,
)

F32 = torch.float32

ACCEPTED = [
    (torch.tensor([1.0, 2.0]), [1.0, 2.0], {}),
    (torch.tensor([1.0, 2.0]), np.array([1, 2], dtype=np.float32), {}),
    (torch.tensor([1.0, 2.0]), np.array([1.0, 2.0]), {"dtype": F32}),
    (torch.tensor(1.0) + 1e-7, torch.tensor(1.0), {}),
    (torch.tensor([float("nan")]), torch.tensor([float("nan")]), {}),
    (torch.tensor([float("inf")]), torch.tensor([float("inf")]), {}),
    (torch.zeros(0, 3), np.zeros((0, 3), dtype=np.float32), {}),
    (torch.tensor([1.0], requires_grad=True), [1.0], {}),
    (torch.nn.Parameter(torch.ones(2)), [1.0, 1.0], {}),
    (torch.tensor([True]), np.array([True]), {}),
    (torch.tensor([1 + 2j]), torch.tensor([1 + 2j]), {}),
    (torch.tensor([1.0], dtype=torch.bfloat16), torch.tensor([1.004], dtype=torch.bfloat16), {}),
]

REFUSED = [
    (
        None,
        [1.0],
        {},
        "type",
        "Your result is None. A function without return returns None.",
    ),
    ([1.0], [1.0], {}, "type", "Your result is a list. It must be a tensor."),
    (np.ones(1), [1.0], {}, "type", "Your result is a NumPy array. It must be a tensor."),
    (np.float32(1), [1.0], {}, "type", "Your result is a numpy.float32. It must be a tensor."),
    (torch.Tensor, [1.0], {}, "type", "Your result is the class Tensor. It must be a tensor."),
    (
        torch.ones(2).to_sparse(),
        [1.0, 1.0],
        {},
        "type",
        "Your result is a sparse tensor. It must be an ordinary tensor.",
    ),
    (
        torch.ones(2, device="meta"),
        [1.0],
        {"device": "cpu"},
        "device",
        "Your result is on meta. It must be on cpu.",
    ),
    (torch.ones(2, device="meta"), torch.ones(2), {}, "device", "Your result is on meta. It must be on cpu."),
    (torch.ones(3).long(), [1.0], {}, "dtype", "Your result has dtype int64. It must have dtype float32."),
    (torch.ones(3, 1), [1.0, 1.0, 1.0], {}, "shape", "Your result has shape (3, 1). It must have shape (3,)."),
    (
        torch.ones(1),
        torch.tensor(1.0),
        {},
        "shape",
        "Your result has shape (1,). It must have shape () (a single number).",
    ),
    (torch.ones(2), [1.0, 3.5], {}, "value", "1 of 2 values differs, by 2.5 at [1]."),
    (torch.tensor([1, 9]), [4, 2], {}, "value", "2 of 2 values differ, the first at [0]: 1 instead of 4."),
    (torch.zeros(3), [0.0, 2.0, 2.0], {}, "value", "2 of 3 values differ, the first at [1], each by 2."),
    (torch.tensor(1.0), torch.tensor(2.0), {}, "value", "Your result is 1.0. It must be 2.0."),
    (torch.tensor([True, True]), [True, False], {}, "value", "1 of 2 values differs, at [1]."),
    (torch.tensor([float("nan"), 1]), [0.0, 1.0], {}, "value", "1 of 2 values differs, at [0]."),
    (torch.tensor([1.0]), [1.0001], {}, "value", "Your result is 1.0. It must be 1.0001."),
    (
        torch.ones(2),
        [2.0, 1.0],
        {"name": "the gradient"},
        "value",
        "The gradient: 1 of 2 values differs, by 1 at [0].",
    ),
    (None, [2.0], {"name": "the gradient"}, "type", "The gradient is None."),
    (
        torch.ones(1),
        [[1.0]],
        {"name": "the features of a batch"},
        "shape",
        "The features of a batch have shape (1,). They must have shape (1, 1).",
    ),
    (torch.ones(1), [1], {"name": "the bias"}, "dtype", "The bias has dtype float32. It must have dtype int64."),
    (
        torch.ones(1),
        [1],
        {"name": "the list of losses"},
        "dtype",
        "The list of losses has dtype float32. It must have dtype int64.",
    ),
]


@pytest.mark.parametrize(("actual", "expected", "options"), ACCEPTED)
def test_assert_tensor_accepts(actual, expected, options):
    assert_tensor(actual, expected, **options)


@pytest.mark.parametrize(("actual", "expected", "options", "kind", "says"), REFUSED)
def test_assert_tensor_refuses(actual, expected, options, kind, says):
    with pytest.raises(Mismatch) as caught:
        assert_tensor(actual, expected, **options)
    assert (caught.value.kind, caught.value.says) == (kind, says)
    assert caught.value.actual is actual


@pytest.mark.parametrize(
    ("actual", "expected"),
    [(1, 1), (1.0, 1.0 + 1e-9), ("a", "a"), (None, None), ((1, [2.0]), (1, [2.0])), ({"a": 1}, {"a": 1}), (True, True)],
)
def test_assert_value_accepts(actual, expected):
    assert_value(actual, expected)


@pytest.mark.parametrize(
    ("actual", "expected", "kind", "says"),
    [
        (torch.tensor(1.0), 1.0, "type", "Your result is a tensor. It must be a Python float."),
        (1, 1.0, "type", "Your result is an int. It must be a Python float."),
        (True, 1, "type", "Your result is a bool. It must be a Python int."),
        (None, 1, "type", "Your result is None. It must be a Python int."),
        (1, None, "type", "Your result is an int. It must be None."),
        ([1], (1,), "type", "Your result is a list. It must be a tuple."),
        (1.1, 1.0, "value", "Your result is 1.1. It must be 1.0."),
        (0.5600000023841858, 0.36, "value", "Your result is 0.56. It must be 0.36."),
        (1.00000001, 1.00002, "value", "Your result is 1.0. It must be 1.00002."),
        ((1, 2), (1, 2, 3), "value", "Your result has 2 items. It must have 3."),
        ((1, 2.0), (1, 3.0), "value", "Entry [1] of your result is 2.0. It must be 3.0."),
        ((1, torch.tensor(2.0)), (1, 2.0), "type", "Entry [1] of your result is a tensor. It must be a Python float."),
        ([[1], [2]], [[1], [3]], "value", "Entry [1][0] of your result is 2. It must be 3."),
        ({"a": 1.0}, {"b": 1.0}, "value", "Your result has no entry 'b'."),
        ({"a": 1.0, "b": 2}, {"a": 1.0}, "value", "Your result has an entry 'b', which does not belong there."),
        ({"a": [1.0, 2.0]}, {"a": [1.0, 5.0]}, "value", "Entry ['a'][1] of your result is 2.0. It must be 5.0."),
    ],
)
def test_assert_value_refuses(actual, expected, kind, says):
    with pytest.raises(Mismatch) as caught:
        assert_value(actual, expected)
    assert (caught.value.kind, caught.value.says) == (kind, says)


def test_assert_unchanged_sees_a_change_in_a_tensor_or_an_array():
    for value in (torch.ones(3), np.ones(3), torch.tensor([float("nan"), 1.0])):
        with assert_unchanged(x=value):
            _ = value + 1
        with (
            pytest.raises(Mismatch, match="You changed the values of the argument x") as caught,
            assert_unchanged(x=value),
        ):
            value += 1
        assert caught.value.kind == "mutated"


def test_memory_is_compared_by_its_bytes_not_by_its_values():
    x = torch.arange(6.0)
    array = np.arange(6.0)
    for view, base in [(x[2:], x), (x.view(2, 3), x), (torch.from_numpy(array), array), (array[1:], array)]:
        assert_shares_memory(view, base)
        with pytest.raises(Mismatch, match="shares memory with the input"):
            assert_owns_memory(view, base)
    for copy, base in [(x.clone(), x), (torch.tensor(array), array), (x[[0, 1]], x)]:
        assert_owns_memory(copy, base)
        with pytest.raises(Mismatch, match="does not share memory"):
            assert_shares_memory(copy, base)


def test_memory_next_to_other_memory_is_not_shared():
    both = torch.stack([torch.ones(3), torch.zeros(3)])
    array = np.arange(6.0)
    for part, other in [(both[0], both[1]), (array[:3], array[3:]), (torch.from_numpy(array)[4:], array[:3])]:
        assert_owns_memory(part, other)
    for part, other in [(both[0], both[:, 1:]), (array[::-1], array[:2]), (torch.from_numpy(array)[2:], array[:3])]:
        assert_shares_memory(part, other)


def test_a_result_with_a_graph_differs_from_a_leaf_and_from_a_detached_tensor():
    w = torch.ones(2, requires_grad=True)
    assert_has_graph(w * 2)
    assert_no_graph((w * 2).detach())
    with pytest.raises(Mismatch, match="has no graph"):
        assert_has_graph(w)
    with pytest.raises(Mismatch, match="has a graph"):
        assert_no_graph(w * 2)
    with pytest.raises(Mismatch, match="requires grad"):
        assert_no_graph(w)


def test_operators_are_counted_in_every_spelling():
    x = torch.ones(3)
    with count_operators() as operators:
        _ = x * 2, torch.mul(x, 2), x.mul(2)
    assert operators.counts["aten::mul"] == operators.total == 3
    assert_operators(operators, 3, "No loop.")
    with pytest.raises(Mismatch) as caught:
        assert_operators(operators, 2, "Use no loop over the elements.")
    assert caught.value.says == (
        "Use no loop over the elements. Your code ran 3 tensor operations (mul 3 times). 2 are enough."
    )


def test_a_forbidden_name_is_refused_in_every_spelling_and_only_inside():
    softmax = torch.softmax
    x = torch.ones(2)
    names = ("torch.softmax", "torch.Tensor.softmax", "torch.nn.functional.softmax", "torch.nn.Linear")
    for use in (
        lambda: torch.softmax(x, 0),
        lambda: softmax(x, 0),
        lambda: x.softmax(0),
        lambda: torch.nn.functional.softmax(x, 0),
        lambda: torch.nn.Linear(1, 1),
    ):
        with pytest.raises(Mismatch, match="Write it out") as caught, forbid(*names, because="Write it out."):
            use()
        assert caught.value.kind == "forbidden"
        use()
    with forbid(*names, because="Write it out."):
        x.exp()
    with pytest.raises(Mismatch), forbid("torch.func.jacrev", "torch.autograd.grad", because="Row by row."):
        torch.func.jacrev(torch.sin)
    torch.func.jacrev(torch.sin)(x)


def test_a_forbidden_name_that_torch_lacks_is_an_error_of_the_tests_author():
    with pytest.raises(ValueError, match=r"forbid\('torch.nosuch'\)"), forbid("torch.nosuch", because=""):
        pass


def test_an_expected_error_that_is_not_raised_gets_a_sentence():
    with assert_raises(ValueError, because="It accepts anything."):
        raise ValueError
    with (
        pytest.raises(Mismatch, match="It accepts"),
        assert_raises(ValueError, because="It accepts anything."),
    ):
        pass
    with pytest.raises(NotImplementedError), assert_raises(RuntimeError, because="It accepts anything."):
        raise NotImplementedError
    with pytest.raises(KeyError), assert_raises(ValueError, because="It accepts anything."):
        raise KeyError
