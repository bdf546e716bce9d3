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
)
from katas.lesson_1_tensors import kata_05_indexing as kata

CORE = ("label_scores", "replace_negatives", "top_classes")


def numbered(rows, columns):
    """A float32 array of distinct numbers from 1 on."""
    return np.arange(1, rows * columns + 1, dtype=np.float32).reshape(rows, columns)


@pytest.mark.parametrize(("rows", "columns"), [(4, 5), (3, 6), (2, 1)])
def test_bottom_stripes__are_every_second_column_of_the_last_two_rows(device, rows, columns):
    x = numbered(rows, columns)
    actual = kata.bottom_stripes(torch.tensor(x, device=device))
    assert_tensor(actual, x[rows - 2 :, 0::2], device=device)


def test_bottom_stripes__share_memory_with_the_input(device):
    x = torch.tensor(numbered(4, 5), device=device)
    assert_shares_memory(kata.bottom_stripes(x), x, other_name="x")


def test_bottom_stripes__take_a_transposed_input(device):
    x = numbered(5, 3)
    turned = torch.tensor(x, device=device).T
    actual = kata.bottom_stripes(turned)
    assert_tensor(actual, x.T[1:, 0::2], device=device)
    assert_shares_memory(actual, turned, other_name="x")


def test_bottom_stripes__keep_the_dtype(device):
    x = np.arange(18).reshape(3, 6)
    assert_tensor(kata.bottom_stripes(torch.tensor(x, device=device)), x[1:, 0::2], device=device)


@pytest.mark.parametrize("rows", [[3, 1, 1, 0], [2, 0], [1, 2], [2]])
def test_chosen_rows__come_in_the_order_of_the_list_with_repeats(device, rows):
    x = numbered(4, 5)
    expected = np.stack([x[row] for row in rows])
    assert_tensor(kata.chosen_rows(torch.tensor(x, device=device), rows), expected, device=device)


@pytest.mark.parametrize("rows", [[1, 2], [2], [0, 1, 2, 3]])
def test_chosen_rows__are_a_copy(device, rows):
    x = torch.tensor(numbered(4, 5), device=device)
    with assert_unchanged(x=x):
        actual = kata.chosen_rows(x, rows)
    assert_owns_memory(actual, x, other_name="x")


def test_chosen_rows__keep_the_dtype(device):
    x = np.arange(12).reshape(3, 4)
    expected = np.array([[8, 9, 10, 11], [0, 1, 2, 3]])
    assert_tensor(kata.chosen_rows(torch.tensor(x, device=device), [2, 0]), expected, device=device)


# No label is as large as the number of rows, so that taking it for a row goes wrong quietly, as it does in life.
@pytest.mark.parametrize("labels", [[2, 0, 1, 2, 0], [1, 2, 0], [0, 3, 1, 3]])
def test_label_scores__pair_each_row_with_its_own_label(device, labels):
    scores = numbered(len(labels), 4 if 3 in labels else 3) / 8
    expected = np.array([row[label] for row, label in zip(scores, labels, strict=True)])
    actual = kata.label_scores(torch.tensor(scores, device=device), torch.tensor(labels, device=device))
    assert_tensor(actual, expected, device=device)


def test_label_scores__need_no_loop():
    scores = torch.tensor(numbered(60, 3))
    labels = torch.arange(60) % 3
    with count_operators() as operators:
        kata.label_scores(scores, labels)
    assert_operators(operators, 20, "Pick all scores at once, without going through the rows.")


def test_label_scores__leave_the_inputs_as_they_are(device):
    scores, labels = torch.tensor(numbered(4, 3), device=device), torch.tensor([2, 0, 1, 2], device=device)
    with assert_unchanged(scores=scores, labels=labels):
        kata.label_scores(scores, labels)


def test_label_scores__are_not_troubled_by_minus_infinity(device):
    inf = float("inf")
    scores = torch.tensor([[-inf, 0.5], [0.25, 0.75], [-1.5, -inf]], device=device)
    labels = torch.tensor([1, 0, 1], device=device)
    expected = np.array([0.5, 0.25, -inf], dtype=np.float32)
    assert_tensor(kata.label_scores(scores, labels), expected, device=device)


