"""Other right answers to katas/lesson_4_training_loop/kata_01_losses.py: the tests must accept them."""

import torch
from torch import nn
from torch.nn import functional as F


def squared_loss__powers(predictions, targets, reduction="mean"):
    if predictions.size() != targets.size():
        raise ValueError(f"shapes: {predictions.shape} and {targets.shape}")
    squares = (targets - predictions) ** 2
    return {"mean": torch.mean, "sum": torch.sum, "none": torch.clone}[reduction](squares)


def squared_loss__divided(predictions, targets, reduction="mean"):
    if list(predictions.shape) != list(targets.shape):
        raise ValueError(f"{list(predictions.shape)}, {list(targets.shape)}")
    difference = predictions - targets
    squares = difference * difference
    if reduction != "none":
        squares = squares.sum()
    return squares / predictions.numel() if reduction == "mean" else squares


def _log_softmax(logits):
    shifted = logits - logits.amax(dim=1, keepdim=True)
    return shifted - shifted.exp().sum(dim=1, keepdim=True).log()


def cross_entropy__shifted(logits, labels):
    rows = torch.arange(len(logits), device=logits.device)
    return -_log_softmax(logits)[rows, labels].mean()


def cross_entropy__one_hot(logits, labels):
    return -(F.one_hot(labels, logits.shape[1]) * _log_softmax(logits)).sum() / len(labels)


def cross_entropy__row_by_row(logits, labels):
    total = logits.new_zeros(())
    for row, label in zip(logits, labels, strict=True):
        largest = row.max().detach()
        total = total + largest + (row - largest).exp().sum().log() - row[label]
    return total / len(logits)


def cross_entropy__shift_detached(logits, labels):
    shifted = logits - logits.detach().max(dim=1, keepdim=True).values
    return (shifted.exp().sum(1).log() - shifted.gather(1, labels.unsqueeze(1))[:, 0]).mean()


def cross_entropy__differences_of_logits(logits, labels):
    return torch.logsumexp(logits - logits.gather(1, labels[:, None]), dim=1).mean()


def class_loss__flattened(logits, labels):
    return F.cross_entropy(logits.reshape(-1, logits.shape[-1]), labels.reshape(-1).to(torch.int64))


def class_loss__moved(logits, labels):
    loss = nn.CrossEntropyLoss(reduction="mean")
    return loss(logits.movedim(-1, 1), labels.type(torch.long))


def class_loss__log_softmax_before(logits, labels):
    log_probabilities = logits.log_softmax(dim=-1)
    return nn.CrossEntropyLoss()(log_probabilities.flatten(0, -2), labels.flatten().long())


def class_loss__negative_log_likelihood(logits, labels):
    log_probabilities = nn.LogSoftmax(dim=-1)(logits)
    return nn.NLLLoss()(log_probabilities.flatten(0, -2), labels.flatten().long())


def class_loss__sequence_by_sequence(logits, labels):
    loss = nn.CrossEntropyLoss()
    if logits.dim() == 2:
        return loss(logits, labels.long())
    return torch.stack([loss(a, b.long()) for a, b in zip(logits, labels, strict=True)]).mean()


def class_loss__one_hot_table(logits, labels):
    table = F.one_hot(labels.long(), logits.shape[-1]).to(logits.dtype)
    return nn.CrossEntropyLoss()(logits.flatten(0, -2), table.flatten(0, -2))


def one_unit_loss__labels_in_a_column(outputs, labels):
    return nn.BCEWithLogitsLoss()(outputs, labels[:, None].float())


def one_unit_loss__flattened(outputs, labels):
    return F.binary_cross_entropy_with_logits(outputs.flatten(), labels.to(torch.float32))


def one_unit_loss__two_classes(outputs, labels):
    return nn.CrossEntropyLoss()(torch.cat([torch.zeros_like(outputs), outputs], dim=1), labels)


def one_unit_loss__view_as(outputs, labels):
    return nn.BCEWithLogitsLoss()(outputs[:, 0], labels.type_as(outputs).view(-1))


def smoothed_cross_entropy__table(logits, labels, smoothing):
    classes = logits.shape[1]
    targets = F.one_hot(labels, classes) * (1 - smoothing) + smoothing / classes
    return -(targets * _log_softmax(logits)).sum(dim=1).mean()


def smoothed_cross_entropy__scattered(logits, labels, smoothing):
    targets = torch.full_like(logits, smoothing / logits.shape[1])
    targets.scatter_add_(1, labels[:, None], torch.full_like(logits[:, :1], 1 - smoothing))
    return (logits.logsumexp(dim=1) - (targets * logits).sum(dim=1)).mean()


def smoothed_cross_entropy__mean_over_labels(logits, labels, smoothing):
    def plain(labels):
        return -_log_softmax(logits).gather(1, labels[:, None]).mean()

    each = [plain(torch.full_like(labels, k)) for k in range(logits.shape[1])]
    return (1 - smoothing) * plain(labels) + smoothing * sum(each) / len(each)


def smoothed_cross_entropy__one_hot_by_comparison(logits, labels, smoothing):
    hot = (labels[:, None] == torch.arange(logits.shape[1], device=logits.device)).to(logits.dtype)
    targets = hot * (1 - smoothing) + smoothing / logits.shape[1]
    return (targets * (logits.logsumexp(dim=1, keepdim=True) - logits)).sum() / len(logits)


def _agree(left, right):
    if left.shape != right.shape:
        raise ValueError(left.shape, right.shape)


def binary_cross_entropy__softplus(logits, targets):
    _agree(logits, targets)
    return torch.mean(F.softplus(logits) - targets * logits)


def binary_cross_entropy__two_log_sigmoids(logits, targets):
    _agree(logits, targets)
    return -(targets * F.logsigmoid(logits) + (1 - targets) * F.logsigmoid(-logits)).mean()


def binary_cross_entropy__two_classes(logits, targets):
    _agree(logits, targets)
    pair = torch.stack([torch.zeros_like(logits), logits], dim=1)
    return (pair.logsumexp(dim=1) - targets * logits).mean()


def binary_cross_entropy__two_sides(logits, targets):
    _agree(logits, targets)
    below = logits < 0
    small = torch.where(below, logits, -logits)
    log_sum = torch.log1p(small.exp()) + torch.where(below, torch.zeros_like(logits), logits)
    return (log_sum - targets * logits).sum() / len(logits)


def padded_loss__selected(logits, labels, padding):
    real = labels != padding
    return F.cross_entropy(logits[real], labels[real])


def padded_loss__weighted_sum(logits, labels, padding):
    real = (labels != padding).to(logits.dtype)
    losses = F.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index=padding, reduction="none")
    return (losses * real.flatten()).sum() / real.sum()


def padded_loss__by_hand(logits, labels, padding):
    real = labels != padding
    scores, classes = logits[real], labels[real]
    return (scores.logsumexp(dim=1) - scores.gather(1, classes[:, None])[:, 0]).mean()


def padded_loss__relabelled(logits, labels, padding):
    return nn.CrossEntropyLoss()(logits.movedim(2, 1), torch.where(labels == padding, -100, labels))
