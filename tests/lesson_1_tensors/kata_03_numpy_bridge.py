"""The specification of katas/lesson_1_tensors/kata_03_numpy_bridge.py."""

import numpy as np
import pytest
import torch

from dojo.expect import (
    Mismatch,
    assert_has_graph,
    assert_no_graph,
    assert_owns_memory,
    assert_shares_memory,
    assert_tensor,
    assert_unchanged,
    kind_of,
)
from katas.lesson_1_tensors import kata_03_numpy_bridge as kata

CORE = ("shared_tensor", "own_tensor", "mean_along")

_DTYPES = [np.float64, np.int64, np.float32, np.bool_, np.uint8]


def _assert_array(actual, expected, name="Your result"):
    """Check that `actual` is a NumPy array equal to `expected` in dtype, shape and values, in this order."""
    __tracebackhide__ = True
    if not isinstance(actual, np.ndarray):
        says = f"{name} is {kind_of(actual)}. It must be a NumPy array."
        if actual is None:
            says = f"{name} is None. Does the function end with return?"
        raise Mismatch("type", says, actual=actual, expected=expected)
    for kind in ("dtype", "shape"):
        found, wanted = getattr(actual, kind), getattr(expected, kind)
        if found != wanted:
            says = f"{name} has {kind} {found}. It must have {kind} {wanted}."
            raise Mismatch(kind, says, actual=actual, expected=expected)
    if not np.array_equal(actual, expected):
        raise Mismatch("value", f"{name} and the tensor hold different numbers.", actual=actual, expected=expected)


def _assert_still_requires_grad(tensor):
    if not tensor.requires_grad:
        raise Mismatch("mutated", "The given tensor no longer requires grad. Leave it unchanged.")


@pytest.mark.parametrize("dtype", _DTYPES)
def test_shared_tensor__has_the_values_and_the_dtype_of_the_array(dtype):
    array = np.array([[1, 0, 3], [0, 5, 6]]).astype(dtype)
    assert_tensor(kata.shared_tensor(array), array.copy(), device="cpu")


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int64])
def test_shared_tensor__shows_what_is_written_into_the_array(dtype):
    array = np.array([1, 2, 3], dtype=dtype)
    tensor = kata.shared_tensor(array)
    assert_shares_memory(tensor, array, name="the tensor", other_name="the array")
    # In place: array = array + 1 would make a new array, and prove nothing.
    array[1] = 9
    assert_tensor(tensor, np.array([1, 9, 3], dtype=dtype), name="the tensor after array[1] = 9")


def test_shared_tensor__writes_through_to_the_array():
    array = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    tensor = kata.shared_tensor(array)
    tensor += 10
    if not np.array_equal(array, [[11, 12, 13], [14, 15, 16]]):
        raise Mismatch("memory", "tensor += 10 has not changed the array. Both must share memory.")


def test_shared_tensor__shares_memory_with_a_slice_or_a_transpose():
    table = np.arange(12.0).reshape(3, 4)
    for name, array in (("table[:, ::2]", table[:, ::2]), ("table.T", table.T)):
        tensor = kata.shared_tensor(array)
        assert_tensor(tensor, array.copy(), device="cpu", name=f"the tensor of {name}")
        assert_shares_memory(tensor, array, name=f"the tensor of {name}", other_name="the table")


@pytest.mark.parametrize("shape", [(), (1, 3), (0, 3)])
def test_shared_tensor__accepts_any_shape(shape):
    array = np.full(shape, 2.5)
    assert_tensor(kata.shared_tensor(array), array.copy(), device="cpu")


def test_shared_tensor__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_own_tensor__holds_the_numbers_in_float32(dtype):
    array = np.array([[1.5, -2.25, 1 / 3], [4.0, 0.5, 6.75]], dtype=dtype)
    assert_tensor(kata.own_tensor(array), array.astype(np.float32), device="cpu")
    assert_tensor(kata.own_tensor(array[:, ::2]), array[:, ::2].astype(np.float32), device="cpu")


def test_own_tensor__does_not_share_memory_with_a_float32_array():
    array = np.array([1.0, 2.0, 3.0], dtype=np.float32)
    tensor = kata.own_tensor(array)
    assert_owns_memory(tensor, array, name="the tensor", other_name="the float32 array")


def test_own_tensor__does_not_share_memory_with_a_float64_array():
    array = np.array([1.0, 2.0, 3.0])
    tensor = kata.own_tensor(array)
    assert_owns_memory(tensor, array, name="the tensor", other_name="the float64 array")


@pytest.mark.parametrize("shape", [(), (1, 3), (0, 3)])
def test_own_tensor__accepts_any_shape(shape):
    assert_tensor(kata.own_tensor(np.full(shape, 2.5)), np.full(shape, 2.5, dtype=np.float32), device="cpu")


