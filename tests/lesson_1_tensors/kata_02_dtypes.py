"""The specification of katas/lesson_1_tensors/kata_02_dtypes.py."""

import numpy as np
import pytest
import torch

from dojo.expect import Mismatch, assert_tensor, assert_unchanged, assert_value
from katas.lesson_1_tensors import kata_02_dtypes as kata

CORE = ("to_float32", "mean_of_integers", "fraction_true")

NAN = float("nan")
INF = float("inf")


@pytest.mark.parametrize("dtype", [torch.int64, torch.uint8, torch.float16, torch.float32])
def test_to_float32__keeps_numbers_and_shape(device, dtype):
    x = torch.tensor([[1, 2, 3], [40, 50, 60]], dtype=dtype, device=device)
    assert_tensor(kata.to_float32(x), np.array([[1, 2, 3], [40, 50, 60]], dtype=np.float32), device=device)


@pytest.mark.float64
def test_to_float32__converts_float64(device):
    values = np.array([0.1, -2.5, np.nan, np.inf])
    x = torch.tensor(values.tolist(), dtype=torch.float64, device=device)
    assert_tensor(kata.to_float32(x), values.astype(np.float32), device=device)


def test_to_float32__converts_true_to_1(device):
    x = torch.tensor([True, False, True], device=device)
    assert_tensor(kata.to_float32(x), np.array([1, 0, 1], dtype=np.float32), device=device)


def test_to_float32__does_not_change_the_input(device):
    x = torch.tensor([3, -4], device=device)
    with assert_unchanged(values=x):
        kata.to_float32(x)


def test_to_float32__accepts_any_shape(device):
    x = torch.tensor([[1, 2, 3], [4, 5, 6]], device=device)
    assert_tensor(kata.to_float32(x.T), np.array([[1, 4], [2, 5], [3, 6]], dtype=np.float32), device=device)
    assert_tensor(kata.to_float32(x[:0]), np.zeros((0, 3), dtype=np.float32), device=device)
    assert_tensor(kata.to_float32(x[1, 2]), np.array(6, dtype=np.float32), device=device)


def test_to_float32__does_what_its_example_shows(example):
    example.check(kata)


# The mean, the median and the mean without its fraction differ in each of these.
@pytest.mark.parametrize("counts", [[1, 2, 5, 5], [10, -3, 0], [-5, -6, -9, -1]])
def test_mean_of_integers__keeps_the_fraction(device, counts):
    x = torch.tensor(counts, device=device)
    assert_tensor(kata.mean_of_integers(x), np.array(np.mean(counts), dtype=np.float32), device=device)


@pytest.mark.parametrize("counts", [[[1, 2, 3], [5, 8, 13]], [[[1, 2], [4, 8]], [[3, 0], [9, 6]]]])
def test_mean_of_integers__averages_over_all_dimensions(device, counts):
    counts = np.array(counts)
    x = torch.tensor(counts.tolist(), device=device)
    assert_tensor(kata.mean_of_integers(x), np.array(counts.mean(), dtype=np.float32), device=device)


def test_mean_of_integers__does_not_change_the_input(device):
    x = torch.tensor([2, 5], device=device)
    with assert_unchanged(counts=x):
        kata.mean_of_integers(x)


def test_mean_of_integers__accepts_a_tensor_without_dimensions(device):
    assert_tensor(kata.mean_of_integers(torch.tensor(7, device=device)), np.array(7, dtype=np.float32), device=device)


def test_mean_of_integers__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("mask", [[True, False, True, True], [False, False, True]])
def test_fraction_true__divides_by_the_number_of_elements(device, mask):
    x = torch.tensor(mask, device=device)
    assert_tensor(kata.fraction_true(x), np.array(np.mean(mask), dtype=np.float32), device=device)


def test_fraction_true__counts_over_all_dimensions(device):
    mask = np.array([[True, False, False], [True, True, True]])
    x = torch.tensor(mask.tolist(), device=device)
    assert_tensor(kata.fraction_true(x), np.array(4 / 6, dtype=np.float32), device=device)


def test_fraction_true__is_1_for_all_and_0_for_none(device):
    x = torch.tensor([True, True, True], device=device)
    assert_tensor(kata.fraction_true(x), np.array(1, dtype=np.float32), device=device)
    assert_tensor(kata.fraction_true(~x), np.array(0, dtype=np.float32), device=device)


def test_fraction_true__does_not_change_the_mask(device):
    mask = torch.tensor([True, False], device=device)
    with assert_unchanged(mask=mask):
        kata.fraction_true(mask)


