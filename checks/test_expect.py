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
        "The answer is None. A function without return gives None, and so does a .grad that nothing has filled.",
    ),
    ([1.0], [1.0], {}, "type", "The answer is a list; it must be a tensor."),
    (np.ones(1), [1.0], {}, "type", "The answer is a NumPy array; it must be a tensor."),
    (np.float32(1), [1.0], {}, "type", "The answer is a numpy.float32; it must be a tensor."),
    (torch.Tensor, [1.0], {}, "type", "The answer is the class Tensor; it must be a tensor."),
    (torch.ones(2).to_sparse(), [1.0, 1.0], {}, "type", "The answer is a sparse tensor; an ordinary one is asked for."),
    (
        torch.ones(2, device="meta"),
        [1.0],
        {"device": "cpu"},
        "device",
        "The answer lives on meta; it must live on cpu.",
    ),
    (torch.ones(2, device="meta"), torch.ones(2), {}, "device", "The answer lives on meta; it must live on cpu."),
    (torch.ones(3).long(), [1.0], {}, "dtype", "The answer has dtype int64; it must be float32."),
    (torch.ones(3, 1), [1.0, 1.0, 1.0], {}, "shape", "The answer has shape (3, 1); it must have shape (3,)."),
    (
        torch.ones(1),
        torch.tensor(1.0),
        {},
        "shape",
        "The answer has shape (1,); it must have shape () (a single number).",
    ),
    (torch.ones(2), [1.0, 3.5], {}, "value", "1 of 2 values differs, most of all at [1]: by 2.5."),
    (torch.tensor([1, 9]), [4, 2], {}, "value", "2 of 2 values differ, most of all at [1]: by 7."),
    (torch.zeros(3), [0.0, 2.0, 2.0], {}, "value", "2 of 3 values differ, the first at [1], each by 2."),
    (torch.tensor(1.0), torch.tensor(2.0), {}, "value", "The value is not the expected one."),
    (torch.tensor([True, True]), [True, False], {}, "value", "1 of 2 values differs, the first at [1]."),
    (torch.tensor([float("nan"), 1]), [0.0, 1.0], {}, "value", "1 of 2 values differs, the first at [0]."),
    (torch.tensor([1.0]), [1.0001], {}, "value", "The value is not the expected one."),
    (
        torch.ones(2),
        [2.0, 1.0],
        {"name": "the gradient"},
        "value",
        "The gradient: 1 of 2 values differs, most of all at [0]: by 1.",
    ),
    (None, [2.0], {"name": "the gradient"}, "type", "The gradient is None."),
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
        (torch.tensor(1.0), 1.0, "type", "The answer is a tensor; it must be a Python float."),
        (1, 1.0, "type", "The answer is an int; it must be a Python float."),
        (True, 1, "type", "The answer is a bool; it must be a Python int."),
        (None, 1, "type", "The answer is None; it must be a Python int."),
        (1, None, "type", "The answer is an int; it must be None."),
        ([1], (1,), "type", "The answer is a list; it must be a tuple."),
        (1.1, 1.0, "value", "The answer is not the one expected."),
        ((1, 2), (1, 2, 3), "value", "The answer has 2 items; it must have 3."),
        ((1, 2.0), (1, 3.0), "value", "Item 2 of 2 is 2.0; it must be 3.0."),
        ((1, torch.tensor(2.0)), (1, 2.0), "type", "Item 2 of 2 is a tensor; it must be a Python float."),
        ([[1], [2]], [[1], [3]], "value", "Item 1 of 1 of item 2 of 2 is 2; it must be 3."),
        ({"a": 1.0}, {"b": 1.0}, "value", "The answer has nothing for 'b'."),
        ({"a": 1.0, "b": 2}, {"a": 1.0}, "value", "The answer has 'b' in it, which does not belong there."),
        ({"a": [1.0, 2.0]}, {"a": [1.0, 5.0]}, "value", "Item 2 of 2 of what stands at 'a' is 2.0; it must be 5.0."),
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
        with pytest.raises(Mismatch, match="The input x was changed") as caught, assert_unchanged(x=value):
            value += 1
        assert caught.value.kind == "mutated"


def test_memory_is_compared_by_its_bytes_not_by_its_values():
    x = torch.arange(6.0)
    array = np.arange(6.0)
    for view, base in [(x[2:], x), (x.view(2, 3), x), (torch.from_numpy(array), array), (array[1:], array)]:
        assert_shares_memory(view, base)
        with pytest.raises(Mismatch, match="is the same memory as the input"):
            assert_owns_memory(view, base)
    for copy, base in [(x.clone(), x), (torch.tensor(array), array), (x[[0, 1]], x)]:
        assert_owns_memory(copy, base)
        with pytest.raises(Mismatch, match="has memory of its own"):
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
    with pytest.raises(Mismatch, match="has no graph behind it"):
        assert_has_graph(w)
    with pytest.raises(Mismatch, match="still carries a graph"):
        assert_no_graph(w * 2)
    with pytest.raises(Mismatch, match="is tracked"):
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
        "Use no loop over the elements. Yours ran 3 tensor operations (mul 3 times); 2 are enough."
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
