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


def squared_loss__divided_by_rows__mean_of_row_sums(predictions, targets, reduction="mean"):
    """The squares of each row are added up, and the mean of these sums is taken."""
    _agree(predictions, targets)
    squares = (predictions - targets) ** 2
    if reduction == "mean":
        return squares.reshape(*squares.shape[:1], -1).sum(dim=-1).mean() if squares.dim() else squares
    return squares if reduction == "none" else squares.sum()


def cross_entropy__log_of_softmax__log_of_exp(logits, labels):
    """The logarithm of exp(score - maximum), which is not yet a probability, is taken."""
    exps = (logits - logits.amax(dim=1, keepdim=True)).exp()
    return (exps.sum(dim=1).log() - _picked(exps, labels).log()).mean()


def cross_entropy__one_hot_too_narrow__eye(logits, labels):
    """The table is made with torch.eye."""
    table = torch.eye(int(labels.max()) + 1, device=labels.device)[labels]
    return -(table * _log_softmax(logits)).sum(dim=1).mean()


def class_loss__divided_by_sequences__mean_of_sums(logits, labels):
    """The losses of each sequence are added up, and the mean of these sums is taken."""
    losses = nn.CrossEntropyLoss(reduction="none")(logits.movedim(-1, 1), labels.long())
    return losses.reshape(len(labels), -1).sum(dim=1).mean()


def one_unit_loss__float64__outputs_too(outputs, labels):
    """The outputs are converted too."""
    return nn.BCEWithLogitsLoss()(outputs.double().squeeze(1), labels.double())


def smoothed_cross_entropy__log_of_softmax__log_of_exp(logits, labels, smoothing):
    """The logarithm of exp(score - maximum), which is not yet a probability, is taken."""
    targets = F.one_hot(labels, logits.shape[1]) * (1 - smoothing) + smoothing / logits.shape[1]
    exps = (logits - logits.amax(dim=1, keepdim=True)).exp()
    return (targets * (exps.sum(dim=1, keepdim=True).log() - exps.log())).sum(dim=1).mean()


def smoothed_cross_entropy__logits_smoothed__scaled(logits, labels, smoothing):
    """The logits are only multiplied by 1 - s."""
    return -_picked(_log_softmax((1 - smoothing) * logits), labels).mean()


def binary_cross_entropy__log_of_sigmoid__exp_of_both_signs(logits, targets):
    """exp is inf; no sigmoid is computed."""
    _agree(logits, targets)
    return (targets * (1 + (-logits).exp()).log() + (1 - targets) * (1 + logits.exp()).log()).mean()


def binary_cross_entropy__exp_of_the_logit__one_minus_sigmoid(logits, targets):
    """A sigmoid is rounded to 1; exp of the logit is not computed."""
    _agree(logits, targets)
    return (-(1 - torch.sigmoid(logits)).log() - targets * logits).mean()


def binary_cross_entropy__rounded_targets__integers(logits, targets):
    """The targets are cut to integers."""
    _agree(logits, targets)
    return (F.softplus(logits) - targets.long() * logits).mean()


def padded_loss__divided_by_sequences__mean_of_sums(logits, labels, padding):
    """The losses of each sequence are added up, and the mean of these sums is taken."""
    losses = F.cross_entropy(logits.transpose(1, 2), labels, ignore_index=padding, reduction="none")
    return losses.sum(dim=1).mean()


def padded_loss__up_to_the_first_padding__lengths(logits, labels, padding):
    """If n labels of a sequence are not padding, its first n items count."""
    lengths = (labels != padding).sum(dim=1).tolist()
    rows = torch.cat([row[:length] for row, length in zip(logits, lengths, strict=True)])
    of_rows = torch.cat([row[:length] for row, length in zip(labels, lengths, strict=True)])
    return nn.CrossEntropyLoss()(rows, of_rows)


def one_unit_loss__probabilities_rounded__outputs_clamped(outputs, labels):
    """The outputs are clamped, and PyTorch's loss computes the sigmoid."""
    return nn.BCEWithLogitsLoss()(outputs.squeeze(1).clamp(-30, 30), labels.float())


def cross_entropy__not_shifted__one_maximum_and_a_quotient(logits, labels):
    """One maximum is subtracted from all rows, so a row far below it has only zeros: 0 / 0."""
    shares = (logits - logits.max()).exp()
    return -_picked(shares / shares.sum(dim=1, keepdim=True), labels).log().mean()


def binary_cross_entropy__only_lengths_compared__elements(logits, targets):
    """The numbers of elements are compared."""
    if logits.numel() != targets.numel():
        raise ValueError(f"{tuple(logits.shape)} and {tuple(targets.shape)} differ")
    return (F.softplus(logits) - targets * logits).mean()


def squared_loss__only_elements_counted__flattened(predictions, targets, reduction="mean"):
    """Both are flattened afterwards, so nothing is broadcast."""
    if predictions.numel() != targets.numel():
        raise ValueError(f"{tuple(predictions.shape)} and {tuple(targets.shape)} differ")
    squares = (predictions.flatten() - targets.flatten()) ** 2
    return squares.reshape(predictions.shape) if reduction == "none" else getattr(squares, reduction)()
