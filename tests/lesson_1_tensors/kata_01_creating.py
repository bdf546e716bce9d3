"""The specification of katas/lesson_1_tensors/kata_01_creating.py."""

import numpy as np
import pytest
import torch

from dojo.expect import Mismatch, assert_owns_memory, assert_tensor, assert_unchanged
from katas.lesson_1_tensors import kata_01_creating as kata

CORE = ("full_of", "from_rows", "zeros_matching", "seeded_normal")


@pytest.mark.parametrize(("shape", "value"), [((2, 3), 7.5), ((4,), -1.25), ((), 2.5), ((2, 3, 4), 0.1)])
def test_full_of__fills_the_shape_with_the_value(shape, value):
    assert_tensor(kata.full_of(shape, value), np.full(shape, value, dtype=np.float32), device="cpu")


def test_full_of__is_float32_even_for_a_whole_number():
    assert_tensor(kata.full_of((3, 1), 7), np.full((3, 1), 7, dtype=np.float32))
    assert_tensor(kata.full_of((2,), 0), np.zeros(2, dtype=np.float32))


def test_full_of__takes_a_shape_without_elements():
    assert_tensor(kata.full_of((0, 3), 1.0), np.full((0, 3), 1, dtype=np.float32))


def test_from_rows__keeps_whole_numbers_whole():
    assert_tensor(kata.from_rows([[1, 2, 3], [4, 5, 6]]), np.array([[1, 2, 3], [4, 5, 6]]), device="cpu")


def test_from_rows__makes_numbers_with_a_point_float32():
    assert_tensor(kata.from_rows([[1.5, 2.0]]), np.array([[1.5, 2.0]], dtype=np.float32))
    # The point counts, not what stands behind it.
    assert_tensor(kata.from_rows([[1.0], [2.0]]), np.array([[1.0], [2.0]], dtype=np.float32))


def test_from_rows__loses_nothing_of_a_large_whole_number():
    # The first whole numbers that float32 and float64 can't hold.
    large = [[2**24 + 1], [2**53 + 1]]
    assert_tensor(kata.from_rows(large), np.array(large))


def test_from_rows__does_not_round_on_the_way():
    assert_tensor(kata.from_rows([[1, 2.75], [0, -1]]), np.array([[1, 2.75], [0, -1]], dtype=np.float32))
    assert_tensor(kata.from_rows([[1, 2], [3, 4.5]]), np.array([[1, 2], [3, 4.5]], dtype=np.float32))


@pytest.mark.parametrize("value", [2.5, 3, 0, -4])
def test_single_number__has_no_dimensions(value):
    assert_tensor(kata.single_number(value), np.array(value, dtype=np.float32), device="cpu")


@pytest.mark.parametrize("dtype", [torch.float32, torch.int64, torch.bool])
def test_zeros_matching__matches_shape_dtype_and_device(device, dtype):
    x = torch.ones(2, 3, device=device, dtype=dtype)
    assert_tensor(kata.zeros_matching(x), torch.zeros(2, 3, dtype=dtype), device=device)


def test_zeros_matching__is_zero_where_the_input_is_not_a_number(device):
    x = torch.tensor([float("nan"), float("inf"), 1.0], device=device)
    assert_tensor(kata.zeros_matching(x), torch.zeros(3), device=device)


def test_zeros_matching__leaves_the_input_as_it_is(device):
    x = torch.tensor([1.0, 2.0], device=device)
    with assert_unchanged(x=x):
        zeros = kata.zeros_matching(x)
    assert_owns_memory(zeros, x, name="the tensor of zeros", other_name="x")


@pytest.mark.parametrize(("start", "stop", "step"), [(0, 10, 3), (2, 8, 1), (-5, 5, 4)])
def test_by_step__goes_up_by_the_step(start, stop, step):
    assert_tensor(kata.by_step(start, stop, step), np.arange(start, stop, step), device="cpu")


def test_by_step__leaves_the_stop_out():
    assert_tensor(kata.by_step(0, 9, 3), np.array([0, 3, 6]))


