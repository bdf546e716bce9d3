"""Wrong answers to katas/lesson_1_tensors/kata_05_indexing.py, each with the sentence that corrects the belief."""

import random

import numpy as np
import torch


def drop_nan__compared_with_nan(x):
    """Your result still contains every nan of x. nan == nan is False, so find nan with torch.isnan."""
    is_number = x != float("nan")
    return x[is_number], x[is_number.all(dim=1)]


def drop_nan__only_rows_of_nan(x):
    """Your rows still contain nan. Drop a row if any of its entries is nan, not only if all of them are."""
    is_nan = x.isnan()
    return x[~is_nan], x[~is_nan.all(dim=1)]


def drop_nan__only_nan(x):
    """You kept what is nan and dropped the rest. Negate the mask: ~mask is True where mask is False."""
    is_nan = x.isnan()
    return x[is_nan], x[is_nan.any(dim=1)]


def drop_nan__rows_first(x):
    """You returned the rows first. Return the entries first, then the rows."""
    is_nan = x.isnan()
    return x[~is_nan.any(dim=1)], x[~is_nan]


def drop_nan__one_entry_for_each_column(x):
    """The mask for the rows does not have N entries. Reduce the mask of x over dim=1, which leaves one entry per
    row."""
    is_nan = x.isnan()
    return x[~is_nan], x[~is_nan.any(dim=0)]


def drop_nan__one_boolean_for_all_rows(x):
    """Your mask for the rows is a single boolean, for all of x. Reduce over dim=1, which leaves one boolean per row."""
    is_nan = x.isnan()
    return x[~is_nan], x[~is_nan.any()]


def drop_nan__columns(x):
    """Your second tensor holds the columns without nan. In a bracket, the first index selects rows."""
    is_nan = x.isnan()
    return x[~is_nan], x[:, ~is_nan.any(dim=0)]


def drop_nan__zeros_for_nan(x):
    """Your entries have the shape of x, (N, D). A mask in the bracket, x[mask], keeps only the selected entries."""
    filled = x.nan_to_num(nan=0.0, posinf=float("inf"), neginf=float("-inf"))
    return filled, filled[~x.isnan().any(dim=1)]


def drop_nan__entries_of_the_rows_kept(x):
    """Your entries leave out rows that contain a nan. Use a mask of the shape of x, which tests each entry by
    itself."""
    rows = x[~x.isnan().any(dim=1)]
    return rows.flatten(), rows


def drop_nan__finite_only(x):
    """You dropped inf too. inf is not nan, so test the entries with torch.isnan alone."""
    finite = x.isfinite()
    return x[finite], x[finite.all(dim=1)]


def drop_nan__sum_of_the_row(x):
    """You dropped a row without nan that contains inf and -inf. Keep a row unless isnan() is True for one of its
    entries."""
    return x[~x.isnan()], x[~x.sum(dim=1).isnan()]


def drop_nan__x_itself(x):
    """If x contains no nan, your result shares memory with x. x[mask] is a copy, even if the mask is True
    everywhere."""
    is_nan = x.isnan()
    if not is_nan.any():
        return x.flatten(), x
    return x[~is_nan], x[~is_nan.any(dim=1)]


def drop_nan__column_of_indices(x):
    """Your rows have shape (m, 1, D). Index with the boolean mask itself: nonzero() returns a column (m, 1)."""
    is_nan = x.isnan()
    return x[~is_nan], x[(~is_nan.any(dim=1)).nonzero()]


def drop_nan__entries_as_rows(x):
    """You put the remaining entries together as new rows. Select whole rows of x, with a mask of shape (N,)."""
    entries = x[~x.isnan()]
    count = len(entries) // x.shape[1] * x.shape[1]
    return entries, entries[:count].reshape(-1, x.shape[1])


def drop_nan__zero_and_one(x):
    """Your rows are row 0 and row 1 again and again, because integers in a bracket are indices. Use a boolean mask."""
    is_nan = x.isnan()
    return x[~is_nan], x[(~is_nan.any(dim=1)).long()]


def drop_nan__entries_only(x):
    """You returned one tensor. Return a tuple of two: the entries that are not nan, then the rows without nan."""
    return x[~x.isnan()]


def replace_negatives__clamped(x, value):
    """You raised every element below the value, negative or not. Replace exactly the elements where x < 0."""
    return x.clamp(min=value)


def replace_negatives__in_place(x, value):
    """You changed the argument x. Work on a copy, or use a function that returns a new tensor."""
    x[x < 0] = value
    return x