def test_own_tensor__does_not_modify_the_array():
    for dtype in (np.float64, np.float32):
        array = np.array([1.0, 2.0, 3.0], dtype=dtype)
        with assert_unchanged(array=array):
            tensor = kata.own_tensor(array)
            tensor += 1


def test_own_tensor__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("axis", [0, 1])
def test_mean_along__takes_the_mean_along_the_axis_and_keeps_it(device, axis):
    rows = np.array([[1, 2, 6], [4, 5, 12]], dtype=np.float32)
    actual = kata.mean_along(torch.tensor(rows, device=device), axis)
    assert_tensor(actual, rows.mean(axis=axis, keepdims=True), device=device)


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_mean_along__accepts_three_dimensions(device, axis):
    block = (np.arange(24, dtype=np.float32) ** 2).reshape(2, 3, 4)
    actual = kata.mean_along(torch.tensor(block, device=device), axis)
    assert_tensor(actual, block.mean(axis=axis, keepdims=True), device=device)


@pytest.mark.parametrize(("shape", "axis"), [((3, 4), -1), ((2, 3, 4), -2), ((5,), 0)])
def test_mean_along__counts_a_negative_axis_from_the_end(device, shape, axis):
    values = (np.arange(np.prod(shape), dtype=np.float32) ** 2).reshape(shape)
    actual = kata.mean_along(torch.tensor(values, device=device), axis)
    assert_tensor(actual, values.mean(axis=axis, keepdims=True), device=device)


def test_mean_along__does_not_modify_x(device):
    x = torch.tensor([[1.0, 2.0, 6.0]], device=device)
    with assert_unchanged(x=x):
        mean = kata.mean_along(x, 0)
    assert_tensor(mean, np.array([[1, 2, 6]], dtype=np.float32), device=device)


def test_mean_along__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("dtype", [torch.float32, torch.int64, torch.bool, torch.uint8])
def test_to_array__has_the_values_and_the_dtype_of_the_tensor(device, dtype):
    rows = [[1, 0, 3], [0, 5, 6]]
    tensor = torch.tensor(rows, device=device).to(dtype)
    _assert_array(kata.to_array(tensor), np.array(rows).astype(str(dtype).removeprefix("torch.")))


def test_to_array__accepts_a_tensor_that_requires_grad(device):
    tensor = torch.tensor([1.5, -2.0, 4.25], device=device, requires_grad=True)
    _assert_array(kata.to_array(tensor), np.array([1.5, -2.0, 4.25], dtype=np.float32))


def test_to_array__accepts_what_was_computed_from_such_a_tensor(device):
    tensor = torch.tensor([1.5, -2.0, 4.25], device=device, requires_grad=True)
    _assert_array(kata.to_array(tensor * 2), np.array([3.0, -4.0, 8.5], dtype=np.float32))


@pytest.mark.parametrize("shape", [(), (1, 3), (0, 3)])
def test_to_array__accepts_any_shape(device, shape):
    _assert_array(kata.to_array(torch.full(shape, 2.5, device=device)), np.full(shape, 2.5, dtype=np.float32))


def test_to_array__accepts_a_transposed_tensor(device):
    tensor = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], device=device).T
    _assert_array(kata.to_array(tensor), np.array([[1, 4], [2, 5], [3, 6]], dtype=np.float32))


def test_to_array__leaves_requires_grad_unchanged(device):
    tensor = torch.tensor([1.0, 2.0], device=device, requires_grad=True)
    with assert_unchanged(tensor=tensor):
        kata.to_array(tensor)
    _assert_still_requires_grad(tensor)


def test_to_array__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("dtype", [torch.float32, torch.int64])
def test_snapshot__has_the_values_and_the_dtype_of_the_tensor(device, dtype):
    rows = [[1, 2, 3], [4, 5, 6]]
    tensor = torch.tensor(rows, device=device).to(dtype)
    _assert_array(kata.snapshot(tensor), np.array(rows).astype(str(dtype).removeprefix("torch.")))


def test_snapshot__does_not_change_with_the_tensor(device):
    tensor = torch.tensor([1.0, 2.0, 3.0], device=device)
    kept = kata.snapshot(tensor)
    tensor += 10
    if np.array_equal(kept, [11, 12, 13]):
        raise Mismatch("memory", "tensor += 10 has changed your array too. Both share memory.")
    _assert_array(kept, np.array([1, 2, 3], dtype=np.float32))


def test_snapshot__accepts_a_tensor_that_requires_grad(device):
    tensor = torch.tensor([1.5, -2.0, 4.25], device=device, requires_grad=True)
    _assert_array(kata.snapshot(tensor), np.array([1.5, -2.0, 4.25], dtype=np.float32))
    _assert_still_requires_grad(tensor)