def test_label_scores__take_one_row(device):
    scores = torch.tensor([[7.0, 8.0, 9.0]], device=device)
    expected = np.array([7], dtype=np.float32)
    assert_tensor(kata.label_scores(scores, torch.tensor([0], device=device)), expected, device=device)


def test_label_scores__take_a_batch_of_none(device):
    labels = torch.zeros(0, dtype=torch.int64, device=device)
    actual = kata.label_scores(torch.zeros(0, 3, device=device), labels)
    assert_tensor(actual, np.zeros(0, dtype=np.float32), device=device)


@pytest.mark.parametrize(
    ("rows", "column", "expected"),
    [
        ([2, 0], 1, [[1, 0, 3, 4], [5, 6, 7, 8], [9, 0, 11, 12]]),
        ([1, 2, 1], 0, [[1, 2, 3, 4], [0, 6, 7, 8], [0, 10, 11, 12]]),
    ],
)
@pytest.mark.parametrize("dtype", [torch.float32, torch.int64])
def test_clear_rows__sets_one_column_of_the_rows_to_zero(device, rows, column, expected, dtype):
    x = torch.tensor(numbered(3, 4), device=device, dtype=dtype)
    rows = torch.tensor(rows, device=device)
    with assert_unchanged(rows=rows):
        actual = kata.clear_rows(x, rows, column)
    assert_tensor(actual, torch.tensor(expected, dtype=dtype), device=device)
    assert_tensor(x, torch.tensor(expected, dtype=dtype), device=device, name="the tensor x after the call")
    assert_shares_memory(actual, x, other_name="x")


def test_clear_rows__clears_a_value_that_is_not_a_number(device):
    nan, inf = float("nan"), float("inf")
    x = torch.tensor([[1.0, nan], [2.0, inf], [nan, 4.0]], device=device)
    expected = np.array([[1, 0], [2, 0], [nan, 4]], dtype=np.float32)
    assert_tensor(kata.clear_rows(x, torch.tensor([0, 1], device=device), 1), expected, device=device)


def test_clear_rows__reaches_through_a_transpose(device):
    base = torch.tensor(numbered(3, 4), device=device)
    # The rows of the transpose, (4, 3), are the columns of its base.
    kata.clear_rows(base.T, torch.tensor([0, 2], device=device), 1)
    expected = np.array([[1, 2, 3, 4], [0, 6, 0, 8], [9, 10, 11, 12]], dtype=np.float32)
    assert_tensor(base, expected, device=device, name="the tensor that x is the transpose of")


def test_clear_rows__changes_nothing_where_no_row_is_named(device):
    x = torch.tensor(numbered(3, 2), device=device)
    rows = torch.zeros(0, dtype=torch.int64, device=device)
    assert_tensor(kata.clear_rows(x, rows, 1), numbered(3, 2), device=device)


@pytest.mark.parametrize("value", [9.5, 0, -1])
def test_replace_negatives__puts_the_value_where_the_input_is_below_zero(device, value):
    x = np.array([[-3, 0, 2.5, -0.25], [7, -8, 0.125, 12]], dtype=np.float32)
    expected = np.array([[value, 0, 2.5, value], [7, value, 0.125, 12]], dtype=np.float32)
    assert_tensor(kata.replace_negatives(torch.tensor(x, device=device), value), expected, device=device)


def test_replace_negatives__leaves_the_input_as_it_is(device):
    x = torch.tensor([-1.0, 2.0, -3.0], device=device)
    with assert_unchanged(x=x):
        actual = kata.replace_negatives(x, 5)
    assert_owns_memory(actual, x, other_name="x")


def test_replace_negatives__gives_a_new_tensor_even_where_nothing_is_negative(device):
    x = torch.tensor([1.0, 2.0, 3.0], device=device)
    actual = kata.replace_negatives(x, 5)
    assert_tensor(actual, np.array([1, 2, 3], dtype=np.float32), device=device)
    assert_owns_memory(actual, x, other_name="x")


def test_replace_negatives__keeps_what_is_not_a_number(device):
    nan = float("nan")
    x = torch.tensor([nan, -1.0, 2.0], device=device)
    assert_tensor(kata.replace_negatives(x, 4), np.array([nan, 4, 2], dtype=np.float32), device=device)


def test_replace_negatives__takes_infinities(device):
    inf = float("inf")
    x = torch.tensor([-inf, inf, -2.0], device=device)
    assert_tensor(kata.replace_negatives(x, 4), np.array([4, inf, 4], dtype=np.float32), device=device)