def replace_negatives__result_dropped(x, value):
    """You returned x without a change. Return the new tensor that masked_fill or where returns."""
    x.masked_fill(x < 0, value)
    return x


def replace_negatives__zero_is_negative(x, value):
    """You replaced zeros too. 0 is not negative: the condition is x < 0."""
    return torch.where(x > 0, x, value)


def replace_negatives__nan_is_negative(x, value):
    """You replaced nan too. Every comparison with nan is False, so the opposite of x < 0 is not x >= 0."""
    return torch.where(x >= 0, x, value)


def replace_negatives__by_multiplying(x, value):
    """Where x was -inf, your result is nan, as inf * 0 and inf - inf are nan. Select elements instead of computing with
    them."""
    return x * ~(x < 0) + value * (x < 0)


def replace_negatives__python_if(x, value):
    """You used a tensor of several booleans as one condition. Keep all of them, as a mask, and select with it."""
    return value if x < 0 else x


def replace_negatives__swapped(x, value):
    """You replaced the other elements and kept the negative ones. In torch.where, the value for True comes first."""
    return torch.where(x < 0, x, value)


def replace_negatives__only_the_others(x, value):
    """Your result has lost the negative elements. x[mask] keeps only what is selected, so replace the others
    instead."""
    return x[~(x < 0)]


def label_scores__every_row_and_label(scores, labels):
    """You combined every row with every label. Index with row numbers and labels, which are then paired."""
    return scores[:, labels]


def label_scores__label_as_row(scores, labels):
    """You used the labels as row numbers, so you got whole rows. The first index in a bracket selects rows."""
    return scores[labels]


def label_scores__flat_positions(scores, labels):
    """All your scores come from row 0. Label i belongs to row i, so give the bracket a row number for each label."""
    return scores.take(labels)


def label_scores__gather_along_rows(scores, labels):
    """You used the labels as rows. They count columns, so the dimension for gather is 1."""
    return scores.gather(0, labels[None, :])[0]


def label_scores__gather_without_a_column(scores, labels):
    """The index of gather must have as many dimensions as the scores. Give it the labels as a column, shape (N, 1)."""
    return scores.gather(1, labels)


def label_scores__a_column_kept(scores, labels):
    """The scores are right, but in a column (N, 1). Return shape (N,), because (N, 1) and (N,) broadcast to (N, N)."""
    return scores.gather(1, labels[:, None])


def label_scores__squeezed_altogether(scores, labels):
    """For a single row, your result has shape (). squeeze() drops every dimension of size 1, so say which one:
    dim=1."""
    return scores.gather(1, labels[:, None]).squeeze()


def label_scores__the_largest(scores, labels):
    """You returned the largest score of each row. Return the score of the row's label, which may be smaller."""
    return scores.max(dim=1).values


def label_scores__times_one_hot(scores, labels):
    """Where a row contains -inf, your result is nan, because 0 * -inf is nan. Select the score instead of
    multiplying."""
    return (scores * torch.nn.functional.one_hot(labels, scores.shape[1])).sum(dim=1)


def label_scores__classes_counted_by_labels(scores, labels):
    """Your code fails if the last class is not among the labels. The number of classes is scores.shape[1]."""
    return scores[torch.nn.functional.one_hot(labels).bool()]


def label_scores__a_loop(scores, labels):
    """The scores are right, but you used a loop over the rows. One bracket with two index tensors selects all
    scores."""
    picked = [scores[row, int(label)] for row, label in enumerate(labels)]
    return torch.stack(picked) if picked else scores.new_zeros(0)


def most_likely__values_first(probabilities):
    """You returned the probabilities first, in the order of max(dim=1). Return the classes first, as the card says."""
    return probabilities.max(dim=1)


def most_likely__pair_for_values(probabilities):
    """Your second item is a pair of tensors. With a dim, torch.max returns values and indices: take the values."""
    return probabilities.argmax(dim=1), probabilities.max(dim=1)


def most_likely__values_alone(probabilities):
    """You returned one tensor with the largest values. Return the classes too: torch.max with a dim returns both."""
    return probabilities.amax(dim=1)


def most_likely__classes_alone(probabilities):
    """You returned one tensor with the classes. Return the largest values too: torch.max with a dim returns both."""
    return probabilities.argmax(dim=1)


def most_likely__down_the_columns(probabilities):
    """You searched down each column. dim is the dimension that disappears, so for one result per row it is 1."""
    largest, classes = probabilities.max(dim=0)
    return classes, largest


