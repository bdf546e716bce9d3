"""Wrong answers to katas/lesson_1_tensors/kata_06_broadcasting.py, each with the sentence that corrects the belief."""

import torch


def centre_columns__mean_of_everything(x):
    """You subtracted one mean from all columns. Each column has its own mean, so pass a dim to mean."""
    return x - x.mean()


def centre_columns__means_of_rows(x):
    """Now each row has mean 0, not each column. dim is the dimension that disappears, so for column means it is 0."""
    return x - x.mean(dim=1, keepdim=True)


def centre_columns__rows_lined_up_with_columns(x):
    """You computed a mean for each row, and broadcasting lined up these means with the columns. Use dim=0."""
    return x - x.mean(dim=1)


def centre_columns__standardized(x):
    """You also divided by the standard deviation. Only subtract the mean."""
    return (x - x.mean(dim=0)) / x.std(dim=0, correction=0)


def centre_columns__means_alone(x):
    """You returned the means, one for each column. Subtract them from x."""
    return x.mean(dim=0)


def centre_columns__mean_minus_x(x):
    """The sign of every entry is wrong. Subtract the mean from x, not x from the mean."""
    return x.mean(dim=0) - x


def centre_columns__in_place(x):
    """The numbers are right, but you changed the argument x. Work on a copy, or compute a new tensor."""
    return x.sub_(x.mean(dim=0))


def softmax__columns(scores):
    """Now each column sums to 1, not each row. Each row has its own sum, over dim=1."""
    return torch.softmax(scores, dim=0)


def softmax__everything(scores):
    """All entries together sum to 1. Each row must sum to 1, so divide it by its own sum."""
    powers = (scores - scores.max()).exp()
    return powers / powers.sum()


def softmax__overflow(scores):
    """Your result contains nan for large scores, because exp of them is inf. Subtract the row's maximum before exp."""
    powers = scores.exp()
    return powers / powers.sum(dim=1, keepdim=True)


def softmax__shifted_by_the_largest_of_all(scores):
    """A row far below the largest score of all became nan, because exp is 0 for all its scores. Subtract each row's own
    maximum."""
    powers = (scores - scores.max()).exp()
    return powers / powers.sum(dim=1, keepdim=True)


def softmax__shifted_by_the_mean(scores):
    """Your result contains nan for a row whose scores differ a lot. Subtract the row's maximum, so that no score is
    above 0."""
    powers = (scores - scores.mean(dim=1, keepdim=True)).exp()
    return powers / powers.sum(dim=1, keepdim=True)


def softmax__shifted_by_the_first(scores):
    """A row whose first score is far below its largest contains nan. Subtract the row's maximum, so that no score is
    above 0."""
    powers = (scores - scores[:, :1]).exp()
    return powers / powers.sum(dim=1, keepdim=True)


def softmax__clamped(scores):
    """Different large scores have the same probability in your result. Subtract the row's maximum instead of a
    clamp."""
    powers = scores.clamp(-80, 80).exp()
    return powers / powers.sum(dim=1, keepdim=True)


def softmax__sums_lie_in_a_row(scores):
    """Your row sums or row maxima have shape (N,), so they line up with the columns. Keep the dimension:
    keepdim=True."""
    powers = (scores - scores.amax(dim=1, keepdim=True)).exp()
    return powers / powers.sum(dim=1)


def softmax__maxima_of_columns(scores):
    """You subtracted the maximum of each column. Subtract the maximum of each row: dim=1, with keepdim=True."""
    powers = (scores - scores.amax(dim=0)).exp()
    return powers / powers.sum(dim=1, keepdim=True)


def softmax__sign_reversed(scores):
    """In your result, the largest score has the smallest probability. Subtract the maximum from the scores."""
    powers = (scores.amin(dim=1, keepdim=True) - scores).exp()
    return powers / powers.sum(dim=1, keepdim=True)


def softmax__the_pair(scores):
    """You subtracted a pair. With a dim, max returns values and indices, so use amax or take the values."""
    powers = (scores - scores.max(dim=1, keepdim=True)).exp()
    return powers / powers.sum(dim=1, keepdim=True)


def softmax__no_exp(scores):
    """You divided each score by the sum of its row. Apply exp first, which makes every entry positive."""
    return scores / scores.sum(dim=1, keepdim=True)


def softmax__divided_by_the_largest(scores):
    """You divided the scores by the row's maximum. Subtract it instead, because a subtraction leaves the probabilities
    unchanged."""
    powers = (scores / scores.amax(dim=1, keepdim=True)).exp()
    return powers / powers.sum(dim=1, keepdim=True)