def test_fraction_true__accepts_a_tensor_without_dimensions(device):
    x = torch.tensor(True, device=device)
    assert_tensor(kata.fraction_true(x), np.array(1, dtype=np.float32), device=device)


def test_fraction_true__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize(("low", "high"), [(1, 4), (-2.5, 2.5), (2.25, 2.75)])
def test_within__marks_the_numbers_between_low_and_high(device, low, high):
    values = np.array([-3.0, 2.0, 2.5, -1.0, 4.5, 3.5], dtype=np.float32)
    x = torch.tensor(values.tolist(), device=device)
    assert_tensor(kata.within(x, low, high), np.logical_and(values > low, values < high), device=device)


def test_within__excludes_both_ends(device):
    x = torch.tensor([0.5, 0.75, 1.0, 2.0], device=device)
    assert_tensor(kata.within(x, 0.5, 2), np.array([False, True, True, False]), device=device)


def test_within__is_false_for_nan(device):
    x = torch.tensor([NAN, 0.0, INF, -INF], device=device)
    assert_tensor(kata.within(x, -1, 1), np.array([False, True, False, False]), device=device)


def test_within__does_not_change_x(device):
    x = torch.tensor([1.0, NAN, 3.0], device=device)
    with assert_unchanged(x=x):
        kata.within(x, 0, 2)


def test_within__accepts_any_shape(device):
    x = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], device=device)
    assert_tensor(kata.within(x, 1.5, 4.5), np.array([[False, True, True], [True, False, False]]), device=device)
    assert_tensor(kata.within(x[0, 1], 1, 3), np.array(True), device=device)
    assert_tensor(kata.within(x[:0], 1, 3), np.zeros((0, 3), dtype=bool), device=device)


def test_within__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("dtype", [torch.float32, torch.int64, torch.bool])
def test_same_tensor__is_true_for_a_copy(device, dtype):
    a = torch.tensor([[1, 0, 3], [0, 5, 6]], device=device).to(dtype)
    assert_value(kata.same_tensor(a, a.clone()), True)
    assert_value(kata.same_tensor(a.T, a.T.contiguous()), True)
    assert_value(kata.same_tensor(a[0, 0], a[0, 0].clone()), True)


def test_same_tensor__is_false_if_one_value_differs(device):
    a = torch.tensor([1.0, 2.0, 3.0], device=device)
    assert_value(kata.same_tensor(a, torch.tensor([1.0, 2.5, 3.0], device=device)), False)
    assert_value(kata.same_tensor(a, torch.tensor([1.0, 2.0, 3.5], device=device)), False)


def test_same_tensor__is_false_for_a_small_difference(device):
    # A report shows eight decimals: enough for these.
    a = torch.tensor([100.0, 2.0], device=device)
    assert_value(kata.same_tensor(a, torch.tensor([100.0005, 2.0], device=device)), False)
    assert_value(kata.same_tensor(a, torch.tensor([100.0, 2.0 + 2**-20], device=device)), False)
    # Printed with four decimals, these two are the same.
    a, b = torch.tensor([0.5, 2.0], device=device), torch.tensor([0.5, 2.0 + 2**-20], device=device)
    assert_value(kata.same_tensor(a, b), False)
    # A report would show these numbers as zeros.
    tiny, other = torch.tensor([1e-9], device=device), torch.tensor([3e-9], device=device)
    assert_value(kata.same_tensor(tiny, other), False, name="your result for 1e-9 and 3e-9")
    large = torch.tensor([2**53], device=device)
    assert_value(kata.same_tensor(large, large + 1), False)


@pytest.mark.parametrize(
    ("left", "right"),
    [(torch.float32, torch.float16), (torch.float32, torch.int64), (torch.uint8, torch.bool)],
)
def test_same_tensor__is_false_for_different_dtypes(device, left, right):
    a = torch.tensor([1, 0, 1], dtype=left, device=device)
    assert_value(kata.same_tensor(a, a.to(right)), False)


@pytest.mark.parametrize(
    ("left", "right"), [((3,), (1, 3)), ((2, 3), (3, 2)), ((1,), (4,)), ((), (1,)), ((0, 3), (0, 2)), ((0,), (1,))]
)
def test_same_tensor__is_false_for_different_shapes(device, left, right):
    a, b = torch.ones(left, device=device), torch.ones(right, device=device)
    assert_value(kata.same_tensor(a, b), False)
    assert_value(kata.same_tensor(b, a), False)


