"""The specification of katas/lesson_1_tensors/kata_04_shapes.py."""

import numpy as np
import pytest
import torch

from dojo.expect import (
    Mismatch,
    assert_owns_memory,
    assert_raises,
    assert_shares_memory,
    assert_tensor,
    assert_unchanged,
)
from katas.lesson_1_tensors import kata_04_shapes as kata

CORE = ("flatten_images", "as_batch", "join_batches", "channels_first", "reshape_without_copy")

# float32 can't hold it: the next integers that it can hold are 2**24 and 2**24 + 2.
_LARGE = 2**24 + 1


def _counted(*shape):
    """The numbers 0, 1, 2, … in the shape, float32."""
    return np.arange(np.prod(shape), dtype=np.float32).reshape(shape)


def _mixed(*shape):
    """The same numbers as _counted, in a random order."""
    return np.random.default_rng(0).permutation(_counted(*shape).ravel()).reshape(shape)


def _integers(*shape):
    """Different integers in a random order, int64. float32 would round them."""
    return 2 * _mixed(*shape).astype(np.int64) + _LARGE


@pytest.mark.parametrize("shape", [(2, 2, 3), (4, 3, 2)])
def test_flatten_images__makes_one_row_from_every_image(device, shape):
    images = _counted(*shape)
    expected = images.reshape(shape[0], shape[1] * shape[2])
    assert_tensor(kata.flatten_images(torch.tensor(images, device=device)), expected, device=device)


@pytest.mark.parametrize("shape", [(2, 3, 1, 2), (3, 2, 2, 4)])
def test_flatten_images__puts_all_channels_into_the_row(device, shape):
    images = _mixed(*shape)
    expected = images.reshape(shape[0], shape[1] * shape[2] * shape[3])
    assert_tensor(kata.flatten_images(torch.tensor(images, device=device)), expected, device=device)