def softmax__logarithms(scores):
    """You returned the logarithms of the probabilities. Return the probabilities themselves, which sum to 1."""
    return torch.log_softmax(scores, dim=1)


def softmax__not_divided(scores):
    """Your rows do not sum to 1. Divide each row of exp by its sum."""
    return (scores - scores.amax(dim=1, keepdim=True)).exp()


def softmax__ready_made(scores):
    """The numbers are right, but you used PyTorch's own softmax. Build it from exp and a sum."""
    return torch.softmax(scores, dim=1)


def softmax__in_place(scores):
    """The numbers are right, but you changed the argument scores. Work on a copy, or compute a new tensor."""
    scores -= scores.amax(dim=1, keepdim=True)
    powers = scores.exp()
    return powers / powers.sum(dim=1, keepdim=True)


def squared_errors__unchecked(predictions, targets):
    """Your code raises no error for (4, 1) and (4,), which broadcast to (4, 4). Compare the shapes and raise a
    ValueError."""
    return (predictions - targets).square()


def squared_errors__only_what_pytorch_refuses(predictions, targets):
    """Your code accepts all shapes that PyTorch can broadcast, for example (4, 1) and (4,). Compare the shapes
    first."""
    try:
        return (predictions - targets).square()
    except RuntimeError as error:
        raise ValueError(f"{tuple(predictions.shape)} and {tuple(targets.shape)} differ") from error


def squared_errors__nothing_raised(predictions, targets):
    """Your code raises no error, even for two shapes that can't broadcast. Raise a ValueError if the shapes differ."""
    return (predictions - targets).square() if predictions.shape == targets.shape else None


def squared_errors__sizes_of_1_ignored(predictions, targets):
    """Your code accepts shapes that differ in a dimension of size 1. Compare the whole shapes, without squeeze."""
    if predictions.squeeze().shape != targets.squeeze().shape:
        raise ValueError(f"{tuple(predictions.shape)} and {tuple(targets.shape)} differ")
    return (predictions - targets).square()


def squared_errors__reshaped_to_fit(predictions, targets):
    """Your code accepts different shapes with equally many elements. Raise a ValueError instead of making them fit."""
    return (predictions - targets.reshape(predictions.shape)).square()


def squared_errors__only_counted(predictions, targets):
    """Your code accepts different shapes with equally many elements. Compare the shapes, not the number of elements."""
    if predictions.numel() != targets.numel():
        raise ValueError(f"{tuple(predictions.shape)} and {tuple(targets.shape)} differ")
    return (predictions - targets).square()


def squared_errors__only_dimensions_counted(predictions, targets):
    """Your code accepts different sizes if the number of dimensions is the same. Compare the whole shapes."""
    if predictions.dim() != targets.dim():
        raise ValueError(f"{tuple(predictions.shape)} and {tuple(targets.shape)} differ")
    return (predictions - targets).square()


def squared_errors__only_first_sizes_compared(predictions, targets):
    """Your code accepts different shapes if their first sizes are equal. Compare the whole shapes."""
    if predictions.shape[:1] != targets.shape[:1]:
        raise ValueError(f"{tuple(predictions.shape)} and {tuple(targets.shape)} differ")
    return (predictions - targets).square()


def squared_errors__another_error(predictions, targets):
    """Your code raises an AssertionError. assert is for bugs of your own code: for wrong arguments, raise a
    ValueError."""
    assert predictions.shape == targets.shape
    return (predictions - targets).square()


def squared_errors__always_refused(predictions, targets):
    """Your code raises a ValueError although both shapes are equal. Raise it only if predictions.shape !=
    targets.shape."""
    if predictions.shape is not targets.shape:
        raise ValueError(f"{tuple(predictions.shape)} and {tuple(targets.shape)} differ")
    return (predictions - targets).square()


def squared_errors__says_nothing_of_the_shapes(predictions, targets):
    """Your message does not contain the shapes. Put both into it, so that the reader sees which two shapes met."""
    if predictions.shape != targets.shape:
        raise ValueError("the shapes differ")
    return (predictions - targets).square()


def squared_errors__names_one_shape(predictions, targets):
    """Your message contains only one of the shapes. Name both."""
    if predictions.shape != targets.shape:
        raise ValueError(f"the predictions have shape {tuple(predictions.shape)}")
    return (predictions - targets).square()


