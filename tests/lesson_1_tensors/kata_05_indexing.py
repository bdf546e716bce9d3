"""The specification of katas/lesson_1_tensors/kata_05_indexing.py."""

import collections
import random

import numpy as np
import pytest
import torch

from dojo.expect import (
    Mismatch,
    assert_operators,
    assert_owns_memory,
    assert_shares_memory,
    assert_tensor,
    assert_unchanged,
    count_operators,
    kind_of,
)
from katas.lesson_1_tensors import kata_05_indexing as kata

CORE = ("drop_nan", "replace_negatives", "label_scores", "most_likely", "top_classes")

NAN, INF = float("nan"), float("inf")


def _numbered(rows, columns):
    """A float32 array of distinct numbers from 1 on."""
    return np.arange(1, rows * columns + 1, dtype=np.float32).reshape(rows, columns)


def _float32(values):
    return np.array(values, dtype=np.float32)


def _pair(answer, says):
    """The two tensors of an answer that must be a tuple."""
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        raise Mismatch("type", f"Return a tuple of two tensors: {says}.", actual=answer)
    return answer


def _assert_entries_and_rows(answer, entries, rows, device):
    actual_entries, actual_rows = _pair(answer, "the entries, then the rows")
    assert_tensor(actual_entries, _float32(entries), device=device, name="the tensor of entries")
    assert_tensor(actual_rows, _float32(rows), device=device, name="the tensor of rows")


@pytest.mark.parametrize(
    ("x", "entries", "rows"),
    [
        (
            [[1, NAN, 3], [4, 5, 6], [NAN, NAN, 9], [7, 8, 2]],
            [1, 3, 4, 5, 6, 9, 7, 8, 2],
            [[4, 5, 6], [7, 8, 2]],
        ),
        ([[8, 7, 6], [5, NAN, 4], [3, 2, 1]], [8, 7, 6, 5, 4, 3, 2, 1], [[8, 7, 6], [3, 2, 1]]),
        ([[NAN, 1, 2, 3], [6, 4, 5, 0]], [1, 2, 3, 6, 4, 5, 0], [[6, 4, 5, 0]]),
    ],
)
def test_drop_nan__returns_all_entries_and_all_rows_without_nan(device, x, entries, rows):
    _assert_entries_and_rows(kata.drop_nan(torch.tensor(x, device=device)), entries, rows, device)


def test_drop_nan__keeps_inf(device):
    x = torch.tensor([[INF, -INF, 1.0], [NAN, INF, 2.0]], device=device)
    _assert_entries_and_rows(kata.drop_nan(x), [INF, -INF, 1, INF, 2], [[INF, -INF, 1]], device)


def test_drop_nan__returns_copies(device):
    for array in (_numbered(3, 2), _float32([[1, NAN], [3, 4]])):
        x = torch.tensor(array, device=device)
        with assert_unchanged(x=x):
            entries, rows = _pair(kata.drop_nan(x), "the entries, then the rows")
        assert_owns_memory(entries, x, name="the tensor of entries", other_name="x")
        assert_owns_memory(rows, x, name="the tensor of rows", other_name="x")


def test_drop_nan__returns_all_of_x_if_there_is_no_nan(device):
    x = _numbered(3, 2)
    _assert_entries_and_rows(kata.drop_nan(torch.tensor(x, device=device)), [1, 2, 3, 4, 5, 6], x, device)


def test_drop_nan__returns_empty_tensors_if_all_is_nan(device):
    x = torch.full((2, 3), NAN, device=device)
    _assert_entries_and_rows(kata.drop_nan(x), [], np.zeros((0, 3)), device)


def test_drop_nan__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("value", [9.5, 0, -1])
def test_replace_negatives__puts_the_value_in_place_of_negative_elements(device, value):
    x = np.array([[-3, 0, 2.5, -0.25], [7, -8, 0.125, 12]], dtype=np.float32)
    expected = np.array([[value, 0, 2.5, value], [7, value, 0.125, 12]], dtype=np.float32)
    assert_tensor(kata.replace_negatives(torch.tensor(x, device=device), value), expected, device=device)