def most_likely__of_all(probabilities):
    """You searched the whole tensor, so you found one position in it. Name the dimension that disappears: dim=1."""
    return probabilities.argmax(), probabilities.max()


def most_likely__dimension_kept(probabilities):
    """Your results have shape (N, 1). Return shape (N,): leave out keepdim, or remove the last dimension."""
    largest, classes = probabilities.max(dim=1, keepdim=True)
    return classes, largest


def most_likely__least_likely(probabilities):
    """You returned the smallest value of each row and its column. The most likely class has the largest value."""
    smallest, classes = probabilities.min(dim=1)
    return classes, smallest


def most_likely__floats_for_classes(probabilities):
    """Your classes are floats. They are columns, so return them as int64, the dtype of argmax."""
    largest, classes = probabilities.max(dim=1)
    return classes.float(), largest


def most_likely__every_row_and_class(probabilities):
    """The classes are right, but you combined every row with every class. Take the values from max(dim=1)."""
    classes = probabilities.argmax(dim=1)
    return classes, probabilities[:, classes]


def most_likely__class_as_row(probabilities):
    """The classes are right, but you used them as row numbers. Take the values from max(dim=1)."""
    classes = probabilities.argmax(dim=1)
    return classes, probabilities[classes]


def most_likely__mask_for_classes(probabilities):
    """Your classes are booleans. Return the column of each largest value, an int64, as argmax does."""
    is_largest = probabilities == probabilities.amax(dim=1, keepdim=True)
    return is_largest, probabilities[is_largest]


def top_classes__scores_for_columns(scores, k):
    """You returned the scores themselves. Return their columns, which are integers."""
    return scores.topk(k, dim=1).values


def top_classes__both_at_once(scores, k):
    """You returned the scores and their columns together. Return only the columns, the second tensor."""
    return scores.topk(k, dim=1)


def top_classes__smallest(scores, k):
    """You returned the columns of the smallest scores. Sort with descending=True, or use topk, which finds the
    largest."""
    return scores.argsort(dim=1)[:, :k]


def top_classes__largest_last(scores, k):
    """The columns are right, but the best one is last. Put the column of the largest score first."""
    return scores.argsort(dim=1)[:, -k:]


def top_classes__negative_step(scores, k):
    """You used a negative step in a slice, which PyTorch does not allow. Sort with descending=True, or use flip."""
    return scores.argsort(dim=1)[:, ::-1][:, :k]


def top_classes__down_the_columns(scores, k):
    """You compared the scores within each column. Compare them within each row, along dim=1."""
    return scores.topk(k, dim=0).indices


def top_classes__of_all(scores, k):
    """You found the k largest of all scores. Find the k largest of each row, along dim=1."""
    return scores.flatten().topk(k).indices


def top_classes__rows_flipped(scores, k):
    """You reversed the order of the rows. To reverse each row, use flip(1), or sort with descending=True."""
    return scores.argsort(dim=1).flip(0)[:, :k]


def top_classes__the_last_of_them(scores, k):
    """You returned one column for each row. Return the columns of all k largest scores."""
    return scores.topk(k, dim=1).indices[:, -1]


def top_classes__first_rows(scores, k):
    """You returned all columns of the first k rows. In a bracket, the columns come second: [:, :k]."""
    return scores.argsort(dim=1, descending=True)[:k]


def top_classes__ranks(scores, k):
    """You returned the ranks of the first k columns. Return the columns of the first k ranks: one argsort is enough."""
    return scores.argsort(dim=1, descending=True).argsort(dim=1)[:, :k]


def top_classes__the_largest_repeated(scores, k):
    """Your result repeats the best column k times. Return k different columns: the best one, the second best one, and
    so on."""
    return scores.argmax(dim=1, keepdim=True).repeat(1, k)


def bottom_stripes__the_first_two_rows(x):
    """You returned the first two rows. For the last two, start the slice at -2: x[-2:]."""
    return x[:2, ::2]


def bottom_stripes__last_row_missing(x):
    """Your result lacks the last row. Write -2: for the rows, without a stop and without a step."""
    return x[-2:-1, ::2]


def bottom_stripes__from_column_one(x):
    """You returned columns 1, 3, 5, … Columns count from 0, so start at column 0."""
    return x[-2:, 1::2]


def bottom_stripes__the_first_two_columns(x):
    """You returned the first two columns. For every second column you need a step, after two colons: ::2."""
    return x[-2:, :2]


def bottom_stripes__rows_sliced_twice(x):
    """Your result has one row and all columns. A second bracket slices the rows again, so put both into one bracket."""
    return x[-2:][::2]