def squared_errors__mean(predictions, targets):
    """You returned one number, the mean. Return the square of each pair."""
    if predictions.shape != targets.shape:
        raise ValueError(f"{tuple(predictions.shape)} and {tuple(targets.shape)} differ")
    return (predictions - targets).square().mean()


def squared_errors__not_squared(predictions, targets):
    """You returned the absolute differences. Square them."""
    if predictions.shape != targets.shape:
        raise ValueError(f"{tuple(predictions.shape)} and {tuple(targets.shape)} differ")
    return (predictions - targets).abs()


def squared_errors__doubled(predictions, targets):
    """You doubled the differences. Square them."""
    if predictions.shape != targets.shape:
        raise ValueError(f"{tuple(predictions.shape)} and {tuple(targets.shape)} differ")
    return (predictions - targets) * 2


def squared_errors__difference_of_squares(predictions, targets):
    """You subtracted the squares. Subtract first, and then square the difference."""
    if predictions.shape != targets.shape:
        raise ValueError(f"{tuple(predictions.shape)} and {tuple(targets.shape)} differ")
    return predictions.square() - targets.square()


def squared_errors__only_targets_squared(predictions, targets):
    """You squared only the targets. Subtract first, and then square the difference."""
    if predictions.shape != targets.shape:
        raise ValueError(f"{tuple(predictions.shape)} and {tuple(targets.shape)} differ")
    return predictions - targets**2


def squared_errors__in_place(predictions, targets):
    """The numbers are right, but you changed the argument predictions. Compute a new tensor."""
    if predictions.shape != targets.shape:
        raise ValueError(f"{tuple(predictions.shape)} and {tuple(targets.shape)} differ")
    predictions -= targets
    return predictions.square()


def linear__squeezed(x, weight, bias):
    """For a single output, your result lacks its last dimension. Return shape (N, 1), without squeeze."""
    return (x @ weight.T + bias).squeeze(-1)


def linear__weight_as_it_is(x, weight, bias):
    """You multiplied by the weight as it is. Each row of weight belongs to an output, so use weight.T as the right
    factor."""
    return x @ weight + bias


def linear__weight_reshaped(x, weight, bias):
    """You reshaped the weight to (I, O), which mixes up its rows. Transpose it instead: weight.T."""
    return x @ weight.reshape(weight.shape[1], weight.shape[0]) + bias


def linear__weight_first(x, weight, bias):
    """Your product is transposed: its rows belong to the outputs. Use x as the left factor: x @ weight.T."""
    return weight @ x.T + bias


def linear__bias_forgotten(x, weight, bias):
    """You did not add the bias. Each output has its own bias."""
    return x @ weight.T


def linear__bias_subtracted(x, weight, bias):
    """You subtracted the bias. Add it."""
    return x @ weight.T - bias


def linear__bias_in_a_column(x, weight, bias):
    """You added the bias as a column, along the rows. It has one entry for each output, so leave its shape (O,)."""
    return x @ weight.T + bias[:, None]


def linear__two_dimensions_only(x, weight, bias):
    """Your code fails if x has more than two dimensions. addmm accepts only matrices, so use @ instead."""
    return torch.addmm(bias, x, weight.T)


def linear__matrices_only(x, weight, bias):
    """Your code fails if x has more than two dimensions. mm accepts only matrices, so use @ instead."""
    return torch.mm(x, weight.T) + bias


def linear__einsum_of_matrices(x, weight, bias):
    """Your code fails if x has more than two dimensions. Use @, or replace n by three dots in the einsum equation."""
    return torch.einsum("ni,oi->no", x, weight) + bias


def linear__x_turned_round(x, weight, bias):
    """Your code is wrong if x has more than two dimensions. .T reverses all of them, so transpose the weight
    instead."""
    return (weight @ x.T).T + bias


def linear__a_view_of_any_order(x, weight, bias):
    """Your code fails if x is non-contiguous, because view() needs a contiguous tensor. Use @ alone, or reshape."""
    return (x.view(-1, x.shape[-1]) @ weight.T + bias).view(*x.shape[:-1], len(bias))


def linear__dimensions_in_front_melted(x, weight, bias):
    """The rows are right, but your result has only two dimensions. Keep all dimensions that x has in front."""
    return x.reshape(-1, x.shape[-1]) @ weight.T + bias


def linear__ready_made(x, weight, bias):
    """The numbers are right, but you used PyTorch's own layer. Build it from a matrix product and a sum."""
    return torch.nn.functional.linear(x, weight, bias)


def pairwise_distances__row_by_row(left, right):
    """You subtracted right from left row by row. For all pairs, give each of the two a dimension of size 1 first."""
    return (left - right).square().sum(dim=1).sqrt()