def test_by_step__counts_large_numbers_exactly():
    start = 2**24
    assert_tensor(kata.by_step(start, start + 4, 1), np.arange(start, start + 4))


def test_by_step__may_be_empty():
    assert_tensor(kata.by_step(4, 4, 2), np.array([], dtype=np.int64))


@pytest.mark.parametrize(("start", "stop", "count"), [(0, 1, 5), (-1.0, 1.0, 3), (2, 11, 4), (3, 3, 2)])
def test_by_count__holds_both_ends(start, stop, count):
    expected = np.linspace(start, stop, count).astype(np.float32)
    assert_tensor(kata.by_count(start, stop, count), expected, device="cpu")


def test_by_count__has_as_many_numbers_as_asked():
    # A step of a tenth can't be held exactly: counting by steps may gain or lose a number.
    for stop in (0.9, 1.5):
        assert_tensor(kata.by_count(0.0, stop, 10), np.linspace(0, stop, 10).astype(np.float32))


def test_by_count__goes_down_too():
    assert_tensor(kata.by_count(1.0, 0.0, 3), np.array([1.0, 0.5, 0.0], dtype=np.float32))


def test_one_hot_rows__puts_a_one_in_the_column_of_each_label(device):
    labels = torch.tensor([2, 0, 3, 2], device=device)
    assert_tensor(kata.one_hot_rows(labels, 4), np.eye(4, dtype=np.float32)[[2, 0, 3, 2]], device=device)


def test_one_hot_rows__has_a_column_for_a_class_that_does_not_occur(device):
    labels = torch.tensor([1, 0, 1], device=device)
    assert_tensor(kata.one_hot_rows(labels, 5), np.eye(5, dtype=np.float32)[[1, 0, 1]], device=device)


def test_one_hot_rows__takes_a_batch_of_one(device):
    labels = torch.tensor([1], device=device)
    assert_tensor(kata.one_hot_rows(labels, 3), np.eye(3, dtype=np.float32)[[1]], device=device)


def test_one_hot_rows__takes_a_batch_of_none(device):
    labels = torch.tensor([], dtype=torch.int64, device=device)
    assert_tensor(kata.one_hot_rows(labels, 3), np.zeros((0, 3), dtype=np.float32), device=device)


def test_seeded_normal__is_a_float32_tensor_of_the_shape():
    actual = kata.seeded_normal((2, 3), 5)
    # Any numbers will do here; their distribution has its own test.
    assert_tensor(actual, torch.zeros(2, 3), atol=1e9)


def test_seeded_normal__gives_the_same_numbers_for_the_same_seed():
    for seed in (3, 0):
        first = kata.seeded_normal((4,), seed)
        assert_tensor(kata.seeded_normal((4,), seed), first, rtol=0, atol=0, name=f"the second draw with seed {seed}")


def test_seeded_normal__gives_other_numbers_for_another_seed():
    if torch.equal(kata.seeded_normal((4,), 3), kata.seeded_normal((4,), 4)):
        raise Mismatch("value", "Seed 3 and seed 4 give the same numbers.")


def test_seeded_normal__has_mean_0_and_standard_deviation_1():
    values = kata.seeded_normal((100, 100), 0)
    # Of 10,000 draws the mean has a standard deviation of 1/100, the standard deviation one of 1/sqrt(20,000):
    # 0.05 is five of the one and seven of the other.
    spread = torch.stack([values.mean(), values.std()])
    expected = torch.tensor([0.0, 1.0])
    assert_tensor(spread, expected, atol=0.05, name="(mean, standard deviation) of 10,000 numbers")
    beyond = (values.abs() > 1.96).float().mean()
    assert_tensor(beyond, torch.tensor(0.05), atol=0.012, name="the share of numbers beyond 1.96")


def test_seeded_normal__leaves_the_global_generator_alone():
    torch.rand(3)  # someone has drawn before: putting back the seed is not putting back the state
    before = torch.get_rng_state()
    kata.seeded_normal((3,), 1)
    if not torch.equal(torch.get_rng_state(), before):
        raise Mismatch("mutated", "PyTorch's global generator has moved: the next to draw from it gets other numbers.")