def bottom_stripes__one_row(x):
    """You returned a single row. -2 alone selects one row, so write -2: for the rows from there on."""
    return x[-2, ::2]


def bottom_stripes__rows_for_columns(x):
    """You took every second row of the last two columns. In a bracket, rows come first."""
    return x[::2, -2:]


def bottom_stripes__a_copy(x):
    """The values are right, but your result does not share memory with x. Index with slices only, and don't copy."""
    return x[[-2, -1]][:, ::2]


def bottom_stripes__negative_step(x):
    """You used a negative step in a slice, which PyTorch does not allow. Use a negative start instead."""
    return x[::-1][:2, ::2]


def chosen_rows__each_once_in_the_order_of_x(x, rows):
    """You returned each listed row once, in the order of x. Index with the list itself: a mask or a set loses order and
    repeats."""
    wanted = torch.zeros(len(x), dtype=torch.bool, device=x.device)
    wanted[rows] = True
    return x[wanted]


def chosen_rows__sorted_first(x, rows):
    """You returned the rows in ascending order. Keep the order of the list."""
    return x[sorted(rows)]


def chosen_rows__one_index_a_dimension(x, rows):
    """You used the row numbers as one index for each dimension, as a tuple does. A list in the bracket selects rows."""
    return x[tuple(rows)]


def chosen_rows__columns_for_rows(x, rows):
    """You selected columns. The first index in the bracket selects rows, and a colon there means all rows."""
    return x[:, rows]


def chosen_rows__from_the_least_to_the_largest(x, rows):
    """You returned the rows from the smallest to the largest index. Return only listed rows, in the list's order."""
    return x[min(rows) : max(rows) + 1]


def chosen_rows__a_list_of_rows(x, rows):
    """You returned a list of tensors. Return one tensor: torch.stack makes one from a list of rows."""
    return [x[row] for row in rows]


def chosen_rows__tensor_of_tensors(x, rows):
    """You called torch.tensor on a list of rows, which it does not accept. Index all rows at once, or stack them."""
    return torch.tensor([x[row] for row in rows])


def clear_rows__two_brackets(x, rows, column):
    """x has not changed. x[rows] is a copy, so assign to x in a single bracket: x[rows, column]."""
    x[rows][:, column] = 0
    return x


def clear_rows__whole_rows(x, rows, column):
    """You cleared the rows in all columns. Put the column into the bracket too."""
    x[rows] = 0
    return x


def clear_rows__whole_column(x, rows, column):
    """You cleared the column in all rows. Put the rows into the bracket, because a colon means every row."""
    x[:, column] = 0
    return x


def clear_rows__row_and_column_swapped(x, rows, column):
    """You used the column as a row and the rows as columns. In a bracket, rows come first."""
    x[column, rows] = 0
    return x


def clear_rows__in_a_clone(x, rows, column):
    """Your result is right, but the argument x has not changed. Change x itself, not a copy."""
    x = x.clone()
    x[rows, column] = 0
    return x


def clear_rows__nothing_returned(x, rows, column):
    """You returned None. Write to x in place, and then return x itself."""
    x[rows, column] = 0


def clear_rows__zeros_returned(x, rows, column):
    """You returned only the cleared entries. Return all of x."""
    x[rows, column] = 0
    return x[rows, column]


def clear_rows__times_zero(x, rows, column):
    """Where x was nan or inf, it is nan now. Don't compute the 0 from the old value: assign 0."""
    x[rows, column] *= 0
    return x


def clear_rows__flattened(x, rows, column):
    """If x is a transpose, x has not changed. flatten(), reshape() and contiguous() copy a transpose, so index x
    itself."""
    x.flatten()[rows * x.shape[1] + column] = 0
    return x


def in_parts__size_for_number(x, parts):
    """The number of your parts is wrong. torch.split accepts the length of a part, but np.split accepts the number of
    parts."""
    return torch.split(x, parts)


def in_parts__every_so_many(x, parts):
    """Each of your parts has gaps, as x[0::parts] has. Each part must be one stretch of x without gaps."""
    return [x[first::parts] for first in range(parts)]


def in_parts__one_tensor(x, parts):
    """You returned one tensor. Return a list or a tuple with one tensor for each part."""
    return x.reshape(parts, -1)


def in_parts__copies(x, parts):
    """Your parts do not share memory with x. A slice of x is a view, so return slices without a copy."""
    size = len(x) // parts
    return [x[i * size : (i + 1) * size].clone() for i in range(parts)]