def test_replace_negatives__does_not_change_x(device):
    x = torch.tensor([-1.0, 2.0, -3.0], device=device)
    with assert_unchanged(x=x):
        actual = kata.replace_negatives(x, 5)
    assert_owns_memory(actual, x, other_name="x")


def test_replace_negatives__returns_a_copy_even_if_nothing_is_negative(device):
    x = torch.tensor([1.0, 2.0, 3.0], device=device)
    actual = kata.replace_negatives(x, 5)
    assert_tensor(actual, np.array([1, 2, 3], dtype=np.float32), device=device)
    assert_owns_memory(actual, x, other_name="x")


def test_replace_negatives__keeps_nan(device):
    x = torch.tensor([NAN, -1.0, 2.0], device=device)
    assert_tensor(kata.replace_negatives(x, 4), np.array([NAN, 4, 2], dtype=np.float32), device=device)


def test_replace_negatives__accepts_inf(device):
    x = torch.tensor([-INF, INF, -2.0], device=device)
    assert_tensor(kata.replace_negatives(x, 4), np.array([4, INF, 4], dtype=np.float32), device=device)


@pytest.mark.parametrize("shape", [(), (0,), (2, 1, 3)])
def test_replace_negatives__accepts_any_shape(device, shape):
    x = torch.full(shape, -2.0, device=device)
    assert_tensor(kata.replace_negatives(x, 6.5), np.full(shape, 6.5, dtype=np.float32), device=device)


def test_replace_negatives__does_what_its_example_shows(example):
    example.check(kata)


# No label is as large as the number of rows, so a label that is used as a row raises no error. That is the usual case.
# The last class is not always among the labels: an answer that counts the classes by their labels must fail.
@pytest.mark.parametrize(
    ("labels", "classes"), [([2, 0, 1, 2, 0], 3), ([1, 2, 0], 3), ([0, 3, 1, 3], 4), ([1, 0, 1, 0], 3)]
)
def test_label_scores__pairs_each_row_with_its_own_label(device, labels, classes):
    scores = _numbered(len(labels), classes) / 8
    expected = np.array([row[label] for row, label in zip(scores, labels, strict=True)])
    actual = kata.label_scores(torch.tensor(scores, device=device), torch.tensor(labels, device=device))
    assert_tensor(actual, expected, device=device)


def test_label_scores__needs_no_loop():
    scores = torch.tensor(_numbered(60, 3))
    labels = torch.arange(60) % 3
    with count_operators() as operators:
        kata.label_scores(scores, labels)
    assert_operators(operators, 20, "Select all scores at once, without a loop over the rows.")


def test_label_scores__does_not_change_the_arguments(device):
    scores, labels = torch.tensor(_numbered(4, 3), device=device), torch.tensor([2, 0, 1, 2], device=device)
    with assert_unchanged(scores=scores, labels=labels):
        kata.label_scores(scores, labels)


def test_label_scores__accepts_minus_inf(device):
    scores = torch.tensor([[-INF, 0.5], [0.25, 0.75], [-1.5, -INF]], device=device)
    labels = torch.tensor([1, 0, 1], device=device)
    expected = np.array([0.5, 0.25, -INF], dtype=np.float32)
    assert_tensor(kata.label_scores(scores, labels), expected, device=device)


def test_label_scores__accepts_a_single_row(device):
    scores = torch.tensor([[7.0, 8.0, 9.0]], device=device)
    expected = np.array([7], dtype=np.float32)
    assert_tensor(kata.label_scores(scores, torch.tensor([0], device=device)), expected, device=device)


def test_label_scores__accepts_zero_rows(device):
    labels = torch.zeros(0, dtype=torch.int64, device=device)
    actual = kata.label_scores(torch.zeros(0, 3, device=device), labels)
    assert_tensor(actual, np.zeros(0, dtype=np.float32), device=device)