@pytest.mark.parametrize("shape", [(), (0,), (2, 1, 3)])
def test_replace_negatives__keeps_any_shape(device, shape):
    x = torch.full(shape, -2.0, device=device)
    assert_tensor(kata.replace_negatives(x, 6.5), np.full(shape, 6.5, dtype=np.float32), device=device)


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
def test_top_classes__are_the_columns_of_the_largest_scores_the_largest_first(device, k):
    expected = np.array([[2, 4, 0], [1, 3, 2], [3, 1, 4], [4, 3, 0]])[:, :k]
    assert_tensor(kata.top_classes(torch.tensor(SCORES, device=device), k), expected, device=device)


def test_top_classes__may_be_all_of_them(device):
    expected = np.array([[2, 4, 0, 3, 1], [1, 3, 2, 0, 4], [3, 1, 4, 0, 2], [4, 3, 0, 1, 2]])
    assert_tensor(kata.top_classes(torch.tensor(SCORES, device=device), 5), expected, device=device)


def test_top_classes__leave_the_input_as_it_is(device):
    scores = torch.tensor(SCORES, device=device)
    with assert_unchanged(scores=scores):
        kata.top_classes(scores, 2)


def test_top_classes__take_one_row(device):
    scores = torch.tensor([[1.0, 3.0, 2.0]], device=device)
    assert_tensor(kata.top_classes(scores, 2), np.array([[1, 2]]), device=device)


def test_top_classes__take_a_batch_of_none(device):
    actual = kata.top_classes(torch.zeros(0, 4, device=device), 3)
    assert_tensor(actual, np.zeros((0, 3), dtype=np.int64), device=device)


def pieces_of(answer, x, parts):
    """The pieces of an answer to in_parts, once it is clear that it is a list or tuple of that many tensors."""
    if not isinstance(answer, (list, tuple)):
        raise Mismatch("type", f"The answer is a {type(answer).__name__}; it must be a list or a tuple.", actual=answer)
    for i, piece in enumerate(answer):
        if not isinstance(piece, torch.Tensor):
            says = f"Piece {i} is a {type(piece).__name__}; it must be a tensor."
            raise Mismatch("type", says, actual=answer)
    if len(answer) != parts:
        raise Mismatch(
            "value",
            f"Pieces asked for: {parts}. Pieces that came out: {len(answer)}.",
            actual=[piece.tolist() for piece in answer],
            expected=x.reshape(parts, -1).tolist(),
        )
    return answer


# Never as many parts as a part is long: then the number of pieces and their length can't be told apart.
@pytest.mark.parametrize(("length", "parts"), [(6, 2), (12, 4), (10, 5), (5, 1), (3, 3)])
def test_in_parts__gives_as_many_pieces_as_asked(device, length, parts):
    x = np.arange(1, length + 1) * 10
    size = length // parts
    pieces = pieces_of(kata.in_parts(torch.tensor(x, device=device), parts), x, parts)
    for i, piece in enumerate(pieces):
        assert_tensor(piece, x[i * size : (i + 1) * size], device=device, name=f"piece {i}")


def test_in_parts__gives_views(device):
    x = torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], device=device)
    with assert_unchanged(x=x):
        pieces = pieces_of(kata.in_parts(x, 3), x, 3)
    for i, piece in enumerate(pieces):
        assert_shares_memory(piece, x, name=f"piece {i}", other_name="x")


def test_in_parts__takes_every_second_element_of_a_tensor(device):
    base = torch.tensor(np.arange(12, dtype=np.float32), device=device)
    pieces = pieces_of(kata.in_parts(base[::2], 3), base[::2], 3)
    for i, piece in enumerate(pieces):
        assert_tensor(piece, np.array([4 * i, 4 * i + 2], dtype=np.float32), device=device, name=f"piece {i}")
        assert_shares_memory(piece, base, name=f"piece {i}", other_name="x")


def rows_and_labels(count, device):
    """Inputs (count, 2) and labels (count,): row i is [10 i, 10 i + 1], and its label 3 i + 2."""
    numbers = torch.arange(count, device=device)
    inputs = torch.stack([10 * numbers, 10 * numbers + 1], dim=1).to(torch.float32)
    return inputs, 3 * numbers + 2


