"""The specification of katas/lesson_1_tensors/kata_04_shapes.py."""

import numpy as np
import pytest
import torch

from dojo.expect import Mismatch, assert_owns_memory, assert_tensor, assert_unchanged
from katas.lesson_1_tensors import kata_04_shapes as kata

CORE = ("flatten_images", "channels_first", "as_batch")


def _counted(*shape):
    """The numbers 0, 1, 2, … in the shape, float32."""
    return np.arange(np.prod(shape), dtype=np.float32).reshape(shape)


def _mixed(*shape):
    """The same numbers as _counted, each in a place drawn by lot."""
    return np.random.default_rng(0).permutation(_counted(*shape).ravel()).reshape(shape)


@pytest.mark.parametrize("shape", [(2, 2, 3), (4, 3, 2)])
def test_flatten_images__makes_one_row_of_every_image(device, shape):
    images = _counted(*shape)
    expected = images.reshape(shape[0], shape[1] * shape[2])
    assert_tensor(kata.flatten_images(torch.tensor(images, device=device)), expected, device=device)


@pytest.mark.parametrize("shape", [(2, 3, 1, 2), (3, 2, 2, 4)])
def test_flatten_images__takes_all_channels_into_the_row(device, shape):
    images = _mixed(*shape)
    expected = images.reshape(shape[0], shape[1] * shape[2] * shape[3])
    assert_tensor(kata.flatten_images(torch.tensor(images, device=device)), expected, device=device)


