"""Wrong answers to katas/lesson_1_tensors/kata_06_broadcasting.py, each with the sentence that corrects the belief."""

import torch


def centre_columns__mean_of_everything(x):
    """One mean was taken from all the columns: a mean without a dimension is that of all the numbers together."""
    return x - x.mean()


def centre_columns__means_of_rows(x):
    """It is the rows that have mean 0 now: the dimension you name is the one that is averaged away."""
    return x - x.mean(dim=1, keepdim=True)


def centre_columns__rows_lined_up_with_columns(x):
    """There is a mean for every row, and they were lined up with the columns: average the rows away instead."""
    return x - x.mean(dim=1)


def centre_columns__standardized(x):
    """The columns have mean 0, but their spread has changed too: only the mean is to be taken away."""
    return (x - x.mean(dim=0)) / x.std(dim=0, correction=0)


def centre_columns__means_alone(x):
    """These are the means themselves, one a column: they are still to be taken from every row of x."""
    return x.mean(dim=0)


def centre_columns__in_place(x):
    """The numbers are right, but x itself has changed with them: an in-place operation writes to the caller's x."""
    return x.sub_(x.mean(dim=0))


def normalize_rows__sums_lie_in_a_row(x):
    """Summing a dimension makes it disappear, and the row sums are then lined up with the columns, from the right."""
    return x / x.sum(dim=1)


def normalize_rows__columns_sum_to_1(x):
    """It is the columns that sum to 1 now: the dimension you name is the one that is summed up and disappears."""
    return x / x.sum(dim=0)


def normalize_rows__sum_of_everything(x):
    """All the numbers together sum to 1, not each row: a sum without a dimension is one number for all."""
    return x / x.sum()


def normalize_rows__length_of_the_row(x):
    """The squares of each row sum to 1 now: you divided by the row's length, not by its sum."""
    return torch.nn.functional.normalize(x, dim=1)


def normalize_rows__sum_of_sizes(x):
    """A number below zero makes the sum smaller: here the signs were dropped before summing."""
    return x / x.abs().sum(dim=1, keepdim=True)


def normalize_rows__in_place(x):
    """The numbers are right, but x itself has changed with them: an in-place operation writes to the caller's x."""
    return x.div_(x.sum(dim=1, keepdim=True))


def shift_by_row_max__the_pair(scores):
    """With a dimension, max answers with two things, the values and where they stand: subtract the values."""
    return scores - scores.max(dim=1, keepdim=True)


def shift_by_row_max__maxima_lie_in_a_row(scores):
    """The maxima have lost their dimension, and are lined up with the columns, from the right, not with the rows."""
    return scores - scores.amax(dim=1)


def shift_by_row_max__largest_of_all(scores):
    """The largest of all the scores was taken from every row: each row has a largest of its own."""
    return scores - scores.max()


def shift_by_row_max__largest_of_the_column(scores):
    """It is each column whose largest is 0 now: the dimension you name is the one that disappears."""
    return scores - scores.amax(dim=0)


def shift_by_row_max__place_of_the_largest(scores):
    """Where the largest score stands was taken away, not the score: the second part of the pair holds places."""
    return scores - scores.argmax(dim=1, keepdim=True)


def shift_by_row_max__never_below_zero(scores):
    """A row with all its scores below zero has a largest too, and it is not 0: such a row is shifted upwards."""
    return scores - scores.amax(dim=1, keepdim=True).clamp(min=0)


def shift_by_row_max__in_place(scores):
    """The numbers are right, but scores itself has changed: an in-place operation writes to the caller's tensor."""
    return scores.sub_(scores.amax(dim=1, keepdim=True))


def pairwise_distances__row_by_row(left, right):
    """Row i was paired with row i alone: for all pairs, the two must stand along dimensions of their own."""
    return (left - right).square().sum(dim=1).sqrt()


def pairwise_distances__root_forgotten(left, right):
    """These are the squares of the distances: the root is still to be taken."""
    return (left[:, None] - right[None]).square().sum(dim=2)


def pairwise_distances__root_before_the_sum(left, right):
    """The root of a single square is its size without the sign: these are sums of sizes, the root comes last."""
    return (left[:, None] - right[None]).square().sqrt().sum(dim=2)


def pairwise_distances__other_way_round(left, right):
    """A row of the result belongs to a row of left, and a column to a row of right: here it is the other way round."""
    return (left[None] - right[:, None]).square().sum(dim=2).sqrt()


def pairwise_distances__wrong_dimension_summed(left, right):
    """The dimension to sum away is that of the columns, the last of the three; here the rows of right went."""
    return (left[:, None] - right[None]).square().sum(dim=1).sqrt()