def two_of(answer):
    """The two halves of an answer to shuffle_together."""
    if not isinstance(answer, tuple) or len(answer) != 2:
        raise Mismatch("type", "The answer must be a tuple of two tensors: (inputs, labels).")
    return answer


def order_of(seed, count):
    """The order in which shuffle_together puts the labels of so many rows, on the CPU."""
    inputs, labels = rows_and_labels(count, "cpu")
    return [(label - 2) // 3 for label in two_of(kata.shuffle_together(inputs, labels, seed))[1].tolist()]


@pytest.mark.parametrize(("count", "seed"), [(20, 3), (7, 0), (1, 5)])
def test_shuffle_together__keeps_every_row_once_and_with_its_label(device, count, seed):
    inputs, labels = rows_and_labels(count, device)
    new_inputs, new_labels = two_of(kata.shuffle_together(inputs, labels, seed))
    expected = np.arange(count, dtype=np.int64) * 3 + 2
    # Any order will do here, so the labels are put back in theirs.
    if isinstance(new_labels, torch.Tensor) and new_labels.shape == labels.shape:
        seen = new_labels.sort().values
    else:
        seen = new_labels
    assert_tensor(seen, expected, device=device, name="the labels, sorted")
    position = (new_labels.cpu().numpy() - 2) // 3
    matching = np.stack([10 * position, 10 * position + 1], axis=1).astype(np.float32)
    assert_tensor(new_inputs, matching, device=device, name="the inputs that belong to the labels beside them")


def test_shuffle_together__changes_the_order():
    if order_of(3, 20) == list(range(20)):
        raise Mismatch("value", "The rows came out in the order in which they went in.")


def test_shuffle_together__gives_the_same_order_for_the_same_seed():
    first = order_of(3, 20)
    torch.rand(3), np.random.rand(3), random.random()  # someone else draws in between
    if order_of(3, 20) != first:
        raise Mismatch("value", "Seed 3 gave one order at first, and another when it was used again.")


def test_shuffle_together__gives_another_order_for_another_seed():
    if order_of(3, 20) == order_of(4, 20):
        raise Mismatch("value", "Seed 3 and seed 4 give the same order.")


def test_shuffle_together__leaves_the_inputs_as_they_are(device):
    inputs, labels = rows_and_labels(6, device)
    with assert_unchanged(inputs=inputs, labels=labels):
        kata.shuffle_together(inputs, labels, 3)


def test_shuffle_together__leaves_pytorchs_global_generator_alone(device):
    inputs, labels = rows_and_labels(6, device)
    torch.rand(3)  # someone has drawn before: putting back the seed is not putting back the state
    before = torch.get_rng_state()
    kata.shuffle_together(inputs, labels, 3)
    if not torch.equal(torch.get_rng_state(), before):
        raise Mismatch("mutated", "PyTorch's global generator has moved: the next to draw from it gets other numbers.")


def test_shuffle_together__leaves_numpys_global_generator_alone(device):
    inputs, labels = rows_and_labels(6, device)
    np.random.rand(3)
    _, numbers, position, *_ = np.random.get_state()
    kata.shuffle_together(inputs, labels, 3)
    _, numbers_after, position_after, *_ = np.random.get_state()
    if position_after != position or not np.array_equal(numbers_after, numbers):
        raise Mismatch("mutated", "NumPy's global generator has moved: the next to draw from it gets other numbers.")


def test_shuffle_together__leaves_pythons_global_generator_alone(device):
    inputs, labels = rows_and_labels(6, device)
    random.random()
    before = random.getstate()
    kata.shuffle_together(inputs, labels, 3)
    if random.getstate() != before:
        raise Mismatch("mutated", "Python's global generator has moved: the next to draw from it gets other numbers.")


def test_shuffle_together__makes_every_order_equally_likely():
    counts = collections.Counter(tuple(order_of(seed, 3)) for seed in range(120))
    # Three rows have six orders: 20 of 120 each, with a standard deviation of 4.1.
    if len(counts) < 6 or min(counts.values()) < 4:
        often = max(counts.values())
        raise Mismatch(
            "value",
            f"Over 120 seeds, three rows should take each of their 6 orders some 20 times. "
            f"They took {len(counts)} of them, the most frequent {often} times.",
        )