def test_same_tensor__treats_nan_as_equal_to_nan(device):
    a = torch.tensor([[NAN, 1.0, INF], [2.0, NAN, -3.0]], device=device)
    assert_value(kata.same_tensor(a, a.clone()), True)


@pytest.mark.parametrize("number", [0.0, 1.0, INF])
def test_same_tensor__is_false_for_nan_and_a_number(device, number):
    a, b = torch.tensor([5.0, NAN], device=device), torch.tensor([5.0, number], device=device)
    assert_value(kata.same_tensor(a, b), False)
    assert_value(kata.same_tensor(b, a), False)


def test_same_tensor__is_false_if_nan_is_in_different_places(device):
    a, b = torch.tensor([NAN, 5.0], device=device), torch.tensor([5.0, NAN], device=device)
    assert_value(kata.same_tensor(a, b), False)


def test_same_tensor__does_not_change_its_inputs(device):
    a, b = torch.tensor([1.0, NAN], device=device), torch.tensor([1.0, NAN], device=device)
    with assert_unchanged(a=a, b=b):
        kata.same_tensor(a, b)


def test_same_tensor__is_true_for_two_empty_tensors(device):
    assert_value(kata.same_tensor(torch.zeros(0, 3, device=device), torch.zeros(0, 3, device=device)), True)


def test_same_tensor__does_what_its_example_shows(example):
    example.check(kata)


def _whole_and_rest(total, size):
    """The learner's two tensors, if the result is a tuple of two items."""
    answer = kata.whole_and_rest(total, size)
    if not isinstance(answer, tuple) or len(answer) != 2:
        raise Mismatch("type", "Return a tuple of two tensors, (whole, rest).", actual=answer)
    return answer


@pytest.mark.parametrize(("total", "size"), [([7, 8, 0, 3], 4), ([[17, 99, 100]], 10)])
def test_whole_and_rest__divides_into_whole_quotients(device, total, size):
    whole, rest = _whole_and_rest(torch.tensor(total, device=device), size)
    assert_tensor(whole, np.floor_divide(total, size), device=device, name="whole")
    assert_tensor(rest, np.mod(total, size), device=device, name="rest")


def test_whole_and_rest__has_no_negative_rest(device):
    whole, rest = _whole_and_rest(torch.tensor([-1, -4, -5, 5], device=device), 4)
    assert_tensor(whole, np.array([-1, -1, -2, 1]), device=device, name="whole")
    assert_tensor(rest, np.array([3, 0, 3, 1]), device=device, name="rest")