def in_parts__one_part_copied(x, parts):
    """For parts = 1, your result does not share memory with x. Return a view of x for one part too."""
    return [x.clone()] if parts == 1 else x.split(len(x) // parts)


def in_parts__end_left_out_twice(x, parts):
    """Each part lacks its last element. A slice already leaves out its stop, so don't subtract 1."""
    size = len(x) // parts
    return [x[i * size : (i + 1) * size - 1] for i in range(parts)]


def in_parts__cuts_for_pieces(x, parts):
    """The last part is missing. Return `parts` parts, although only parts - 1 cuts separate them."""
    size = len(x) // parts
    return [x[i * size : (i + 1) * size] for i in range(parts - 1)]


def shuffle_together__apart(inputs, labels, seed):
    """The inputs and the labels have two different orders. Draw one order and index both with it."""
    generator = torch.Generator().manual_seed(seed)
    first = torch.randperm(len(labels), generator=generator).to(labels.device)
    second = torch.randperm(len(labels), generator=generator).to(labels.device)
    return inputs[first], labels[second]


def shuffle_together__inputs_alone(inputs, labels, seed):
    """You shuffled the inputs but not the labels, so the rows have wrong labels. Index both with the same order."""
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed)).to(labels.device)
    return inputs[order], labels


def shuffle_together__not_shuffled(inputs, labels, seed):
    """You returned the rows in their old order. Draw an order with torch.randperm and index both tensors with it."""
    torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed))
    return inputs.clone(), labels.clone()


def shuffle_together__global_seed(inputs, labels, seed):
    """You changed the state of PyTorch's global generator, which other code uses too. Create your own
    torch.Generator."""
    torch.manual_seed(seed)
    order = torch.randperm(len(labels)).to(labels.device)
    return inputs[order], labels[order]


def shuffle_together__numpys_global_seed(inputs, labels, seed):
    """You changed the state of NumPy's global generator, which other code uses too. Create your own generator."""
    np.random.seed(seed)
    order = torch.from_numpy(np.random.permutation(len(labels))).to(labels.device)
    return inputs[order], labels[order]


def shuffle_together__pythons_global_seed(inputs, labels, seed):
    """You changed the state of Python's global generator, which other code uses too. Create your own generator."""
    random.seed(seed)
    order = list(range(len(labels)))
    random.shuffle(order)
    return inputs[order], labels[order]


def shuffle_together__one_seeded_the_other_drawn(inputs, labels, seed):
    """The same seed gave two different orders, although you seeded PyTorch's global generator. Draw from your own
    torch.Generator, seeded with `seed`."""
    torch.manual_seed(seed)
    order = torch.from_numpy(np.random.permutation(len(labels))).to(labels.device)
    return inputs[order], labels[order]


def shuffle_together__seed_unused(inputs, labels, seed):
    """The same seed gave two different orders. Draw from your own torch.Generator, seeded with `seed`."""
    order = torch.randperm(len(labels)).to(labels.device)
    return inputs[order], labels[order]


def shuffle_together__seed_forgotten(inputs, labels, seed):
    """Your order is the same for every seed. Draw it from a generator that is seeded with `seed`."""
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(0)).to(labels.device)
    return inputs[order], labels[order]


def shuffle_together__drawn_with_repeats(inputs, labels, seed):
    """Some rows occur twice, and others are missing. Use torch.randperm, which returns every row number exactly
    once."""
    count = len(labels)
    order = torch.randint(count, (count,), generator=torch.Generator().manual_seed(seed)).to(labels.device)
    return inputs[order], labels[order]


def shuffle_together__in_place(inputs, labels, seed):
    """You changed the arguments inputs and labels. Return new tensors instead."""
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed)).to(labels.device)
    inputs[:] = inputs[order]
    labels[:] = labels[order]
    return inputs, labels


def shuffle_together__generator_elsewhere(inputs, labels, seed):
    """Your generator is on another device than the tensor you draw. Draw on the CPU, then move the order with to()."""
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed), device=labels.device)
    return inputs[order], labels[order]


def shuffle_together__left_on_the_cpu(inputs, labels, seed):
    """Your results are on the CPU. Move the order to the device of the inputs, and leave the inputs there."""
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed))
    return inputs.cpu()[order], labels.cpu()[order]


def shuffle_together__moved_round(inputs, labels, seed):
    """Some orders never occur, or occur too rarely. A shuffle must be able to return every order: use
    torch.randperm."""
    shift = seed % len(labels)
    return inputs.roll(shift, dims=0), labels.roll(shift)