@pytest.mark.parametrize("shape", [(1, 2, 3), (1, 1, 3, 2), (3, 1, 1)])
def test_flatten_images__keeps_the_batch_dimension_if_a_size_is_1(device, shape):
    images = _mixed(*shape)
    expected = images.reshape(shape[0], images.size // shape[0])
    assert_tensor(kata.flatten_images(torch.tensor(images, device=device)), expected, device=device)


def test_flatten_images__accepts_images_cut_out_of_larger_ones(device):
    large = _counted(2, 4, 5)
    cut_out = torch.tensor(large, device=device)[:, 1:3, 1:4]
    expected = np.array([[6, 7, 8, 11, 12, 13], [26, 27, 28, 31, 32, 33]], dtype=np.float32)
    assert_tensor(kata.flatten_images(cut_out), expected, device=device)


def test_flatten_images__keeps_the_dtype_and_does_not_modify_the_images(device):
    values = _integers(2, 3, 2)
    images = torch.tensor(values, device=device)
    with assert_unchanged(images=images):
        rows = kata.flatten_images(images)
    assert_tensor(rows, values.reshape(2, 6), device=device)


def test_flatten_images__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("shape", [(3, 2, 4), (2, 3, 1), (4, 2, 2, 3), (3, 5)])
def test_as_batch__puts_image_n_into_entry_n(device, shape):
    batch = _mixed(*shape)
    images = [torch.tensor(image, device=device) for image in batch]
    assert_tensor(kata.as_batch(images), batch, device=device)


@pytest.mark.parametrize("shape", [(1, 2, 3), (1, 3), (1, 1, 2)])
def test_as_batch__makes_a_batch_from_a_single_image(device, shape):
    batch = _counted(*shape)
    assert_tensor(kata.as_batch([torch.tensor(batch[0], device=device)]), batch, device=device)


def test_as_batch__keeps_the_dtype_of_the_images(device):
    batch = np.array([[[0, 255], [7, 8], [9, 10]], [[1, 2], [3, 4], [5, 6]]], dtype=np.uint8)
    images = [torch.tensor(image, device=device) for image in batch]
    assert_tensor(kata.as_batch(images), batch, device=device)


@pytest.mark.parametrize("numbers", [[3, 1, 2], [4]])
def test_as_batch__accepts_images_without_dimensions(device, numbers):
    batch = np.array(numbers, dtype=np.float32)
    images = [torch.tensor(each, device=device) for each in batch]
    assert_tensor(kata.as_batch(images), batch, device=device)


def test_as_batch__does_not_modify_the_images(device):
    first, second = torch.tensor(_counted(2, 3), device=device), torch.tensor(_mixed(2, 3), device=device)
    with assert_unchanged(first=first, second=second):
        kata.as_batch([first, second])


def test_as_batch__does_what_its_example_shows(example):
    example.check(kata)


def _split_at(rows, sizes, device):
    """The rows of an array as a list of batches with these sizes."""
    return [torch.tensor(part, device=device) for part in np.split(rows, np.cumsum(sizes)[:-1])]


@pytest.mark.parametrize(("sizes", "shape"), [((2, 2), (3,)), ((3, 3, 3), (2, 2))])
def test_join_batches__puts_the_batches_one_after_another(device, sizes, shape):
    rows = _mixed(sum(sizes), *shape)
    assert_tensor(kata.join_batches(_split_at(rows, sizes, device)), rows, device=device)


@pytest.mark.parametrize(("sizes", "shape"), [((3, 3, 1), (3,)), ((4, 2), (2, 3)), ((1, 3, 2), (2,))])
def test_join_batches__accepts_batches_of_different_sizes(device, sizes, shape):
    rows = _mixed(sum(sizes), *shape)
    assert_tensor(kata.join_batches(_split_at(rows, sizes, device)), rows, device=device)


@pytest.mark.parametrize("shape", [(4, 3), (1, 2)])
def test_join_batches__accepts_a_single_batch(device, shape):
    rows = _counted(*shape)
    assert_tensor(kata.join_batches([torch.tensor(rows, device=device)]), rows, device=device)


def test_join_batches__accepts_labels(device):
    # Entries of shape (): each batch has one dimension, and class 0 is a label like any other.
    labels = np.array([_LARGE, 0, 3, 0, 7])
    assert_tensor(kata.join_batches(_split_at(labels, (2, 2, 1), device)), labels, device=device)


def test_join_batches__keeps_the_dtype_of_the_batches(device):
    rows = np.array([[0, 255, 7], [1, 2, 3], [4, 5, 6]], dtype=np.uint8)
    assert_tensor(kata.join_batches(_split_at(rows, (2, 1), device)), rows, device=device)


def test_join_batches__does_not_modify_the_batches(device):
    first, last = torch.tensor(_counted(2, 3), device=device), torch.tensor(_mixed(1, 3), device=device)
    batches = [first, last]
    with assert_unchanged(first=first, last=last):
        kata.join_batches(batches)
    if len(batches) != 2 or batches[0] is not first or batches[1] is not last:
        raise Mismatch("mutated", "You changed the list of batches. Make a new list or tensor.")


def test_join_batches__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("shape", [(1, 2, 3, 2), (2, 2, 4, 3), (1, 3, 3, 4)])
def test_channels_first__makes_a_whole_picture_from_every_channel(device, shape):
    # All elements of channel c are c + 1, so one look tells if the channels have been mixed.
    images = np.broadcast_to(np.arange(1, shape[3] + 1, dtype=np.float32), shape).copy()
    actual = kata.channels_first(torch.tensor(images, device=device))
    assert_tensor(actual, np.moveaxis(images, 3, 1), device=device)


@pytest.mark.parametrize("shape", [(1, 2, 3, 2), (2, 4, 2, 3), (2, 3, 3, 4), (3, 2, 2, 1)])
def test_channels_first__keeps_every_pixel_in_its_place(device, shape):
    images = _mixed(*shape)
    actual = kata.channels_first(torch.tensor(images, device=device))
    assert_tensor(actual, np.moveaxis(images, 3, 1), device=device)


def test_channels_first__keeps_the_dtype_and_does_not_modify_the_images(device):
    values = _integers(2, 2, 3, 3)
    images = torch.tensor(values, device=device)
    with assert_unchanged(images=images):
        actual = kata.channels_first(images)
    assert_tensor(actual, np.moveaxis(values, 3, 1), device=device)


def test_channels_first__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize(("before", "after"), [((2, 3), (3, 2)), ((2, 3), (6,)), ((4,), (2, 2)), ((2, 3, 4), (4, 6))])
def test_reshape_without_copy__reads_the_elements_row_by_row(device, before, after):
    values = _mixed(*before)
    x = torch.tensor(values, device=device)
    assert_tensor(kata.reshape_without_copy(x, after), values.reshape(after), device=device)


@pytest.mark.parametrize(("before", "after"), [((2, 3), (3, 2)), ((2, 3), (6,)), ((2, 3), (2, 3))])
def test_reshape_without_copy__shares_memory_with_x(device, before, after):
    x = torch.tensor(_counted(*before), device=device)
    actual = kata.reshape_without_copy(x, after)
    assert_tensor(actual, _counted(*after), device=device)
    assert_shares_memory(actual, x, other_name="x")


def _strided(device):
    """Names of non-contiguous tensors, the tensors, and their values."""
    table, large = np.arange(6).reshape(2, 3), np.arange(18).reshape(3, 6)
    on_device, large_on_device = torch.tensor(table, device=device), torch.tensor(large, device=device)
    return {
        "x.t()": (on_device.t(), table.T),
        "x[:, 1:5]": (large_on_device[:, 1:5], large[:, 1:5]),
    }


@pytest.mark.parametrize(("name", "shape"), [("x.t()", (3, 1, 2)), ("x[:, 1:5]", (3, 2, 2))])
def test_reshape_without_copy__accepts_a_non_contiguous_x_if_it_needs_no_copy(device, name, shape):
    x, values = _strided(device)[name]
    try:
        actual = kata.reshape_without_copy(x, shape)
    except NotImplementedError:
        raise
    except RuntimeError as error:
        says = f"Your code raised an error for {name} and the shape {shape}. This needs no copy."
        raise Mismatch("statement", says) from error
    assert_tensor(actual, values.reshape(shape), device=device)
    assert_shares_memory(actual, x, other_name="x")


@pytest.mark.parametrize(("name", "shape"), [("x.t()", (6,)), ("x.t()", (2, 3)), ("x[:, 1:5]", (12,))])
def test_reshape_without_copy__raises_an_error_instead_of_a_copy(device, name, shape):
    x, _ = _strided(device)[name]
    says = f"Your code returned something for {name} and the shape {shape}. This needs a copy: raise a RuntimeError."
    with assert_unchanged(x=x), assert_raises(RuntimeError, because=says):
        kata.reshape_without_copy(x, shape)


def test_reshape_without_copy__does_not_modify_x(device):
    x = torch.tensor(_counted(2, 3), device=device)
    with assert_unchanged(x=x):
        kata.reshape_without_copy(x, (3, 2))


def test_reshape_without_copy__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("shape", [(2, 1, 2, 3), (5, 1, 4, 2)])
def test_drop_channel__removes_the_second_dimension(device, shape):
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


def test_drop_channel__does_not_modify_the_images(device):
    images = torch.tensor(_counted(2, 1, 2, 3), device=device)
    with assert_unchanged(images=images):
        kata.drop_channel(images)


def test_drop_channel__keeps_the_dtype(device):
    images = _mixed(2, 1, 2, 3).astype(np.uint8)
    assert_tensor(kata.drop_channel(torch.tensor(images, device=device)), images[:, 0], device=device)


def test_drop_channel__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize(("shape", "heads"), [((1, 3, 6), 2), ((2, 3, 4), 2), ((2, 4, 6), 3)])
def test_split_heads__gives_each_head_its_piece_of_every_position(device, shape, heads):
    x = _counted(*shape)
    expected = np.stack(np.split(x, heads, axis=2), axis=1)
    assert_tensor(kata.split_heads(torch.tensor(x, device=device), heads), expected, device=device)


@pytest.mark.parametrize("heads", [1, 4])
def test_split_heads__accepts_one_head_or_one_feature_per_head(device, heads):
    x = _mixed(2, 3, 4)
    expected = np.stack(np.split(x, heads, axis=2), axis=1)
    assert_tensor(kata.split_heads(torch.tensor(x, device=device), heads), expected, device=device)


@pytest.mark.parametrize("shape", [(1, 1, 6), (3, 1, 6), (1, 4, 6)])
def test_split_heads__accepts_a_single_position_or_a_batch_of_one(device, shape):
    x = _mixed(*shape)
    expected = np.stack(np.split(x, 3, axis=2), axis=1)
    assert_tensor(kata.split_heads(torch.tensor(x, device=device), 3), expected, device=device)


def test_split_heads__keeps_the_dtype_and_does_not_modify_x(device):
    values = _integers(2, 3, 4)
    x = torch.tensor(values, device=device)
    with assert_unchanged(x=x):
        actual = kata.split_heads(x, 2)
    assert_tensor(actual, np.stack(np.split(values, 2, axis=2), axis=1), device=device)


def test_split_heads__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize(("numbers", "times"), [([1, 2, 3], 2), ([4, 5], 3), ([6, 7, 8], 3)])
def test_repeat_each__puts_all_copies_of_an_element_before_the_next(device, numbers, times):
    x = np.array(numbers, dtype=np.float32)
    assert_tensor(kata.repeat_each(torch.tensor(x, device=device), times), np.repeat(x, times), device=device)


def test_repeat_each__keeps_the_order_of_the_elements(device):
    x = np.array([3, -1, 2, -1, 7], dtype=np.float32)
    assert_tensor(kata.repeat_each(torch.tensor(x, device=device), 2), np.repeat(x, 2), device=device)


@pytest.mark.parametrize(("numbers", "times"), [([5, 9, 4], 1), ([8], 3)])
def test_repeat_each__accepts_times_1_and_a_single_element(device, numbers, times):
    x = np.array(numbers, dtype=np.float32)
    assert_tensor(kata.repeat_each(torch.tensor(x, device=device), times), np.repeat(x, times), device=device)


@pytest.mark.parametrize(("numbers", "dtype"), [([_LARGE, 5], np.int64), ([1, 0, 1], np.bool_), ([7, 255], np.uint8)])
def test_repeat_each__keeps_the_dtype_and_does_not_modify_x(device, numbers, dtype):
    values = np.array(numbers, dtype=dtype)
    x = torch.tensor(values, device=device)
    with assert_unchanged(x=x):
        actual = kata.repeat_each(x, 2)
    assert_tensor(actual, np.repeat(values, 2), device=device)


def test_repeat_each__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize(("numbers", "count"), [([7, 8, 9], 2), ([1, 2], 4), ([3, 1, 2], 3)])
def test_independent_rows__puts_the_copies_below_each_other(device, numbers, count):
    row = np.array(numbers, dtype=np.float32)
    actual = kata.independent_rows(torch.tensor(row, device=device), count)
    assert_tensor(actual, np.tile(row, (count, 1)), device=device)


@pytest.mark.parametrize("written", [0, 2])
def test_independent_rows__changes_only_the_row_that_is_written_to(device, written):
    rows = kata.independent_rows(torch.tensor([7.0, 8.0], device=device), 3)
    expected = np.array([[7, 8]] * 3, dtype=np.float32)
    assert_tensor(rows, expected, device=device)
    rows[written] = -1.0
    expected[written] = -1
    if not np.array_equal(rows.cpu().numpy(), expected):
        says = f"Writing -1 to row {written} of your result changed other rows too. The rows share memory."
        raise Mismatch("memory", says, actual=rows, expected=torch.tensor(expected, device=device))


@pytest.mark.parametrize("count", [3, 1])
def test_independent_rows__does_not_share_memory_with_the_row(device, count):
    row = torch.tensor([7.0, 8.0], device=device)
    with assert_unchanged(row=row):
        rows = kata.independent_rows(row, count)
    assert_tensor(rows, np.array([[7, 8]] * count, dtype=np.float32), device=device)
    assert_owns_memory(rows, row, other_name="row")


@pytest.mark.parametrize("numbers", [[_LARGE, 5, 6], [True, False]])
def test_independent_rows__keeps_the_dtype(device, numbers):
    row = np.array(numbers)
    assert_tensor(kata.independent_rows(torch.tensor(row, device=device), 2), np.tile(row, (2, 1)), device=device)


def test_independent_rows__accepts_a_column_of_a_table(device):
    table = _counted(3, 4)
    column = torch.tensor(table, device=device)[:, 1]
    assert_tensor(kata.independent_rows(column, 2), np.tile(table[:, 1], (2, 1)), device=device)


def test_independent_rows__does_what_its_example_shows(example):
    example.check(kata)
