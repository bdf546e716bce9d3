"""Wrong answers that behave like a mistake of mistakes/lesson_4_training_loop/kata_01_losses.py for another reason."""

import torch
from torch import nn
from torch.nn import functional as F


def _log_softmax(logits):
    shifted = logits - logits.amax(dim=-1, keepdim=True)
    return shifted - shifted.exp().sum(dim=-1, keepdim=True).log()


def _picked(table, labels):
    return table.gather(1, labels[:, None]).squeeze(1)


def _agree(left, right):
    if left.shape != right.shape:
        raise ValueError(f"{tuple(left.shape)} and {tuple(right.shape)} differ")


def squared_loss__cut_off__by_data(predictions, targets, reduction="mean"):
    """The data of the predictions, in the place of detach()."""
    _agree(predictions, targets)
    squares = (predictions.data - targets) ** 2
    return squares if reduction == "none" else getattr(squares, reduction)()


def cross_entropy__a_trillionth_added__a_larger_constant(logits, labels):
    """A larger constant inside the logarithm."""
    return -(_picked(_log_softmax(logits).exp(), labels) + 1e-7).log().mean()


def cross_entropy__a_trillionth_added__probability_clamped(logits, labels):
    """The probability is clamped."""
    return -_picked(_log_softmax(logits).exp().clamp(min=1e-8), labels).log().mean()


def cross_entropy__a_trillionth_added__scores_clamped(logits, labels):
    """The scores are clamped."""
    return -_picked(_log_softmax(logits.clamp(-80, 80)), labels).mean()


def smoothed_cross_entropy__a_trillionth_added__probability_clamped(logits, labels, smoothing):
    """The probability is clamped."""
    targets = F.one_hot(labels, logits.shape[1]) * (1 - smoothing) + smoothing / logits.shape[1]
    return -(targets * _log_softmax(logits).exp().clamp(min=1e-9).log()).sum(dim=1).mean()


def binary_cross_entropy__a_trillionth_added__a_larger_constant(logits, targets):
    """A larger constant inside the logarithm."""
    _agree(logits, targets)
    p = torch.sigmoid(logits)
    return -(targets * (p + 1e-8).log() + (1 - targets) * (1 - p + 1e-8).log()).mean()


def binary_cross_entropy__a_trillionth_added__probability_clamped(logits, targets):
    """The sigmoid is clamped."""
    _agree(logits, targets)
    p = torch.sigmoid(logits).clamp(1e-7, 1 - 1e-7)
    return -(targets * p.log() + (1 - targets) * (1 - p).log()).mean()


def binary_cross_entropy__a_trillionth_added__logarithm_clamped(logits, targets):
    """The logarithm is clamped, as in PyTorch's BCELoss."""
    _agree(logits, targets)
    p = torch.sigmoid(logits)
    return -(targets * p.log().clamp(min=-100) + (1 - targets) * (1 - p).log().clamp(min=-100)).mean()


def class_loss__cut_off__argmax_as_logits(logits, labels):
    """The argmax is used in the place of the logits."""
    return nn.MSELoss()(logits.argmax(dim=-1).float(), labels.float())


def class_loss__cut_off__classes_compared(logits, labels):
    """The fraction of wrong classes."""
    return (logits.argmax(dim=-1) != labels).float().mean()


def one_unit_loss__cut_off__new_tensor(outputs, labels):
    """A new tensor is made from the outputs."""
    return nn.BCEWithLogitsLoss()(outputs.data[:, 0], labels.to(outputs.dtype))


def one_unit_loss__classes__nll_loss(outputs, labels):
    """nll_loss needs a column for each class, and there is only one column."""
    return F.nll_loss(outputs, labels)


def one_unit_loss__probabilities_rounded__clamped(outputs, labels):
    """The sigmoid is clamped."""
    p, t = outputs.sigmoid().squeeze(1).clamp(1e-7, 1 - 1e-7), labels.float()
    return -(t * p.log() + (1 - t) * (1 - p).log()).mean()


def class_loss__flattened_labels_as_they_are__by_hand(logits, labels):
    """The labels index the logarithms of the probabilities in their own dtype."""
    return nn.NLLLoss()(logits.log_softmax(dim=-1).flatten(0, -2), labels.flatten())


def padded_loss__losses_of_0_not_counted__as_a_mask(logits, labels, padding):
    """The losses that are above 0 are selected."""
    each = F.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index=padding, reduction="none")
    return each[each > 0].mean()


def padded_loss__mean_of_the_means_of_some__a_loop(logits, labels, padding):
    """A loop over the sequences."""
    means = [nn.CrossEntropyLoss()(x[y != padding], y[y != padding]) for x, y in zip(logits, labels, strict=True)]
    return torch.stack([mean for mean in means if not mean.isnan()]).mean()


def padded_loss__mean_of_the_means_with_nan__a_loop(logits, labels, padding):
    """A loop over the sequences."""
    loss = nn.CrossEntropyLoss(ignore_index=padding)
    return torch.stack([loss(x, y) for x, y in zip(logits, labels, strict=True)]).mean()


def smoothed_cross_entropy__not_shifted__logarithm_of_the_sum(logits, labels, smoothing):
    """The logarithm of the sum of exp, without a shift."""
    targets = F.one_hot(labels, logits.shape[1]) * (1 - smoothing) + smoothing / logits.shape[1]
    return (logits.exp().sum(dim=1).log() - (targets * logits).sum(dim=1)).mean()