def test_label_scores__does_what_its_example_shows(example):
    example.check(kata)


def _assert_classes_and_largest(answer, classes, largest, device):
    actual_classes, actual_largest = _pair(answer, "the classes, then the largest values")
    assert_tensor(actual_classes, np.array(classes), device=device, name="the tensor of classes")
    assert_tensor(actual_largest, _float32(largest), device=device, name="the tensor of largest values")


PROBABILITIES = [[0.25, 0.125, 0.625], [0.5, 0.375, 0.125], [0.0, 0.75, 0.25], [0.125, 0.0, 0.875]]


# In each case, the largest values of the columns stand elsewhere than those of the rows.
@pytest.mark.parametrize(
    ("probabilities", "classes", "largest"),
    [
        (PROBABILITIES, [2, 0, 1, 2], [0.625, 0.5, 0.75, 0.875]),
        ([[0.125, 0.625, 0.25], [0.25, 0.75, 0.0], [0.375, 0.125, 0.5]], [1, 1, 2], [0.625, 0.75, 0.5]),
        ([[0.125, 0.0, 0.25, 0.625], [0.375, 0.5, 0.0, 0.125]], [3, 1], [0.625, 0.5]),
    ],
)
def test_most_likely__returns_the_class_and_its_probability(device, probabilities, classes, largest):
    answer = kata.most_likely(torch.tensor(probabilities, device=device))
    _assert_classes_and_largest(answer, classes, largest, device)


def test_most_likely__accepts_a_single_row(device):
    answer = kata.most_likely(torch.tensor([[0.125, 0.5, 0.375, 0.0]], device=device))
    _assert_classes_and_largest(answer, [1], [0.5], device)


def test_most_likely__accepts_a_single_class(device):
    answer = kata.most_likely(torch.tensor([[1.0], [0.5], [0.25]], device=device))
    _assert_classes_and_largest(answer, [0, 0, 0], [1, 0.5, 0.25], device)


def test_most_likely__does_not_change_the_argument(device):
    probabilities = torch.tensor(PROBABILITIES, device=device)
    with assert_unchanged(probabilities=probabilities):
        kata.most_likely(probabilities)


def test_most_likely__does_what_its_example_shows(example):
    example.check(kata)


SCORES = np.array(
    [
        [0.3, -0.5, 0.9, 0.1, 0.6],
        [-4.0, -1.0, -3.0, -2.0, -5.0],
        [2.5, 7.0, 1.5, 9.0, 3.0],
        [0.2, 0.1, 0.0, 0.4, 0.5],
    ],
    dtype=np.float32,
)


@pytest.mark.parametrize("k", [2, 3, 1])
def test_top_classes__returns_the_columns_of_the_largest_scores_best_first(device, k):
    expected = np.array([[2, 4, 0], [1, 3, 2], [3, 1, 4], [4, 3, 0]])[:, :k]
    assert_tensor(kata.top_classes(torch.tensor(SCORES, device=device), k), expected, device=device)


def test_top_classes__accepts_a_k_of_all_classes(device):
    expected = np.array([[2, 4, 0, 3, 1], [1, 3, 2, 0, 4], [3, 1, 4, 0, 2], [4, 3, 0, 1, 2]])
    assert_tensor(kata.top_classes(torch.tensor(SCORES, device=device), 5), expected, device=device)


def test_top_classes__does_not_change_the_argument(device):
    scores = torch.tensor(SCORES, device=device)
    with assert_unchanged(scores=scores):
        kata.top_classes(scores, 2)


def test_top_classes__accepts_a_single_row(device):
    scores = torch.tensor([[1.0, 3.0, 2.0]], device=device)
    assert_tensor(kata.top_classes(scores, 2), np.array([[1, 2]]), device=device)