def pairwise_distances__square_multiplied_out(left, right):
    """Far from 0, the small distance is lost in the rounding of large squares: subtract first, then square."""
    squares = left.square().sum(1)[:, None] + right.square().sum(1) - 2 * left @ right.T
    return squares.clamp(min=0).sqrt()


def pairwise_distances__loop_over_rows(left, right):
    """The numbers are right, but a loop made them bit by bit: two dimensions of size 1 let one subtraction do it."""
    rows = [(row - right).square().sum(dim=1).sqrt() for row in left]
    return torch.stack(rows) if rows else left.new_zeros(0, len(right))


def pairwise_distances__ready_made(left, right):
    """The numbers are right, but torch.cdist was to be left aside here: you are to see what it does."""
    return torch.cdist(left, right)


def softmax__columns(scores):
    """It is the columns that sum to 1: the dimension you name is the one along which the probabilities sum to 1."""
    return torch.softmax(scores, dim=0)


def softmax__everything(scores):
    """All the rows together sum to 1: every row is a question of its own, and its probabilities sum to 1."""
    powers = (scores - scores.max()).exp()
    return powers / powers.sum()


def softmax__overflow(scores):
    """exp of such scores is inf or 0 in float32, and inf / inf and 0 / 0 are nan: shift each row before exp."""
    powers = scores.exp()
    return powers / powers.sum(dim=1, keepdim=True)


def softmax__shifted_by_the_largest_of_all(scores):
    """A row far below the largest score of all has only zeros left to divide: shift every row by its own largest."""
    powers = (scores - scores.max()).exp()
    return powers / powers.sum(dim=1, keepdim=True)


def softmax__shifted_by_the_mean(scores):
    """Shifted by its mean, a row may still hold a score too large for exp: no score may be above 0 after the shift."""
    powers = (scores - scores.mean(dim=1, keepdim=True)).exp()
    return powers / powers.sum(dim=1, keepdim=True)


def softmax__shifted_by_the_first(scores):
    """Shifted by its first score, a row may still hold one too large for exp: shift it by the largest it has."""
    powers = (scores - scores[:, :1]).exp()
    return powers / powers.sum(dim=1, keepdim=True)


def softmax__clamped(scores):
    """Cutting off scores that are too large makes them equal, though they differ: shifting keeps the differences."""
    powers = scores.clamp(-80, 80).exp()
    return powers / powers.sum(dim=1, keepdim=True)


def softmax__sums_lie_in_a_row(scores):
    """The sums of the rows have lost their dimension, and are lined up with the columns, from the right."""
    powers = (scores - scores.amax(dim=1, keepdim=True)).exp()
    return powers / powers.sum(dim=1)


def softmax__logarithms(scores):
    """These are the logarithms of the probabilities: none of them is above 0, and they do not sum to 1."""
    return torch.log_softmax(scores, dim=1)


def softmax__ready_made(scores):
    """The numbers are right, but PyTorch's own softmax was to be left aside here: exp and a sum are enough."""
    return torch.softmax(scores, dim=1)


def softmax__in_place(scores):
    """The numbers are right, but scores itself has changed: an in-place operation writes to the caller's tensor."""
    scores -= scores.amax(dim=1, keepdim=True)
    powers = scores.exp()
    return powers / powers.sum(dim=1, keepdim=True)


def squared_errors__unchecked(predictions, targets):
    """Shapes that differ are often broadcast without a word: (N, 1) and (N,) make (N, N), all pairs. Check first."""
    return (predictions - targets).square()


def squared_errors__reshaped_to_fit(predictions, targets):
    """As many numbers as asked is not the same shape: whoever mixed up two shapes should hear of it."""
    return (predictions - targets.reshape(predictions.shape)).square()


def squared_errors__only_counted(predictions, targets):
    """Equally many numbers can stand in two shapes that do not match: compare the shapes, not how many there are."""
    if predictions.numel() != targets.numel():
        raise ValueError(f"{tuple(predictions.shape)} and {tuple(targets.shape)} differ")
    return (predictions - targets).square()


def squared_errors__only_dimensions_counted(predictions, targets):
    """Equally many dimensions can have other sizes, and a size of 1 is stretched to fit: compare the sizes too."""
    if predictions.dim() != targets.dim():
        raise ValueError(f"{tuple(predictions.shape)} and {tuple(targets.shape)} differ")
    return (predictions - targets).square()


def squared_errors__another_error(predictions, targets):
    """An AssertionError came out, as from assert: what a caller may get wrong is a ValueError, which you raise."""
    assert predictions.shape == targets.shape, f"{predictions.shape} and {targets.shape} differ"
    return (predictions - targets).square()