@pytest.mark.parametrize("shape", [(1, 2, 3), (1, 1, 3, 2), (3, 1, 1)])
def test_flatten_images__keeps_the_batch_where_a_size_is_1(device, shape):
    images = _mixed(*shape)
    expected = images.reshape(shape[0], images.size // shape[0])
    assert_tensor(kata.flatten_images(torch.tensor(images, device=device)), expected, device=device)


def test_flatten_images__takes_images_cut_out_of_larger_ones(device):
    large = _counted(2, 4, 5)
    cut_out = torch.tensor(large, device=device)[:, 1:3, 1:4]
    expected = np.array([[6, 7, 8, 11, 12, 13], [26, 27, 28, 31, 32, 33]], dtype=np.float32)
    assert_tensor(kata.flatten_images(cut_out), expected, device=device)


@pytest.mark.parametrize("shape", [(2, 1, 2, 3), (5, 1, 4, 2)])
def test_drop_channel__takes_away_the_second_dimension(device, shape):
    images = _mixed(*shape)
    assert_tensor(kata.drop_channel(torch.tensor(images, device=device)), images[:, 0], device=device)


@pytest.mark.parametrize("shape", [(1, 1, 2, 3), (1, 1, 1, 1)])
def test_drop_channel__keeps_a_batch_of_one(device, shape):
    images = _counted(*shape)
    assert_tensor(kata.drop_channel(torch.tensor(images, device=device)), images[:, 0], device=device)


@pytest.mark.parametrize("shape", [(2, 1, 1, 3), (2, 1, 3, 1)])
def test_drop_channel__keeps_a_height_or_width_of_one(device, shape):
    images = _counted(*shape)
    assert_tensor(kata.drop_channel(torch.tensor(images, device=device)), images[:, 0], device=device)


def test_drop_channel__leaves_the_input_as_it_is(device):
    images = torch.tensor(_counted(2, 1, 2, 3), device=device)
    with assert_unchanged(images=images):
        kata.drop_channel(images)


@pytest.mark.parametrize("shape", [(1, 2, 3, 2), (2, 2, 4, 3), (1, 3, 3, 4)])
def test_channels_first__makes_a_whole_picture_of_every_channel(device, shape):
    # Channel c is c + 1 all over: one look tells whether the channels have been mixed.
    images = np.broadcast_to(np.arange(1, shape[3] + 1, dtype=np.float32), shape).copy()
    actual = kata.channels_first(torch.tensor(images, device=device))
    assert_tensor(actual, np.moveaxis(images, 3, 1), device=device)


@pytest.mark.parametrize("shape", [(1, 2, 3, 2), (2, 4, 2, 3), (2, 3, 3, 4), (3, 2, 2, 1)])
def test_channels_first__keeps_every_pixel_in_its_place(device, shape):
    images = _mixed(*shape)
    actual = kata.channels_first(torch.tensor(images, device=device))
    assert_tensor(actual, np.moveaxis(images, 3, 1), device=device)


@pytest.mark.parametrize(("shape", "heads"), [((1, 2, 6), 2), ((2, 3, 4), 2), ((2, 4, 6), 3)])
def test_split_heads__gives_each_head_its_piece_of_every_position(device, shape, heads):
    x = _counted(*shape)
    expected = np.stack(np.split(x, heads, axis=2), axis=1)
    assert_tensor(kata.split_heads(torch.tensor(x, device=device), heads), expected, device=device)


@pytest.mark.parametrize("heads", [1, 4])
def test_split_heads__takes_one_head_or_as_many_as_there_are_numbers(device, heads):
    x = _mixed(2, 3, 4)
    expected = np.stack(np.split(x, heads, axis=2), axis=1)
    assert_tensor(kata.split_heads(torch.tensor(x, device=device), heads), expected, device=device)


@pytest.mark.parametrize("shape", [(1, 1, 6), (3, 1, 6), (1, 4, 6)])
def test_split_heads__takes_a_single_position_or_a_batch_of_one(device, shape):
    x = _mixed(*shape)
    expected = np.stack(np.split(x, 3, axis=2), axis=1)
    assert_tensor(kata.split_heads(torch.tensor(x, device=device), 3), expected, device=device)


@pytest.mark.parametrize("shape", [(2, 3), (4, 2), (3, 3)])
def test_read_down_columns__reads_column_by_column(device, shape):
    x = _counted(*shape)
    assert_tensor(kata.read_down_columns(torch.tensor(x, device=device)), x.flatten(order="F"), device=device)


def test_read_down_columns__reads_a_transposed_table_too(device):
    table = _mixed(2, 4)
    x = torch.tensor(table, device=device).t()
    assert_tensor(kata.read_down_columns(x), table.ravel(), device=device)


def test_read_down_columns__leaves_the_input_as_it_is(device):
    x = torch.tensor(_counted(2, 3), device=device)
    with assert_unchanged(x=x):
        kata.read_down_columns(x)


@pytest.mark.parametrize("shape", [(2, 3), (1, 4), (4, 1)])
def test_read_down_columns__has_memory_of_its_own(device, shape):
    x = torch.tensor(_counted(*shape), device=device)
    actual = kata.read_down_columns(x)
    assert_tensor(actual, _counted(*shape).flatten(order="F"), device=device)
    assert_owns_memory(actual, x, other_name="x")


def test_read_down_columns__has_memory_of_its_own_for_a_transposed_table(device):
    table = torch.tensor(_counted(2, 3), device=device)
    actual = kata.read_down_columns(table.t())
    assert_tensor(actual, _counted(6), device=device)
    assert_owns_memory(actual, table, other_name="x")


@pytest.mark.parametrize("shape", [(3, 2, 4), (2, 3, 1), (4, 2, 2, 3), (3, 5)])
def test_as_batch__counts_the_images_in_a_new_first_dimension(device, shape):
    batch = _mixed(*shape)
    images = [torch.tensor(image, device=device) for image in batch]
    assert_tensor(kata.as_batch(images), batch, device=device)


@pytest.mark.parametrize("shape", [(1, 2, 3), (1, 3), (1, 1, 2)])
def test_as_batch__makes_a_batch_of_a_single_image(device, shape):
    batch = _counted(*shape)
    assert_tensor(kata.as_batch([torch.tensor(batch[0], device=device)]), batch, device=device)


def test_as_batch__keeps_the_dtype_of_the_images(device):
    batch = np.array([[[0, 255], [7, 8], [9, 10]], [[1, 2], [3, 4], [5, 6]]], dtype=np.uint8)
    images = [torch.tensor(image, device=device) for image in batch]
    assert_tensor(kata.as_batch(images), batch, device=device)


@pytest.mark.parametrize(("numbers", "times"), [([1, 2, 3], 2), ([4, 5], 3), ([6, 7, 8], 3)])
def test_repeat_each__gives_all_of_a_number_before_the_next(device, numbers, times):
    x = np.array(numbers, dtype=np.float32)
    assert_tensor(kata.repeat_each(torch.tensor(x, device=device), times), np.repeat(x, times), device=device)


def test_repeat_each__keeps_the_order_of_the_numbers(device):
    x = np.array([3, -1, 2, -1, 7], dtype=np.float32)
    assert_tensor(kata.repeat_each(torch.tensor(x, device=device), 2), np.repeat(x, 2), device=device)


@pytest.mark.parametrize(("numbers", "times"), [([5, 9, 4], 1), ([8], 3)])
def test_repeat_each__takes_once_and_a_single_number(device, numbers, times):
    x = np.array(numbers, dtype=np.float32)
    assert_tensor(kata.repeat_each(torch.tensor(x, device=device), times), np.repeat(x, times), device=device)


def test_repeat_each__keeps_the_dtype(device):
    x = np.array([2**24 + 1, 5])  # the first whole number that float32 can't hold
    assert_tensor(kata.repeat_each(torch.tensor(x, device=device), 2), np.repeat(x, 2), device=device)


@pytest.mark.parametrize(("numbers", "count"), [([7, 8, 9], 2), ([1, 2], 4), ([3, 1, 2], 3)])
def test_independent_rows__puts_the_row_below_itself(device, numbers, count):
    row = np.array(numbers, dtype=np.float32)
    actual = kata.independent_rows(torch.tensor(row, device=device), count)
    assert_tensor(actual, np.tile(row, (count, 1)), device=device)


def test_independent_rows__keeps_the_dtype(device):
    row = np.array([2**24 + 1, 5, 6])
    assert_tensor(kata.independent_rows(torch.tensor(row, device=device), 2), np.tile(row, (2, 1)), device=device)


@pytest.mark.parametrize("written", [0, 2])
def test_independent_rows__can_be_written_to_row_by_row(device, written):
    rows = kata.independent_rows(torch.tensor([7.0, 8.0], device=device), 3)
    expected = np.array([[7, 8]] * 3, dtype=np.float32)
    assert_tensor(rows, expected, device=device)
    rows[written] = -1.0
    expected[written] = -1
    if not np.array_equal(rows.cpu().numpy(), expected):
        says = f"Writing -1 to row {written} of the answer changed its other rows too: all rows are the same memory."
        raise Mismatch("memory", says, actual=rows, expected=torch.tensor(expected, device=device))


@pytest.mark.parametrize("count", [3, 1])
def test_independent_rows__leaves_the_row_as_it_is(device, count):
    row = torch.tensor([7.0, 8.0], device=device)
    with assert_unchanged(row=row):
        rows = kata.independent_rows(row, count)
    assert_tensor(rows, np.array([[7, 8]] * count, dtype=np.float32), device=device)
    assert_owns_memory(rows, row, other_name="row")


def test_independent_rows__takes_a_column_of_a_table(device):
    table = _counted(3, 4)
    column = torch.tensor(table, device=device)[:, 1]
    assert_tensor(kata.independent_rows(column, 2), np.tile(table[:, 1], (2, 1)), device=device)