def test_top_classes__accepts_zero_rows(device):
    actual = kata.top_classes(torch.zeros(0, 4, device=device), 3)
    assert_tensor(actual, np.zeros((0, 3), dtype=np.int64), device=device)


def test_top_classes__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize(("rows", "columns"), [(4, 5), (3, 6), (2, 1)])
def test_bottom_stripes__returns_every_second_column_of_the_last_two_rows(device, rows, columns):
    x = _numbered(rows, columns)
    actual = kata.bottom_stripes(torch.tensor(x, device=device))
    assert_tensor(actual, x[rows - 2 :, 0::2], device=device)


def test_bottom_stripes__returns_a_view(device):
    x = torch.tensor(_numbered(4, 5), device=device)
    with assert_unchanged(x=x):
        actual = kata.bottom_stripes(x)
    assert_shares_memory(actual, x, other_name="x")


def test_bottom_stripes__accepts_a_transpose(device):
    x = _numbered(5, 3)
    transposed = torch.tensor(x, device=device).T
    actual = kata.bottom_stripes(transposed)
    assert_tensor(actual, x.T[1:, 0::2], device=device)
    assert_shares_memory(actual, transposed, other_name="x")


def test_bottom_stripes__keeps_the_dtype(device):
    x = np.arange(18).reshape(3, 6)
    assert_tensor(kata.bottom_stripes(torch.tensor(x, device=device)), x[1:, 0::2], device=device)


def test_bottom_stripes__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize("rows", [[3, 1, 1, 0], [2, 0], [1, 2], [2]])
def test_chosen_rows__follows_the_order_of_the_list(device, rows):
    x = _numbered(4, 5)
    expected = np.stack([x[row] for row in rows])
    assert_tensor(kata.chosen_rows(torch.tensor(x, device=device), rows), expected, device=device)


@pytest.mark.parametrize("rows", [[1, 2], [2], [0, 1, 2, 3]])
def test_chosen_rows__returns_a_copy(device, rows):
    x = torch.tensor(_numbered(4, 5), device=device)
    with assert_unchanged(x=x):
        actual = kata.chosen_rows(x, rows)
    assert_owns_memory(actual, x, other_name="x")


def test_chosen_rows__keeps_the_dtype(device):
    x = np.arange(12).reshape(3, 4)
    expected = np.array([[8, 9, 10, 11], [0, 1, 2, 3]])
    assert_tensor(kata.chosen_rows(torch.tensor(x, device=device), [2, 0]), expected, device=device)


def test_chosen_rows__does_what_its_example_shows(example):
    example.check(kata)


@pytest.mark.parametrize(
    ("rows", "column", "expected"),
    [
        ([2, 0], 1, [[1, 0, 3, 4], [5, 6, 7, 8], [9, 0, 11, 12]]),
        ([1, 2, 1], 0, [[1, 2, 3, 4], [0, 6, 7, 8], [0, 10, 11, 12]]),
    ],
)
@pytest.mark.parametrize("dtype", [torch.float32, torch.int64])
def test_clear_rows__sets_one_column_of_the_rows_to_zero(device, rows, column, expected, dtype):
    x = torch.tensor(_numbered(3, 4), device=device, dtype=dtype)
    rows = torch.tensor(rows, device=device)
    with assert_unchanged(rows=rows):
        actual = kata.clear_rows(x, rows, column)
    assert_tensor(actual, torch.tensor(expected, dtype=dtype), device=device)
    assert_tensor(x, torch.tensor(expected, dtype=dtype), device=device, name="the tensor x after the call")
    assert_shares_memory(actual, x, other_name="x")


def test_clear_rows__clears_nan_and_inf(device):
    x = torch.tensor([[1.0, NAN], [2.0, INF], [NAN, 4.0]], device=device)
    expected = np.array([[1, 0], [2, 0], [NAN, 4]], dtype=np.float32)
    assert_tensor(kata.clear_rows(x, torch.tensor([0, 1], device=device), 1), expected, device=device)


