"""Answers that fail like a mistake of katas/lesson_1_tensors/kata_05_indexing.py, for another reason."""

import torch


def drop_nan__one_entry_for_each_column__last_dimension(x):
    """A mask of the wrong length that comes from a comparison with the first row."""
    return x[~x.isnan()], x[~x[0].isnan()]


def drop_nan__zero_and_one__chosen_by_where(x):
    """Two rows selected by indices that were computed, without a mask."""
    has_nan = x.isnan().any(dim=1)
    zero = torch.zeros(len(x), dtype=torch.int64, device=x.device)
    return x[~x.isnan()], x[torch.where(has_nan, zero, zero + 1)]


def drop_nan__entries_of_the_rows_kept__row_by_row(x):
    """The entries are those of the rows kept, chained together row by row."""
    rows = x[~x.isnan().any(dim=1)]
    return torch.cat([rows.new_zeros(0), *rows]), rows


def replace_negatives__by_multiplying__absolute_values(x, value):
    """inf - inf, not a product, made nan of -inf."""
    return (x + x.abs()) / 2 + value * (x < 0)


def replace_negatives__result_dropped__nothing_replaced(x, value):
    """Nothing was computed at all."""
    return x


def replace_negatives__clamped__maximum(x, value):
    """The larger of each element and the value, without clamp."""
    return torch.where(x < value, value, x)


def label_scores__squeezed_altogether__reshaped(scores, labels):
    """A single row is treated as a special case and loses its dimension."""
    rows = torch.arange(len(labels), device=labels.device)
    return scores[0, labels[0]] if len(labels) == 1 else scores[rows, labels]


def most_likely__of_all__flattened(probabilities):
    """The tensor was flattened first."""
    largest, position = probabilities.flatten().max(dim=0)
    return position, largest


def clear_rows__two_brackets__clone(x, rows, column):
    """A clone was changed and then dropped."""
    x.clone()[rows, column] = 0
    return x


def clear_rows__times_zero__subtracted(x, rows, column):
    """The 0 is a difference: inf - inf is nan too."""
    x[rows, column] -= x[rows, column]
    return x


def clear_rows__flattened__contiguous(x, rows, column):
    """contiguous() made the copy."""
    x.contiguous()[rows, column] = 0
    return x


def shuffle_together__seed_forgotten__fixed_order(inputs, labels, seed):
    """The order is always the same without any generator."""
    order = torch.arange(len(labels), device=labels.device) * 7 % len(labels) if len(labels) % 7 else None
    return (inputs.flip(0), labels.flip(0)) if order is None else (inputs[order], labels[order])


def most_likely__class_as_row__index_select(probabilities):
    """index_select picked the rows."""
    classes = probabilities.argmax(dim=1)
    return classes, probabilities.index_select(0, classes)


def top_classes__rows_flipped__from_the_last_row(scores, k):
    """The rows were collected from the last one on."""
    return torch.stack([row.argsort()[:k] for row in reversed(scores.unbind(0))])


def label_scores__flat_positions__first_row(scores, labels):
    """The labels were looked up in the first row."""
    return scores.gather(1, labels[None, :])[0] if len(scores) else scores.new_zeros(0)


def drop_nan__one_boolean_for_all_rows__all(x):
    """The other reduction, again without a dim."""
    is_number = ~x.isnan()
    return x[is_number], x[is_number.all()]


def drop_nan__finite_only__below_inf(x):
    """No isfinite: every entry was compared with inf."""
    finite = x.abs() < float("inf")
    return x[finite], x[finite.all(dim=1)]


def top_classes__smallest__topk(scores, k):
    """topk was asked for the smallest scores."""
    return scores.topk(k, dim=1, largest=False).indices


def most_likely__dimension_kept__topk(probabilities):
    """topk keeps the dimension."""
    largest, classes = probabilities.topk(1, dim=1)
    return classes, largest


def in_parts__cuts_for_pieces__split(x, parts):
    """The last part was dropped."""
    return x.split(len(x) // parts)[:-1]


def drop_nan__sum_of_the_row__finite_rows(x):
    """No sum: the rows with inf were dropped too."""
    return x[~x.isnan()], x[x.isfinite().all(dim=1)]


def bottom_stripes__last_row_missing__step(x):
    """There is no stop, but a step."""
    return x[-2::2, ::2]


def chosen_rows__each_once_in_the_order_of_x__unique(x, rows):
    """No mask: the list lost its repeats."""
    return x[torch.tensor(rows, device=x.device).unique()]


def in_parts__size_for_number__reshaped(x, parts):
    """No split: the rows of a table with `parts` columns."""
    return list(x.reshape(-1, parts))


def in_parts__size_for_number__one_too_many(x, parts):
    """The length is right, but there is one part too many, without elements."""
    size = len(x) // parts
    return [x[i * size : (i + 1) * size] for i in range(parts + 1)]
