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
)
from katas import foundations
from katas.lesson_1_tensors import kata_03_numpy_bridge as kata

CORE = ("shared_tensor", "own_tensor", "mean_along")


def _assert_array(actual, expected, name="The answer"):
    """Check that `actual` is a NumPy array equal to `expected` in dtype, shape and values, in that order."""
    __tracebackhide__ = True
    if not isinstance(actual, np.ndarray):
        says = f"{name} is a {type(actual).__name__}; it must be a NumPy array."
        if actual is None:
            says = f"{name} is None. Does the function end with return?"
        raise Mismatch("type", says, actual=actual, expected=expected)
    for kind in ("dtype", "shape"):
        found, wanted = getattr(actual, kind), getattr(expected, kind)
        if found != wanted:
            says = f"{name} has {kind} {found}; it must have {kind} {wanted}."
            raise Mismatch(kind, says, actual=actual, expected=expected)
    if not np.array_equal(actual, expected):
        raise Mismatch("value", f"{name} holds other numbers than the tensor.", actual=actual, expected=expected)


@pytest.mark.parametrize("dtype", [np.float64, np.int64, np.float32, np.bool_])
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
        raise Mismatch("memory", "After tensor += 10 the array still holds its old numbers.")


def test_shared_tensor__shares_an_array_that_is_not_contiguous():
    table = np.arange(12.0).reshape(3, 4)
    for name, array in (("table[:, ::2]", table[:, ::2]), ("table.T", table.T)):
        tensor = kata.shared_tensor(array)
        assert_tensor(tensor, array.copy(), device="cpu", name=f"the tensor of {name}")
        assert_shares_memory(tensor, array, name=f"the tensor of {name}", other_name="the table")


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_own_tensor__holds_the_numbers_in_float32(dtype):
    array = np.array([[1.5, -2.25, 3.0], [4.0, 0.5, 6.75]], dtype=dtype)
    assert_tensor(kata.own_tensor(array), array.astype(np.float32), device="cpu")
    assert_tensor(kata.own_tensor(array[:, ::2]), array[:, ::2].astype(np.float32), device="cpu")


def test_own_tensor__takes_a_single_number_without_dimensions():
    assert_tensor(kata.own_tensor(np.array(2.5)), np.array(2.5, dtype=np.float32), device="cpu")


def test_own_tensor__owns_its_memory_when_the_array_is_float64():
    array = np.array([1.0, 2.0, 3.0])
    tensor = kata.own_tensor(array)
    assert_owns_memory(tensor, array, name="the tensor", other_name="the float64 array")


def test_own_tensor__owns_its_memory_when_the_array_is_float32():
    array = np.array([1.0, 2.0, 3.0], dtype=np.float32)
    tensor = kata.own_tensor(array)
    assert_owns_memory(tensor, array, name="the tensor", other_name="the float32 array")


def test_own_tensor__leaves_the_array_as_it_is():
    for dtype in (np.float64, np.float32):
        array = np.array([1.0, 2.0, 3.0], dtype=dtype)
        with assert_unchanged(array=array):
            tensor = kata.own_tensor(array)
            tensor += 1


@pytest.mark.parametrize("dtype", [torch.float32, torch.int64, torch.bool])
def test_to_array__has_the_values_and_the_dtype_of_the_tensor(device, dtype):
    rows = [[1, 0, 3], [0, 5, 6]]
    tensor = torch.tensor(rows, device=device).to(dtype)
    _assert_array(kata.to_array(tensor), np.array(rows).astype(str(dtype).removeprefix("torch.")))


def test_to_array__takes_a_tracked_tensor(device):
    tracked = torch.tensor([1.5, -2.0, 4.25], device=device, requires_grad=True)
    _assert_array(kata.to_array(tracked), np.array([1.5, -2.0, 4.25], dtype=np.float32))


def test_to_array__takes_what_was_computed_from_a_tracked_tensor(device):
    tracked = torch.tensor([1.5, -2.0, 4.25], device=device, requires_grad=True)
    _assert_array(kata.to_array(tracked * 2), np.array([3.0, -4.0, 8.5], dtype=np.float32))


def test_to_array__takes_a_tensor_without_dimensions(device):
    _assert_array(kata.to_array(torch.tensor(2.5, device=device)), np.array(2.5, dtype=np.float32))


def test_to_array__takes_a_tensor_that_is_not_contiguous(device):
    tensor = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], device=device).T
    _assert_array(kata.to_array(tensor), np.array([[1, 4], [2, 5], [3, 6]], dtype=np.float32))


