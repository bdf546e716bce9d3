"""The specification of katas/lesson_1_tensors/kata_01_creating.py."""

import numpy as np
import pytest
import torch

from dojo.expect import Mismatch, assert_tensor, assert_unchanged
from katas.lesson_1_tensors import kata_01_creating as kata

CORE = ("full_of", "from_rows", "zeros_matching", "seeded_normal")


@pytest.mark.parametrize(("shape", "value"), [((2, 3), 7.5), ((4,), -1.25), ((), 2.5), ((2, 3, 4), 0.1)])
def test_full_of__fills_the_shape_with_the_value(shape, value):
    assert_tensor(kata.full_of(shape, value), np.full(shape, value, dtype=np.float32), device="cpu")


def test_full_of__is_float32_even_for_an_int():
    assert_tensor(kata.full_of((3, 1), 7), np.full((3, 1), 7, dtype=np.float32))
    assert_tensor(kata.full_of((2,), 0), np.zeros(2, dtype=np.float32))


def test_full_of__accepts_a_shape_with_0():
    assert_tensor(kata.full_of((0, 3), 1.0), np.full((0, 3), 1, dtype=np.float32))


def test_full_of__does_what_its_example_shows(example):
    example.check(kata)


def test_from_rows__keeps_ints_as_int64():
    assert_tensor(kata.from_rows([[1, 2, 3], [4, 5, 6]]), np.array([[1, 2, 3], [4, 5, 6]]), device="cpu")


def test_from_rows__makes_floats_float32():
    assert_tensor(kata.from_rows([[1.5, 2.0]]), np.array([[1.5, 2.0]], dtype=np.float32))
    # The type of a number decides, not its fraction.
    assert_tensor(kata.from_rows([[1.0], [2.0]]), np.array([[1.0], [2.0]], dtype=np.float32))


def test_from_rows__is_float32_if_one_number_is_a_float():
    assert_tensor(kata.from_rows([[1, 2.75], [0, -1]]), np.array([[1, 2.75], [0, -1]], dtype=np.float32))
    assert_tensor(kata.from_rows([[1, 2], [3, 4.5]]), np.array([[1, 2], [3, 4.5]], dtype=np.float32))


def test_from_rows__keeps_large_ints_exact():
    # The smallest positive ints that float32 and float64 can't hold.
    large = [[2**24 + 1], [2**53 + 1]]
    assert_tensor(kata.from_rows(large), np.array(large))


def test_from_rows__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("dtype", [torch.float32, torch.int64, torch.bool])
def test_zeros_matching__matches_shape_dtype_and_device(device, dtype):
    x = torch.ones(2, 3, device=device, dtype=dtype)
    assert_tensor(kata.zeros_matching(x), torch.zeros(2, 3, dtype=dtype), device=device)


def test_zeros_matching__gives_zeros_for_nan_and_inf(device):
    x = torch.tensor([float("nan"), float("inf"), 1.0], device=device)
    assert_tensor(kata.zeros_matching(x), torch.zeros(3), device=device)


def test_zeros_matching__does_not_change_x(device):
    x = torch.tensor([1.0, 2.0], device=device)
    with assert_unchanged(x=x):
        kata.zeros_matching(x)


@pytest.mark.parametrize("shape", [(), (0, 3)])
def test_zeros_matching__accepts_any_shape(device, shape):
    assert_tensor(kata.zeros_matching(torch.ones(shape, device=device)), torch.zeros(shape), device=device)


def test_zeros_matching__does_what_its_example_shows(example):
    example.check(kata)


def test_seeded_normal__returns_float32_in_the_given_shape():
    actual = kata.seeded_normal((2, 3), 5)
    # Any numbers will do here. Their distribution has its own test.
    assert_tensor(actual, torch.zeros(2, 3), atol=1e9)


@pytest.mark.parametrize("seed", [3, 0])
def test_seeded_normal__gives_the_same_numbers_for_the_same_seed(seed):
    # Without values in the message, every answer that draws differently each time has one why.
    if not torch.equal(kata.seeded_normal((4,), seed), kata.seeded_normal((4,), seed)):
        raise Mismatch("value", f"Two calls with seed {seed} gave different numbers.")


def test_seeded_normal__gives_other_numbers_for_another_seed():
    if torch.equal(kata.seeded_normal((4,), 3), kata.seeded_normal((4,), 4)):
        raise Mismatch("value", "Seed 3 and seed 4 gave the same numbers.")