def test_clear_rows__accepts_a_transpose(device):
    base = torch.tensor(_numbered(3, 4), device=device)
    # The rows of the transpose, (4, 3), are the columns of its base.
    kata.clear_rows(base.T, torch.tensor([0, 2], device=device), 1)
    expected = np.array([[1, 2, 3, 4], [0, 6, 0, 8], [9, 10, 11, 12]], dtype=np.float32)
    assert_tensor(base, expected, device=device, name="the tensor that x is the transpose of")


def test_clear_rows__changes_nothing_for_zero_rows(device):
    x = torch.tensor(_numbered(3, 2), device=device)
    rows = torch.zeros(0, dtype=torch.int64, device=device)
    assert_tensor(kata.clear_rows(x, rows, 1), _numbered(3, 2), device=device)


def test_clear_rows__does_what_its_example_shows(example):
    example.check(kata)


def _parts_in(answer, x, parts):
    """The parts in an answer to in_parts, after a check that the answer is a list or tuple of so many tensors."""
    if not isinstance(answer, (list, tuple)):
        raise Mismatch("type", f"Return a list or a tuple of tensors, not {kind_of(answer)}.", actual=answer)
    for i, part in enumerate(answer):
        if not isinstance(part, torch.Tensor):
            says = f"Part {i} is {kind_of(part)}. It must be a tensor."
            raise Mismatch("type", says, actual=answer)
    if len(answer) != parts:
        raise Mismatch(
            "value",
            f"Your result has {len(answer)} {'part' if len(answer) == 1 else 'parts'}. It must have {parts}.",
            actual=[part.tolist() for part in answer],
            expected=x.reshape(parts, -1).tolist(),
        )
    return answer


# Mostly, the number of parts differs from their length, so that the two can't be mixed up.
@pytest.mark.parametrize(("length", "parts"), [(6, 2), (12, 4), (10, 5), (5, 1), (3, 3)])
def test_in_parts__returns_equal_parts_in_order(device, length, parts):
    x = np.arange(1, length + 1) * 10
    size = length // parts
    actual = _parts_in(kata.in_parts(torch.tensor(x, device=device), parts), x, parts)
    for i, part in enumerate(actual):
        assert_tensor(part, x[i * size : (i + 1) * size], device=device, name=f"part {i}")


@pytest.mark.parametrize("parts", [3, 1])
def test_in_parts__returns_views(device, parts):
    x = torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], device=device)
    with assert_unchanged(x=x):
        actual = _parts_in(kata.in_parts(x, parts), x, parts)
    for i, part in enumerate(actual):
        assert_shares_memory(part, x, name=f"part {i}", other_name="x")


def test_in_parts__accepts_a_strided_view(device):
    base = torch.tensor(np.arange(12, dtype=np.float32), device=device)
    actual = _parts_in(kata.in_parts(base[::2], 3), base[::2], 3)
    for i, part in enumerate(actual):
        assert_tensor(part, np.array([4 * i, 4 * i + 2], dtype=np.float32), device=device, name=f"part {i}")
        assert_shares_memory(part, base, name=f"part {i}", other_name="x")


def test_in_parts__does_what_its_example_shows(example):
    example.check(kata)


def _rows_and_labels(count, device):
    """Inputs (count, 2) and labels (count,): row i is [10 i, 10 i + 1], and its label 3 i + 2."""
    numbers = torch.arange(count, device=device)
    inputs = torch.stack([10 * numbers, 10 * numbers + 1], dim=1).to(torch.float32)
    return inputs, 3 * numbers + 2


def _inputs_and_labels(answer):
    return _pair(answer, "the inputs, then the labels")