def pairwise_distances__root_forgotten(left, right):
    """You returned the squared distances. Take the square root."""
    return (left[:, None] - right[None]).square().sum(dim=2)


def pairwise_distances__mean_of_the_squares(left, right):
    """Your distances are divided by the root of the number of columns. Take the sum of the squares, not their mean."""
    return (left[:, None] - right[None]).square().mean(dim=2).sqrt()


def pairwise_distances__root_before_the_sum(left, right):
    """You returned sums of absolute differences. The Euclidean distance is the root of the sum of squares."""
    return (left[:, None] - right[None]).square().sqrt().sum(dim=2)


def pairwise_distances__sum_before_the_square(left, right):
    """You summed the differences first, so positive and negative ones cancel out. Square each difference, then sum."""
    return (left[:, None] - right[None]).sum(dim=2).abs()


def pairwise_distances__difference_of_squares(left, right):
    """You subtracted squares from squares. Subtract first, and then square the differences."""
    return (left[:, None].square() - right[None].square()).sum(dim=2).abs().sqrt()


def pairwise_distances__other_way_round(left, right):
    """Your result is transposed. Rows of the result belong to left, and columns to right."""
    return (left[None] - right[:, None]).square().sum(dim=2).sqrt()


def pairwise_distances__wrong_dimension_summed(left, right):
    """You summed over the rows of right. Sum over the columns, the last of the three dimensions."""
    return (left[:, None] - right[None]).square().sum(dim=1).sqrt()


def pairwise_distances__one_number(left, right):
    """You returned one number for all pairs. Sum over the columns only, the last of the three dimensions."""
    return (left[:, None] - right[None]).norm()


def pairwise_distances__square_multiplied_out(left, right):
    """Far from the origin, your distances are wrong by rounding. Subtract first and then square, without a² + b² -
    2ab."""
    squares = left.square().sum(1)[:, None] + right.square().sum(1) - 2 * left @ right.T
    return squares.clamp(min=0).sqrt()


def pairwise_distances__epsilon_below_the_root(left, right):
    """Equal rows do not have distance 0 in your result. Leave out every epsilon (pairwise_distance adds one too)."""
    return ((left[:, None] - right[None]).square().sum(dim=2) + 1e-12).sqrt()


def pairwise_distances__loop_over_rows(left, right):
    """The numbers are right, but you used a loop. Give each tensor a dimension of size 1, and subtract only once."""
    rows = [(row - right).square().sum(dim=1).sqrt() for row in left]
    return torch.stack(rows) if rows else left.new_zeros(0, len(right))


def pairwise_distances__ready_made(left, right):
    """The numbers are right, but you used torch.cdist. Build the distances from broadcasting."""
    return torch.cdist(left, right)


def gram__all_dimensions_reversed(batch):
    """You reversed all three dimensions, as .T does. Swap only the last two: use mT or transpose."""
    return batch @ batch.T


def gram__columns_for_rows(batch):
    """You multiplied the columns with each other, in shape (D, D). For the rows, transpose the right factor."""
    return batch.transpose(1, 2) @ batch


def gram__rows_with_themselves(batch):
    """You multiplied each row only with itself, which is the diagonal. Multiply it with all rows of its item."""
    return batch.square().sum(dim=2)


def gram__items_summed_up(batch):
    """You summed over the items. Each item has its own matrix, so keep the first dimension."""
    return torch.einsum("bnd,bmd->nm", batch, batch)


def gram__items_mixed(batch):
    """You multiplied rows of one item with rows of other items. Multiply each item only with itself."""
    return torch.einsum("bnd,cmd->bnm", batch, batch)


def gram__items_flattened(batch):
    """You multiplied all rows of all items with each other. Multiply each item only with itself: use @ on the batch."""
    rows = batch.reshape(-1, batch.shape[2])
    return rows @ rows.T


def gram__reshaped(batch):
    """You reshaped to (B, D, N), which mixes up the entries. Transpose the last two dimensions instead."""
    return batch @ batch.reshape(batch.shape[0], batch.shape[2], batch.shape[1])


def gram__elementwise(batch):
    """You multiplied each entry with itself. A dot product multiplies two rows and sums, so use @."""
    return batch * batch


def gram__loop_over_items(batch):
    """The numbers are right, but you used a loop. One product of two batches computes all items: use @."""
    grams = [item @ item.T for item in batch]
    return torch.stack(grams) if grams else batch.new_zeros(0, batch.shape[1], batch.shape[1])