@pytest.mark.parametrize("total", [[2**26 + 1, -(2**26) - 1], [2**60 + 7, -(2**60) - 7]])
def test_whole_and_rest__is_exact_for_large_numbers(device, total):
    whole, rest = _whole_and_rest(torch.tensor(total, device=device), 3)
    assert_tensor(whole, np.array([n // 3 for n in total]), device=device, name="whole")
    assert_tensor(rest, np.array([n % 3 for n in total]), device=device, name="rest")


def test_whole_and_rest__does_not_change_total(device):
    total = torch.tensor([11, -7], device=device)
    with assert_unchanged(total=total):
        kata.whole_and_rest(total, 4)


def test_whole_and_rest__accepts_a_tensor_without_dimensions(device):
    whole, rest = _whole_and_rest(torch.tensor(11, device=device), 4)
    assert_tensor(whole, np.array(2), device=device, name="whole")
    assert_tensor(rest, np.array(3), device=device, name="rest")


def test_whole_and_rest__does_what_its_example_shows(example):
    example.check(kata)


def _assert_is_dtype(actual, expected):
    if not isinstance(actual, torch.dtype):
        raise Mismatch("type", "Return a dtype, for example torch.float32.", actual=actual, expected=expected)
    if actual != expected:
        raise Mismatch("dtype", f"Your result is {actual}. It must be {expected}.")


def _assert_sum_dtype(device, expected, left, right):
    """Check both orders. left, right: pairs (dtype, shape)."""
    (left_dtype, left_shape), (right_dtype, right_shape) = left, right
    a = torch.ones(left_shape, dtype=left_dtype, device=device)
    b = torch.ones(right_shape, dtype=right_dtype, device=device)
    for first, second in ((a, b), (b, a)):
        _assert_is_dtype(kata.sum_dtype(first, second), expected)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (torch.int64, torch.float32, torch.float32),
        (torch.bool, torch.int64, torch.int64),
        (torch.bool, torch.bool, torch.bool),
        (torch.int32, torch.float16, torch.float16),
        (torch.uint8, torch.int8, torch.int16),
    ],
)
def test_sum_dtype__can_hold_the_numbers_of_both(device, left, right, expected):
    _assert_sum_dtype(device, expected, (left, (2, 3)), (right, (3,)))


@pytest.mark.float64
def test_sum_dtype__is_float64_for_float32_and_float64(device):
    _assert_sum_dtype(device, torch.float64, (torch.float32, (2,)), (torch.float64, (2,)))


def test_sum_dtype__accepts_shapes_that_do_not_fit(device):
    _assert_sum_dtype(device, torch.float32, (torch.int64, (2, 3)), (torch.float32, (4,)))


@pytest.mark.parametrize(
    ("dtype", "number", "expected"),
    [
        (torch.float32, 2, torch.float32),
        (torch.int64, 0.5, torch.float32),
        (torch.uint8, 300, torch.uint8),
        (torch.float16, 0.5, torch.float16),
        (torch.bool, 1, torch.int64),
        (torch.int32, True, torch.int32),
    ],
)
def test_sum_dtype__accepts_a_python_number(device, dtype, number, expected):
    _assert_is_dtype(kata.sum_dtype(torch.ones(3, dtype=dtype, device=device), number), expected)


def test_sum_dtype__is_not_widened_by_a_tensor_without_dimensions_of_the_same_kind(device):
    _assert_sum_dtype(device, torch.float16, (torch.float16, (3,)), (torch.float32, ()))
    _assert_sum_dtype(device, torch.int32, (torch.int32, (3,)), (torch.int64, ()))


def test_sum_dtype__follows_a_tensor_without_dimensions_of_a_higher_kind(device):
    _assert_sum_dtype(device, torch.float32, (torch.int64, (3,)), (torch.float32, ()))
    _assert_sum_dtype(device, torch.int64, (torch.bool, (3,)), (torch.int64, ()))


def test_sum_dtype__treats_two_tensors_without_dimensions_alike(device):
    _assert_sum_dtype(device, torch.float32, (torch.float16, ()), (torch.float32, ()))


def test_sum_dtype__is_not_widened_by_a_number_even_if_no_tensor_has_dimensions(device):
    _assert_is_dtype(kata.sum_dtype(torch.tensor(1, dtype=torch.float16, device=device), 0.5), torch.float16)


def test_sum_dtype__does_what_its_example_shows(example):
    example.check(kata)


def test_to_bytes__rounds_to_the_nearest_integer(device):
    # 0.2004 * 255 = 51.1: here, rounding up and multiplying by 256 give different numbers.
    pixels = torch.tensor([[0.0, 0.25, 0.75, 0.2004], [0.62, 0.999, 1.0, 0.5686]], device=device)
    expected = np.array([[0, 64, 191, 51], [158, 255, 255, 145]], dtype=np.uint8)
    assert_tensor(kata.to_bytes(pixels), expected, device=device)


def test_to_bytes__limits_pixels_to_0_and_255(device):
    pixels = torch.tensor([1.003, 1.2, -0.003, -0.3, 7.4, -9.0, 0.4], device=device)
    assert_tensor(kata.to_bytes(pixels), np.array([255, 255, 0, 0, 255, 0, 102], dtype=np.uint8), device=device)


def test_to_bytes__does_not_stretch_the_range(device):
    pixels = torch.tensor([0.2, 0.4, 0.6], device=device)
    assert_tensor(kata.to_bytes(pixels), np.array([51, 102, 153], dtype=np.uint8), device=device)


def test_to_bytes__restores_every_byte(device):
    every = np.arange(256, dtype=np.uint8).reshape(4, 64)
    pixels = torch.tensor((every / np.float32(255)).tolist(), device=device)
    assert_tensor(kata.to_bytes(pixels), every, device=device)


def test_to_bytes__does_not_change_the_pixels(device):
    pixels = torch.tensor([0.35, 1.25], device=device)
    with assert_unchanged(pixels=pixels):
        kata.to_bytes(pixels)


def test_to_bytes__accepts_any_shape(device):
    assert_tensor(kata.to_bytes(torch.zeros(0, 3, device=device)), np.zeros((0, 3), dtype=np.uint8), device=device)
    assert_tensor(kata.to_bytes(torch.tensor(0.25, device=device)), np.array(64, dtype=np.uint8), device=device)


def test_to_bytes__does_what_its_example_shows(example):
    example.check(kata)
