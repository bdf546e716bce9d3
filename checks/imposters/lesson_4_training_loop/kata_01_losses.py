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


def one_unit_loss__probabilities_rounded__clamped(outputs, labels):
    """The sigmoid is clamped."""
    p, t = outputs.sigmoid().squeeze(1).clamp(1e-7, 1 - 1e-7), labels.float()
    return -(t * p.log() + (1 - t) * (1 - p).log()).mean()