def _order_of(seed, count):
    """The order in which shuffle_together returns the labels of `count` rows, on the CPU."""
    inputs, labels = _rows_and_labels(count, "cpu")
    shuffled = _inputs_and_labels(kata.shuffle_together(inputs, labels, seed))[1]
    return [(label - 2) // 3 for label in shuffled.tolist()]


@pytest.mark.parametrize(("count", "seed"), [(20, 3), (7, 0), (1, 5)])
def test_shuffle_together__keeps_each_row_once_with_its_label(device, count, seed):
    inputs, labels = _rows_and_labels(count, device)
    new_inputs, new_labels = _inputs_and_labels(kata.shuffle_together(inputs, labels, seed))
    expected = np.arange(count, dtype=np.int64) * 3 + 2
    # Any order is right here, so the labels are sorted first.
    if isinstance(new_labels, torch.Tensor) and new_labels.shape == labels.shape:
        seen = new_labels.sort().values
    else:
        seen = new_labels
    assert_tensor(seen, expected, device=device, name="the sorted tensor of labels")
    position = (new_labels.cpu().numpy() - 2) // 3
    matching = np.stack([10 * position, 10 * position + 1], axis=1).astype(np.float32)
    assert_tensor(new_inputs, matching, device=device, name="the tensor of inputs")


def test_shuffle_together__changes_the_order():
    if _order_of(3, 20) == list(range(20)):
        raise Mismatch("value", "Your rows are in the order of the inputs.")


def test_shuffle_together__returns_the_same_order_for_the_same_seed():
    first = _order_of(3, 20)
    torch.rand(3), np.random.rand(3), random.random()  # other code draws between the calls
    if _order_of(3, 20) != first:
        raise Mismatch("value", "Two calls with seed 3 returned different orders.")


def test_shuffle_together__returns_another_order_for_another_seed():
    if _order_of(3, 20) == _order_of(4, 20):
        raise Mismatch("value", "Seed 3 and seed 4 return the same order.")


def test_shuffle_together__does_not_change_the_arguments(device):
    inputs, labels = _rows_and_labels(6, device)
    with assert_unchanged(inputs=inputs, labels=labels):
        kata.shuffle_together(inputs, labels, 3)


def test_shuffle_together__leaves_the_global_generator_of_pytorch_unchanged(device):
    inputs, labels = _rows_and_labels(6, device)
    torch.rand(3)  # other code has drawn before: to restore the seed is not enough to restore the state
    before = torch.get_rng_state()
    kata.shuffle_together(inputs, labels, 3)
    if not torch.equal(torch.get_rng_state(), before):
        raise Mismatch("mutated", "You changed the state of PyTorch's global generator, which all code shares.")


def test_shuffle_together__leaves_the_global_generator_of_numpy_unchanged(device):
    inputs, labels = _rows_and_labels(6, device)
    np.random.rand(3)
    _, numbers, position, *_ = np.random.get_state()
    kata.shuffle_together(inputs, labels, 3)
    _, numbers_after, position_after, *_ = np.random.get_state()
    if position_after != position or not np.array_equal(numbers_after, numbers):
        raise Mismatch("mutated", "You changed the state of NumPy's global generator, which all code shares.")


def test_shuffle_together__leaves_the_global_generator_of_python_unchanged(device):
    inputs, labels = _rows_and_labels(6, device)
    random.random()
    before = random.getstate()
    kata.shuffle_together(inputs, labels, 3)
    if random.getstate() != before:
        raise Mismatch("mutated", "You changed the state of Python's global generator, which all code shares.")


def test_shuffle_together__makes_all_orders_equally_likely():
    counts = collections.Counter(tuple(_order_of(seed, 3)) for seed in range(120))
    # Three rows have six orders: 20 of 120 each, with a standard deviation of 4.1.
    if len(counts) < 6 or min(counts.values()) < 4:
        often = max(counts.values())
        raise Mismatch(
            "value",
            f"Three rows have 6 orders, and over 120 seeds each one should come about 20 times. "
            f"Your code returned {len(counts)} of them, and the most common one {often} times.",
        )


def test_shuffle_together__does_what_its_example_shows(example):
    example.check(kata)