def test_to_array__leaves_the_tensor_tracked(device):
    tracked = torch.tensor([1.0, 2.0], device=device, requires_grad=True)
    with assert_unchanged(tensor=tracked):
        kata.to_array(tracked)
    if not tracked.requires_grad:
        raise Mismatch("mutated", "The tensor itself is no longer tracked: its requires_grad has become False.")


@pytest.mark.parametrize("dtype", [torch.float32, torch.int64])
def test_snapshot__has_the_values_and_the_dtype_of_the_tensor(device, dtype):
    rows = [[1, 2, 3], [4, 5, 6]]
    tensor = torch.tensor(rows, device=device).to(dtype)
    _assert_array(kata.snapshot(tensor), np.array(rows).astype(str(dtype).removeprefix("torch.")))


def test_snapshot__takes_a_tracked_tensor(device):
    tracked = torch.tensor([1.5, -2.0, 4.25], device=device, requires_grad=True)
    _assert_array(kata.snapshot(tracked), np.array([1.5, -2.0, 4.25], dtype=np.float32))
    if not tracked.requires_grad:
        raise Mismatch("mutated", "The tensor itself is no longer tracked: its requires_grad has become False.")


def test_snapshot__keeps_the_old_numbers_when_the_tensor_changes(device):
    tensor = torch.tensor([1.0, 2.0, 3.0], device=device)
    kept = kata.snapshot(tensor)
    tensor += 10
    if np.array_equal(kept, [11, 12, 13]):
        raise Mismatch("memory", "After tensor += 10 the snapshot has changed too: both are the same memory.")
    _assert_array(kept, np.array([1, 2, 3], dtype=np.float32))


def test_snapshot__keeps_the_old_weights_when_they_are_updated(device):
    weights = torch.tensor([0.5, -1.0], device=device, requires_grad=True)
    kept = kata.snapshot(weights)
    with torch.no_grad():
        weights -= 1
    if np.array_equal(kept, [-0.5, -2.0]):
        raise Mismatch("memory", "After the update the snapshot has changed too: both are the same memory.")
    _assert_array(kept, np.array([0.5, -1.0], dtype=np.float32))


def test_snapshot__can_be_changed_without_changing_the_tensor(device):
    tensor = torch.tensor([1.0, 2.0, 3.0], device=device)
    kept = kata.snapshot(tensor)
    with assert_unchanged(tensor=tensor):
        kept[0] = 9


@pytest.mark.parametrize("axis", [0, 1])
def test_mean_along__takes_the_mean_along_the_axis_and_keeps_it(device, axis):
    rows = np.array([[1, 2, 6], [4, 5, 12]], dtype=np.float32)
    actual = kata.mean_along(torch.tensor(rows, device=device), axis)
    assert_tensor(actual, rows.mean(axis=axis, keepdims=True), device=device)


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_mean_along__works_in_three_dimensions(device, axis):
    block = (np.arange(24, dtype=np.float32) ** 2).reshape(2, 3, 4)
    actual = kata.mean_along(torch.tensor(block, device=device), axis)
    assert_tensor(actual, block.mean(axis=axis, keepdims=True), device=device)


@pytest.mark.parametrize(("shape", "axis"), [((3, 4), -1), ((2, 3, 4), -2), ((5,), 0)])
def test_mean_along__counts_a_negative_axis_from_the_end(device, shape, axis):
    values = (np.arange(np.prod(shape), dtype=np.float32) ** 2).reshape(shape)
    actual = kata.mean_along(torch.tensor(values, device=device), axis)
    assert_tensor(actual, values.mean(axis=axis, keepdims=True), device=device)


def test_mean_along__leaves_the_input_as_it_is(device):
    x = torch.tensor([[1.0, 2.0, 6.0]], device=device)
    with assert_unchanged(x=x):
        mean = kata.mean_along(x, 0)
    assert_tensor(mean, np.array([[1, 2, 6]], dtype=np.float32), device=device)


@pytest.mark.parametrize("values", [[5.0, 1.0, 2.0], [7.0, -1.0, 4.0, 30.0, 2.5], [1.0, 9.0, 1.0, 5.0, 1.0]])
def test_median__is_the_middle_value_of_an_odd_number(device, values):
    actual = kata.median(torch.tensor(values, device=device))
    assert_tensor(actual, np.array(np.median(values), dtype=np.float32), device=device)