def squared_errors__says_nothing_of_the_shapes(predictions, targets):
    """Whoever reads the message wants to know which shapes met: put both into it."""
    if predictions.shape != targets.shape:
        raise ValueError("the shapes differ")
    return (predictions - targets).square()


def squared_errors__names_one_shape(predictions, targets):
    """One shape alone does not say what it failed to match: the message must hold both."""
    if predictions.shape != targets.shape:
        raise ValueError(f"the predictions have shape {tuple(predictions.shape)}")
    return (predictions - targets).square()


def squared_errors__mean(predictions, targets):
    """This is one number for all the pairs: here every pair keeps a square of its own."""
    if predictions.shape != targets.shape:
        raise ValueError(f"{tuple(predictions.shape)} and {tuple(targets.shape)} differ")
    return (predictions - targets).square().mean()


def squared_errors__not_squared(predictions, targets):
    """These are the sizes of the differences: they are still to be squared."""
    if predictions.shape != targets.shape:
        raise ValueError(f"{tuple(predictions.shape)} and {tuple(targets.shape)} differ")
    return (predictions - targets).abs()


def squared_errors__in_place(predictions, targets):
    """The numbers are right, but predictions has changed: an in-place operation writes to the caller's tensor."""
    if predictions.shape != targets.shape:
        raise ValueError(f"{tuple(predictions.shape)} and {tuple(targets.shape)} differ")
    predictions -= targets
    return predictions.square()


def linear__squeezed(x, weight, bias):
    """A layer with one output lost its last dimension: squeeze drops every size of 1, also one that counts outputs."""
    return (x @ weight.T + bias).squeeze(-1)


def linear__weight_as_it_is(x, weight, bias):
    """A row of weight belongs to an output, so x must meet its rows, not its columns: turn it round first."""
    return x @ weight + bias


def linear__bias_forgotten(x, weight, bias):
    """The products are there, but nothing was added to them: every output has a bias of its own."""
    return x @ weight.T


def linear__bias_subtracted(x, weight, bias):
    """The bias was taken away, but it is to be added."""
    return x @ weight.T - bias


def linear__bias_in_a_column(x, weight, bias):
    """The bias was lined up with the rows: it has an entry for each output, and those are the columns."""
    return x @ weight.T + bias[:, None]


def linear__two_dimensions_only(x, weight, bias):
    """This works for rows alone: addmm takes matrices only, while a product with @ takes any dimensions in front."""
    return torch.addmm(bias, x, weight.T)


def linear__x_turned_round(x, weight, bias):
    """On more than two dimensions .T reverses them all, those in front too: turn the weight round instead of x."""
    return (weight @ x.T).T + bias


def linear__a_view_of_any_order(x, weight, bias):
    """A view needs numbers that lie in order in memory, and swapping dimensions ends that: reshape bears it."""
    return (x.view(-1, x.shape[-1]) @ weight.T + bias).view(*x.shape[:-1], len(bias))


def linear__dimensions_in_front_melted(x, weight, bias):
    """The rows are right, but they lie in one long list: the dimensions in front must come out as they came in."""
    return x.reshape(-1, x.shape[-1]) @ weight.T + bias


def linear__ready_made(x, weight, bias):
    """The numbers are right, but PyTorch's own layer was to be left aside here: it is a product and a sum."""
    return torch.nn.functional.linear(x, weight, bias)


def gram__all_dimensions_reversed(batch):
    """Turning the whole batch round reverses all three dimensions, the batch's too: swap the last two only."""
    return batch @ batch.T


def gram__columns_for_rows(batch):
    """The columns were multiplied with each other: (D, N) times (N, D) is (D, D), and (N, N) is asked for."""
    return batch.transpose(1, 2) @ batch


def gram__rows_with_themselves(batch):
    """Each row met only itself: these are the diagonals, and the rows are to meet each other too."""
    return batch.square().sum(dim=2)


def gram__items_summed_up(batch):
    """The items were added up: every item has a matrix of its own, so the batch's dimension must stay."""
    return torch.einsum("bnd,bmd->nm", batch, batch)


def gram__items_mixed(batch):
    """Rows of one item met rows of the others: an item must be multiplied with itself alone."""
    return torch.einsum("bnd,cmd->bnm", batch, batch)


def gram__elementwise(batch):
    """Each number was multiplied with itself: a dot product goes along two rows, and sums up."""
    return batch * batch


def gram__loop_over_items(batch):
    """The numbers are right, but a loop made them bit by bit: a product of two batches does all the items at once."""
    grams = [item @ item.T for item in batch]
    return torch.stack(grams) if grams else batch.new_zeros(0, batch.shape[1], batch.shape[1])
