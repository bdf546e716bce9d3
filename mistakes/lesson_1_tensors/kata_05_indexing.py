"""Wrong answers to katas/lesson_1_tensors/kata_05_indexing.py, each with the sentence that corrects the belief."""

import numpy as np
import torch


def bottom_stripes__the_first_two_rows(x):
    """These are rows from the top: an end counted from the last row has a negative number before the colon."""
    return x[:2, ::2]


def bottom_stripes__last_row_missing(x):
    """A slice ends before its stop, so a stop of -1 leaves the last row out: to go to the end, give no stop."""
    return x[-2:-1, ::2]


def bottom_stripes__from_column_one(x):
    """Columns are counted from 0: every second one, the first among them, means columns 0, 2, 4, …"""
    return x[-2:, 1::2]


def bottom_stripes__the_first_two_columns(x):
    """One colon gives a stop, two give a step: every second column is a step, over all of them."""
    return x[-2:, :2]


def bottom_stripes__rows_sliced_twice(x):
    """All columns are still there, and a row is missing: a second pair of brackets starts with the rows again."""
    return x[-2:][::2]


def bottom_stripes__a_copy(x):
    """The numbers are right, but they are copies: slices share memory, while lists of indices, clone and the like
    copy."""
    return x[[-2, -1]][:, ::2]


def bottom_stripes__negative_step(x):
    """NumPy slices backwards, PyTorch does not: a step must be above zero. Count from the end with a negative start."""
    return x[::-1][:2, ::2]


def chosen_rows__each_once_in_the_order_of_x(x, rows):
    """Each row came out once, in the order of x: a yes or no for each row holds neither an order nor repeats."""
    wanted = torch.zeros(len(x), dtype=torch.bool, device=x.device)
    wanted[rows] = True
    return x[wanted]


def chosen_rows__sorted_first(x, rows):
    """The list was sorted on the way: its own order is what is asked for, as when data is shuffled."""
    return x[sorted(rows)]


def chosen_rows__one_index_a_dimension(x, rows):
    """Numbers side by side, or in a tuple, are one index for each dimension: row, then column. A list names rows."""
    return x[tuple(rows)]


def chosen_rows__columns_for_rows(x, rows):
    """These are columns: the first place in the brackets is the rows, and a colon there means all of them."""
    return x[:, rows]


def chosen_rows__from_the_least_to_the_largest(x, rows):
    """A slice takes all rows between its ends, once and upwards, and shares memory: it can't pick, repeat or turn."""
    return x[min(rows) : max(rows) + 1]


def chosen_rows__a_list_of_rows(x, rows):
    """A list of tensors is not yet a tensor: nothing can be computed with it until its rows are put together."""
    return [x[row] for row in rows]


def chosen_rows__tensor_of_tensors(x, rows):
    """torch.tensor takes Python numbers: rows that are tensors already are indexed all at once, or stacked."""
    return torch.tensor([x[row] for row in rows])


def label_scores__every_row_and_label(scores, labels):
    """A colon means every row, so each row was met with all the labels: give both row numbers and labels, in pairs."""
    return scores[:, labels]


def label_scores__label_as_row(scores, labels):
    """The labels were taken for row numbers, and whole rows came out: the first index is the row."""
    return scores[labels]


def label_scores__flat_positions(scores, labels):
    """The labels were taken for positions in one long row, so all scores come from the start of it, not row by row."""
    return scores.take(labels)


def label_scores__gather_along_rows(scores, labels):
    """The dimension in which gather looks is the one that the labels count: the columns, which is not dimension 0."""
    return scores.gather(0, labels[None, :])[0]


def label_scores__gather_without_a_column(scores, labels):
    """gather takes an index with as many dimensions as the scores: the labels have one, the scores have two."""
    return scores.gather(1, labels)


def label_scores__a_column_kept(scores, labels):
    """The right scores, as a column (N, 1): later it would be broadcast against (N,) to (N, N), without a word."""
    return scores.gather(1, labels[:, None])


def label_scores__squeezed_altogether(scores, labels):
    """With one row the dimension of the batch is gone too: squeeze takes all sizes of 1 unless told which."""
    return scores.gather(1, labels[:, None]).squeeze()


def label_scores__the_largest(scores, labels):
    """This is the score of the class that is predicted, whichever it is; asked for is the class of the label."""
    return scores.max(dim=1).values


def label_scores__times_one_hot(scores, labels):
    """Zero times infinity is nan, so a mask that is multiplied can't hide a score of -inf: pick, don't multiply."""
    return (scores * torch.nn.functional.one_hot(labels, scores.shape[1])).sum(dim=1)


def label_scores__a_loop(scores, labels):
    """Right, but a step of Python for every row, and on an accelerator a wait each: one bracket can pick them all."""
    picked = [scores[row, int(label)] for row, label in enumerate(labels)]
    return torch.stack(picked) if picked else scores.new_zeros(0)


