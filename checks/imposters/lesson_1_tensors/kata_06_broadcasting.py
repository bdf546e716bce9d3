"""Answers that fail like a mistake of katas/lesson_1_tensors/kata_06_broadcasting.py, for another reason."""

import torch


def centre_columns__rows_lined_up_with_columns__dimension_counted_from_the_end(x):
    """The dimension is named from the end."""
    return x - x.sum(-1) / x.shape[-1]


def softmax__overflow__place_of_the_largest(scores):
    """The index of the largest score was subtracted, not the score."""
    powers = (scores - scores.argmax(dim=1, keepdim=True)).exp()
    return powers / powers.sum(dim=1, keepdim=True)


def softmax__shifted_by_the_mean__minimum(scores):
    """The row's minimum was subtracted."""
    powers = (scores - scores.amin(dim=1, keepdim=True)).exp()
    return powers / powers.sum(dim=1, keepdim=True)


def softmax__shifted_by_the_largest_of_all__column_maxima(scores):
    """The maximum of everything was reached in two steps."""
    powers = (scores - scores.amax(dim=0).amax()).exp()
    return powers / powers.sum(dim=1, keepdim=True)


def softmax__sums_lie_in_a_row__maxima(scores):
    """The maxima have lost their dimension, not the sums."""
    powers = (scores - scores.amax(dim=1)).exp()
    return powers / powers.sum(dim=1, keepdim=True)


def squared_errors__another_error__raised(predictions, targets):
    """The AssertionError was raised without assert."""
    if predictions.shape != targets.shape:
        raise AssertionError
    return (predictions - targets) ** 2


def squared_errors__always_refused__condition_inverted(predictions, targets):
    """The condition is the opposite of the right one."""
    if predictions.shape == targets.shape:
        raise ValueError(f"{tuple(predictions.shape)} and {tuple(targets.shape)} differ")
    return (predictions - targets) ** 2


def linear__weight_as_it_is__weight_first(x, weight, bias):
    """The factors are in the other order."""
    return weight @ x + bias


def linear__squeezed__last_output_selected(x, weight, bias):
    """A layer with a single output was written as a special case."""
    result = x @ weight.T + bias
    return result[..., 0] if len(bias) == 1 else result


def pairwise_distances__epsilon_below_the_root__clamped(left, right):
    """The sum of squares was clamped from below."""
    return (left[:, None] - right[None]).square().sum(dim=2).clamp(min=1e-12).sqrt()


def pairwise_distances__epsilon_below_the_root__in_the_differences(left, right):
    """PyTorch's function adds 1e-6 to each difference."""
    return torch.nn.functional.pairwise_distance(left[:, None], right[None])


def pairwise_distances__square_multiplied_out__after_subtracting_a_mean(left, right):
    """The rows were centred first, but the formula is the same."""
    middle = left.mean(dim=0) if len(left) else left.new_zeros(left.shape[1])
    left, right = left - middle, right - middle
    return ((left**2).sum(1)[:, None] + (right**2).sum(1) - 2 * left @ right.T).clamp(min=0).sqrt()


def squared_errors__only_targets_squared__by_name(predictions, targets):
    """square() was called on the targets, without the operator **."""
    if predictions.shape != targets.shape:
        raise ValueError(f"{tuple(predictions.shape)} and {tuple(targets.shape)} differ")
    return predictions - targets.square()


def gram__all_dimensions_reversed__permuted(batch):
    """permute and not .T."""
    return batch @ batch.permute(2, 1, 0)