def test_seeded_normal__leaves_the_global_generator_unchanged():
    torch.rand(3)  # After a draw, the state is not that of a fresh seed: to restore the seed is not enough.
    before = torch.get_rng_state()
    kata.seeded_normal((3,), 1)
    if not torch.equal(torch.get_rng_state(), before):
        raise Mismatch("mutated", "PyTorch's global generator has changed. Code that uses it later gets other numbers.")


def test_seeded_normal__has_mean_0_and_standard_deviation_1():
    values = kata.seeded_normal((100, 100), 0)
    # For 10,000 draws, the mean has a standard deviation of 1/100, and the standard deviation has one of
    # 1/sqrt(20,000). 0.05 is five of the first and seven of the second.
    spread = torch.stack([values.mean(), values.std()])
    expected = torch.tensor([0.0, 1.0])
    assert_tensor(spread, expected, atol=0.05, name="(mean, standard deviation) of 10,000 numbers")
    beyond = (values.abs() > 1.96).float().mean()
    assert_tensor(beyond, torch.tensor(0.05), atol=0.012, name="the fraction of numbers beyond 1.96")


def test_seeded_normal__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("value", [3, 2.5, 0, -4])
def test_single_number__has_no_dimensions(value):
    assert_tensor(kata.single_number(value), np.array(value, dtype=np.float32), device="cpu")


def test_single_number__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize(("start", "stop", "step"), [(0, 10, 3), (2, 8, 1), (-5, 5, 4)])
def test_by_step__increases_by_the_step(start, stop, step):
    assert_tensor(kata.by_step(start, stop, step), np.arange(start, stop, step), device="cpu")


def test_by_step__excludes_stop():
    assert_tensor(kata.by_step(0, 9, 3), np.array([0, 3, 6]))


def test_by_step__is_exact_for_large_ints():
    for start in (2**24, 2**53):
        assert_tensor(kata.by_step(start, start + 4, 1), np.arange(start, start + 4))


def test_by_step__is_empty_if_start_equals_stop():
    assert_tensor(kata.by_step(4, 4, 2), np.array([], dtype=np.int64))


def test_by_step__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize(("start", "stop", "count"), [(0, 1, 5), (-1.0, 1.0, 3), (2, 11, 4)])
def test_by_count__includes_both_ends(start, stop, count):
    expected = np.linspace(start, stop, count).astype(np.float32)
    assert_tensor(kata.by_count(start, stop, count), expected, device="cpu")


def test_by_count__has_exactly_count_elements():
    # float32 and float64 can't hold a step of a tenth exactly: a range with this step may be one element too long.
    for stop in (0.9, 1.5):
        assert_tensor(kata.by_count(0.0, stop, 10), np.linspace(0, stop, 10).astype(np.float32))


def test_by_count__accepts_a_stop_below_start():
    assert_tensor(kata.by_count(1.0, 0.0, 3), np.array([1.0, 0.5, 0.0], dtype=np.float32))


def test_by_count__accepts_a_stop_equal_to_start():
    assert_tensor(kata.by_count(3, 3, 2), np.array([3, 3], dtype=np.float32))


def test_by_count__does_what_its_example_shows(example):
    example.check(kata)


def test_one_hot_rows__puts_a_1_in_the_column_of_each_label(device):
    labels = torch.tensor([2, 0, 3, 2, 0], device=device)
    assert_tensor(kata.one_hot_rows(labels, 4), np.eye(4, dtype=np.float32)[[2, 0, 3, 2, 0]], device=device)


def test_one_hot_rows__has_a_column_for_a_class_that_does_not_occur(device):
    labels = torch.tensor([1, 0, 1], device=device)
    assert_tensor(kata.one_hot_rows(labels, 5), np.eye(5, dtype=np.float32)[[1, 0, 1]], device=device)


def test_one_hot_rows__accepts_a_single_label(device):
    labels = torch.tensor([1], device=device)
    assert_tensor(kata.one_hot_rows(labels, 3), np.eye(3, dtype=np.float32)[[1]], device=device)


def test_one_hot_rows__accepts_no_labels(device):
    labels = torch.tensor([], dtype=torch.int64, device=device)
    assert_tensor(kata.one_hot_rows(labels, 3), np.zeros((0, 3), dtype=np.float32), device=device)


def test_one_hot_rows__does_not_change_the_labels(device):
    labels = torch.tensor([1, 0], device=device)
    with assert_unchanged(labels=labels):
        kata.one_hot_rows(labels, 3)


def test_one_hot_rows__does_what_its_example_shows(example):
    example.check(kata)