def test_snapshot__keeps_the_old_weights_when_they_are_updated(device):
    weights = torch.tensor([0.5, -1.0], device=device, requires_grad=True)
    kept = kata.snapshot(weights)
    with torch.no_grad():
        weights -= 1
    if np.array_equal(kept, [-0.5, -2.0]):
        raise Mismatch("memory", "The update of the weights has changed your array too. Both share memory.")
    _assert_array(kept, np.array([0.5, -1.0], dtype=np.float32))


def test_snapshot__can_be_changed_without_changing_the_tensor(device):
    tensor = torch.tensor([1.0, 2.0, 3.0], device=device)
    with assert_unchanged(tensor=tensor):
        kept = kata.snapshot(tensor)
        kept[0] = 9


@pytest.mark.parametrize("shape", [(), (1, 3), (0, 3)])
def test_snapshot__accepts_any_shape(device, shape):
    _assert_array(kata.snapshot(torch.full(shape, 2.5, device=device)), np.full(shape, 2.5, dtype=np.float32))


def test_snapshot__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("values", [[4.0, 1.0, 30.0, -1.0, 2.5], [5.0, 1.0, 2.0], [1.0, 9.0, 1.0, 5.0, 1.0]])
def test_median__is_the_middle_value_if_n_is_odd(device, values):
    actual = kata.median(torch.tensor(values, device=device))
    assert_tensor(actual, np.array(np.median(values), dtype=np.float32), device=device)


@pytest.mark.parametrize("values", [[9.0, 1.0, 2.0, 5.0], [8.0, -3.0], [6.0, 1.5, 40.0, 2.0, 11.0, 3.0]])
def test_median__is_the_mean_of_the_two_middle_values_if_n_is_even(device, values):
    actual = kata.median(torch.tensor(values, device=device))
    assert_tensor(actual, np.array(np.median(values), dtype=np.float32), device=device)


def test_median__accepts_a_single_value(device):
    assert_tensor(kata.median(torch.tensor([2.5], device=device)), np.array(2.5, dtype=np.float32), device=device)


def test_median__does_not_modify_x(device):
    x = torch.tensor([4.0, 1.0, 3.0, 2.5], device=device)
    with assert_unchanged(x=x):
        kata.median(x)


def test_median__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize(
    ("values", "weights"),
    [([1.0, 2.0, 4.0], [0.5, -1.0, 2.25]), ([[3.0, 1.0, 5.0], [2.0, 7.0, -4.0]], [[2.0, 0.0, 1.5], [0.25, 3.0, 1.0]])],
)
def test_weigh__multiplies_element_by_element_in_float32(device, values, weights):
    actual = kata.weigh(torch.tensor(values, device=device), np.array(weights))
    assert_tensor(actual, (np.array(values) * np.array(weights)).astype(np.float32), device=device)


def test_weigh__multiplies_square_tables_element_by_element(device):
    values, weights = np.array([[3.0, 1.0], [2.0, 7.0]]), np.array([[2.0, 0.5], [0.25, 3.0]])
    actual = kata.weigh(torch.tensor(values.astype(np.float32), device=device), weights)
    assert_tensor(actual, (values * weights).astype(np.float32), device=device)


def test_weigh__does_not_modify_its_inputs_or_require_grad(device):
    x, weights = torch.tensor([1.0, 2.0, 4.0], device=device), np.array([0.5, 3.0, 2.25])
    with assert_unchanged(x=x, weights=weights):
        actual = kata.weigh(x, weights)
    assert_no_graph(actual)


def test_weigh__lets_the_gradient_reach_x(device):
    x = torch.tensor([1.0, 2.0, 4.0], device=device, requires_grad=True)
    actual = kata.weigh(x, np.array([0.5, -1.0, 2.25]))
    assert_tensor(actual, np.array([0.5, -2.0, 9.0], dtype=np.float32), device=device)
    assert_has_graph(actual)
    actual.sum().backward()
    if x.grad is None:
        raise Mismatch("graph", "Your result has a graph, but the gradient does not reach x.")
    assert_tensor(x.grad, np.array([0.5, -1.0, 2.25], dtype=np.float32), device=device, name="the gradient of x")


@pytest.mark.parametrize("shape", [(), (1, 3), (0, 3)])
def test_weigh__accepts_any_shape(device, shape):
    actual = kata.weigh(torch.full(shape, 3.0, device=device), np.full(shape, 0.5))
    assert_tensor(actual, np.full(shape, 1.5, dtype=np.float32), device=device)


def test_weigh__does_what_its_example_shows(example):
    example.check(kata)