@pytest.mark.parametrize("values", [[9.0, 1.0, 2.0, 5.0], [8.0, -3.0], [6.0, 1.5, 40.0, 2.0, 11.0, 3.0]])
def test_median__is_the_mean_of_the_two_middle_values_of_an_even_number(device, values):
    actual = kata.median(torch.tensor(values, device=device))
    assert_tensor(actual, np.array(np.median(values), dtype=np.float32), device=device)


def test_median__of_one_value_is_that_value(device):
    assert_tensor(kata.median(torch.tensor([2.5], device=device)), np.array(2.5, dtype=np.float32), device=device)


def test_median__leaves_the_input_as_it_is(device):
    x = torch.tensor([4.0, 1.0, 3.0, 2.5], device=device)
    with assert_unchanged(x=x):
        kata.median(x)


_TABLES = [
    [[1.0, 10.0, -2.0], [2.0, 30.0, 0.0], [4.0, 20.0, 7.0], [9.0, 80.0, 3.0]],
    [[0.5, 3.0], [2.0, -1.0], [7.5, 4.0]],
]


@pytest.mark.parametrize("rows", _TABLES)
def test_standardize__gives_what_numpy_gives(device, rows):
    actual = kata.standardize(torch.tensor(rows, device=device))
    assert_tensor(actual, foundations.standardize(np.array(rows)).astype(np.float32), device=device)


def test_standardize__gives_every_column_mean_0_and_standard_deviation_1(device):
    actual = kata.standardize(torch.tensor(_TABLES[0], device=device))
    assert_tensor(actual, torch.zeros(4, 3), device=device, atol=1e9)  # any numbers: the next lines look at them
    columns = actual.cpu().numpy()
    zeros, ones = np.zeros(3, dtype=np.float32), np.ones(3, dtype=np.float32)
    assert_tensor(torch.tensor(columns.mean(axis=0)), zeros, name="the mean of each column")
    assert_tensor(torch.tensor(columns.std(axis=0)), ones, name="the standard deviation of each column")


def test_standardize__takes_a_table_as_wide_as_it_is_long(device):
    rows = [[1.0, 10.0, -2.0], [2.0, 30.0, 0.0], [4.0, 20.0, 7.0]]
    actual = kata.standardize(torch.tensor(rows, device=device))
    assert_tensor(actual, foundations.standardize(np.array(rows)).astype(np.float32), device=device)


@pytest.mark.parametrize("rows", [[[1.0], [2.0], [6.0]], [[0.001], [0.003], [0.002]]])
def test_standardize__takes_a_single_column(device, rows):
    actual = kata.standardize(torch.tensor(rows, device=device))
    assert_tensor(actual, foundations.standardize(np.array(rows)).astype(np.float32), device=device)


def test_standardize__leaves_the_features_as_they_are(device):
    features = torch.tensor(_TABLES[1], device=device)
    with assert_unchanged(features=features):
        kata.standardize(features)


@pytest.mark.parametrize(
    ("values", "weights"),
    [([1.0, 2.0, 4.0], [0.5, -1.0, 2.25]), ([[3.0, 1.0, 5.0], [2.0, 7.0, -4.0]], [[2.0, 0.0, 1.5], [0.25, 3.0, 1.0]])],
)
def test_weigh__multiplies_place_by_place_in_float32(device, values, weights):
    actual = kata.weigh(torch.tensor(values, device=device), np.array(weights))
    assert_tensor(actual, (np.array(values) * np.array(weights)).astype(np.float32), device=device)


def test_weigh__multiplies_a_square_table_place_by_place(device):
    values, weights = np.array([[3.0, 1.0], [2.0, 7.0]]), np.array([[2.0, 0.5], [0.25, 3.0]])
    actual = kata.weigh(torch.tensor(values.astype(np.float32), device=device), weights)
    assert_tensor(actual, (values * weights).astype(np.float32), device=device)


def test_weigh__leaves_both_inputs_as_they_are(device):
    x, weights = torch.tensor([1.0, 2.0, 4.0], device=device), np.array([0.5, 3.0, 2.25])
    with assert_unchanged(x=x, weights=weights):
        actual = kata.weigh(x, weights)
    assert_no_graph(actual)


def test_weigh__takes_a_tracked_tensor_and_stays_tracked(device):
    x = torch.tensor([1.0, 2.0, 4.0], device=device, requires_grad=True)
    actual = kata.weigh(x, np.array([0.5, -1.0, 2.25]))
    assert_tensor(actual, np.array([0.5, -2.0, 9.0], dtype=np.float32), device=device)
    assert_has_graph(actual)
    actual.sum().backward()
    if x.grad is None:
        raise Mismatch("graph", "The answer has a graph, but it does not lead to x: x gets no gradient.")