def clear_rows__two_brackets(x, rows, column):
    """x is as it was: indexing with a tensor makes a copy, and what you assign into a copy is lost with it."""
    x[rows][:, column] = 0
    return x


def clear_rows__whole_rows(x, rows, column):
    """The rows are cleared in all their columns: an index that is left out means everything."""
    x[rows] = 0
    return x


def clear_rows__whole_column(x, rows, column):
    """The column is cleared in every row: a colon means all rows, not those in the list."""
    x[:, column] = 0
    return x


def clear_rows__row_and_column_swapped(x, rows, column):
    """These are columns of one row: the first place in the brackets is the row, the second the column."""
    x[column, rows] = 0
    return x


def clear_rows__in_a_clone(x, rows, column):
    """What you return is right, but the caller's x has not changed: it is to be changed itself, not in a copy."""
    x = x.clone()
    x[rows, column] = 0
    return x


def clear_rows__nothing_returned(x, rows, column):
    """x is changed as it should be, but a function without return gives None: hand x back."""
    x[rows, column] = 0


def clear_rows__zeros_returned(x, rows, column):
    """These are the entries that were cleared, and a copy of them: what is asked for is the whole of x."""
    x[rows, column] = 0
    return x[rows, column]


def clear_rows__times_zero(x, rows, column):
    """A zero that is computed from nan or infinity is nan (nan * 0, inf - inf): to clear a value, overwrite it."""
    x[rows, column] *= 0
    return x


def clear_rows__flattened(x, rows, column):
    """Of a transpose you changed a copy: flattening shares memory only where x lies row after row in it."""
    x.flatten()[rows * x.shape[1] + column] = 0
    return x


def replace_negatives__clamped(x, value):
    """A lower limit lifts all that is below the value, and nothing else: it stands in for 0 only if the value is 0."""
    return x.clamp(min=value)


def replace_negatives__in_place(x, value):
    """You changed x itself, and the caller has lost the negative numbers: change a copy, or make a new tensor."""
    x[x < 0] = value
    return x


def replace_negatives__result_dropped(x, value):
    """x came back as it was: what was replaced, was replaced in a new tensor, and nobody kept that."""
    x.masked_fill(x < 0, value)
    return x


def replace_negatives__zero_is_negative(x, value):
    """Zero is not below zero, yet it was replaced too: what is not above zero is more than what is below."""
    return torch.where(x > 0, x, value)


def replace_negatives__nan_is_negative(x, value):
    """nan is neither below zero nor at least zero: every comparison with it is false. Ask just what is asked here."""
    return torch.where(x >= 0, x, value)


def replace_negatives__by_multiplying(x, value):
    """A mask that is multiplied can't wipe out an infinity: zero times infinity is nan. Choose instead."""
    return x * ~(x < 0) + value * (x < 0)


def replace_negatives__python_if(x, value):
    """A tensor has many answers to a question, and `if` wants one: keep them all, as a mask, and index with it."""
    return value if x < 0 else x


def replace_negatives__swapped(x, value):
    """The wrong ones were replaced: first comes what to take where the condition holds, then what to take elsewhere."""
    return torch.where(x < 0, x, value)


def replace_negatives__only_the_others(x, value):
    """A mask in brackets picks elements, and the others are gone: the shape is to stay, so replace them in place."""
    return x[~(x < 0)]


def top_classes__scores_for_columns(scores, k):
    """These are the scores themselves; asked for is where they stand: whole numbers, one for each column."""
    return scores.topk(k, dim=1).values


def top_classes__both_at_once(scores, k):
    """Two tensors came back together, the scores and where they stand: take the second."""
    return scores.topk(k, dim=1)


def top_classes__smallest(scores, k):
    """Sorting goes upwards unless told otherwise, so these are the columns of the smallest scores."""
    return scores.argsort(dim=1)[:, :k]


def top_classes__largest_last(scores, k):
    """These are the right columns in the wrong order: upwards, the largest of all comes last."""
    return scores.argsort(dim=1)[:, -k:]


def top_classes__negative_step(scores, k):
    """NumPy turns an array round with ::-1; in PyTorch a step must be above zero. It can sort downwards at once."""
    return scores.argsort(dim=1)[:, ::-1][:, :k]


def top_classes__down_the_columns(scores, k):
    """This compared the rows within each column: the numbers of columns run along dimension 1."""
    return scores.topk(k, dim=0).indices


def top_classes__first_rows(scores, k):
    """The columns of a few rows, all of them: what stands in the brackets first are the rows, not the columns."""
    return scores.argsort(dim=1, descending=True)[:k]


def top_classes__ranks(scores, k):
    """These are the ranks of the first columns; asked for is the reverse, the columns of the first ranks."""
    return scores.argsort(dim=1, descending=True).argsort(dim=1)[:, :k]


def top_classes__the_largest_repeated(scores, k):
    """The best column came out every time: the second best is another one."""
    return scores.argmax(dim=1, keepdim=True).repeat(1, k)


def in_parts__size_for_number(x, parts):
    """Your pieces have the length that was meant as their number: torch.split takes a length, np.split a number."""
    return torch.split(x, parts)


def in_parts__every_so_many(x, parts):
    """A step deals the elements out like cards, one to each piece in turn; each piece is to be one stretch of x."""
    return [x[first::parts] for first in range(parts)]


def in_parts__one_tensor(x, parts):
    """The pieces are the rows of one tensor; asked for are separate tensors, in a list or a tuple."""
    return x.reshape(parts, -1)


def in_parts__copies(x, parts):
    """These pieces are copies: a slice is a view as it comes, and needs no clone."""
    size = len(x) // parts
    return [x[i * size : (i + 1) * size].clone() for i in range(parts)]


def in_parts__end_left_out_twice(x, parts):
    """Each piece lacks its last element: a slice leaves its stop out by itself, so nothing need be taken off."""
    size = len(x) // parts
    return [x[i * size : (i + 1) * size - 1] for i in range(parts)]


def in_parts__cuts_for_pieces(x, parts):
    """The last piece is missing: five pieces have four cuts between them, and you were asked for the pieces."""
    size = len(x) // parts
    return [x[i * size : (i + 1) * size] for i in range(parts - 1)]


def shuffle_together__apart(inputs, labels, seed):
    """Inputs and labels went by two different orders: draw one order, and use that very one for both."""
    generator = torch.Generator().manual_seed(seed)
    first = torch.randperm(len(labels), generator=generator).to(labels.device)
    second = torch.randperm(len(labels), generator=generator).to(labels.device)
    return inputs[first], labels[second]


def shuffle_together__inputs_alone(inputs, labels, seed):
    """The labels stayed where they were, so every row has got another's label."""
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed)).to(labels.device)
    return inputs[order], labels


def shuffle_together__not_shuffled(inputs, labels, seed):
    """The rows came out as they went in: an order that is drawn changes nothing until you index with it."""
    torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed))
    return inputs.clone(), labels.clone()


def shuffle_together__global_seed(inputs, labels, seed):
    """You have set the generator that everybody shares: whoever draws next gets other numbers. Use one of your own."""
    torch.manual_seed(seed)
    order = torch.randperm(len(labels)).to(labels.device)
    return inputs[order], labels[order]


def shuffle_together__numpys_global_seed(inputs, labels, seed):
    """NumPy has a generator that everybody shares, too, and you have set it: use one of your own."""
    np.random.seed(seed)
    order = torch.from_numpy(np.random.permutation(len(labels))).to(labels.device)
    return inputs[order], labels[order]


def shuffle_together__one_seeded_the_other_drawn(inputs, labels, seed):
    """Each library has a generator of its own: a seed given to PyTorch's says nothing to NumPy's."""
    torch.manual_seed(seed)
    order = torch.from_numpy(np.random.permutation(len(labels))).to(labels.device)
    return inputs[order], labels[order]


def shuffle_together__seed_unused(inputs, labels, seed):
    """The order came from the generator that everybody shares, which knows nothing of your seed."""
    order = torch.randperm(len(labels)).to(labels.device)
    return inputs[order], labels[order]


def shuffle_together__seed_forgotten(inputs, labels, seed):
    """All seeds give the same order: the generator that drew it never heard of the seed."""
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(0)).to(labels.device)
    return inputs[order], labels[order]


def shuffle_together__drawn_with_repeats(inputs, labels, seed):
    """Some rows came twice and others not at all: numbers drawn one by one repeat; an order has each exactly once."""
    count = len(labels)
    order = torch.randint(count, (count,), generator=torch.Generator().manual_seed(seed)).to(labels.device)
    return inputs[order], labels[order]


def shuffle_together__in_place(inputs, labels, seed):
    """You have put the caller's own rows in another order: return new tensors, and leave alone what you were given."""
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed)).to(labels.device)
    inputs[:] = inputs[order]
    labels[:] = labels[order]
    return inputs, labels


def shuffle_together__generator_elsewhere(inputs, labels, seed):
    """A generator draws only on its own device, the CPU unless told otherwise: what it has drawn can be moved."""
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed), device=labels.device)
    return inputs[order], labels[order]


def shuffle_together__left_on_the_cpu(inputs, labels, seed):
    """The results have been left on the CPU: they must live where the inputs do, so it is the order that moves."""
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed))
    return inputs.cpu()[order], labels.cpu()[order]


def shuffle_together__moved_round(inputs, labels, seed):
    """Only some orders ever come out: a shuffle must be able to give every order, each as often as the others."""
    shift = seed % len(labels)
    return inputs.roll(shift, dims=0), labels.roll(shift)
