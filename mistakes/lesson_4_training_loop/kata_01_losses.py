"""Wrong answers to katas/lesson_4_training_loop/kata_01_losses.py, each with the sentences that a learner reads."""

import torch
from torch import nn
from torch.nn import functional as F


def _agree(left, right):
    if left.shape != right.shape:
        raise ValueError(f"{tuple(left.shape)} and {tuple(right.shape)} differ")


def _reduced(squares, reduction):
    if reduction == "none":
        return squares
    return squares.sum() if reduction == "sum" else squares.mean()


def squared_loss__unchecked(predictions, targets, reduction="mean"):
    """Your code raised no error for shapes that differ. Compare the shapes and raise a ValueError: (4, 1) and (4,) are
    broadcast to (4, 4)."""
    return _reduced((predictions - targets).square(), reduction)


def squared_loss__reshaped_to_fit(predictions, targets, reduction="mean"):
    """Your code made different shapes equal. Raise a ValueError instead, so that the caller notices the mistake."""
    return _reduced((predictions - targets.reshape(predictions.shape)).square(), reduction)


def squared_loss__only_lengths_compared(predictions, targets, reduction="mean"):
    """You compared only the lengths. (4, 1) and (4,) have equal lengths and are still broadcast, so compare the whole
    shapes."""
    if predictions.shape[:1] != targets.shape[:1]:
        raise ValueError(f"{tuple(predictions.shape)} and {tuple(targets.shape)} differ")
    return _reduced((predictions - targets).square(), reduction)


def squared_loss__only_dimensions_counted(predictions, targets, reduction="mean"):
    """You compared only the number of dimensions. The sizes can still differ, and a size of 1 is broadcast, so compare
    the whole shapes."""
    if predictions.dim() != targets.dim():
        raise ValueError(f"{tuple(predictions.shape)} and {tuple(targets.shape)} differ")
    return _reduced((predictions - targets).square(), reduction)


def squared_loss__only_elements_counted(predictions, targets, reduction="mean"):
    """You compared only the number of elements. Shapes (4, 1) and (4,) both have 4 elements, but they differ: compare
    the whole shapes."""
    if predictions.numel() != targets.numel():
        raise ValueError(f"{tuple(predictions.shape)} and {tuple(targets.shape)} differ")
    return _reduced((predictions - targets).square(), reduction)


def squared_loss__another_error(predictions, targets, reduction="mean"):
    """Your code raised an AssertionError. For a wrong argument, raise a ValueError: assert is for your own mistakes."""
    assert predictions.shape == targets.shape, f"{predictions.shape} and {targets.shape} differ"
    return _reduced((predictions - targets).square(), reduction)


def squared_loss__says_nothing_of_the_shapes(predictions, targets, reduction="mean"):
    """The message of your ValueError does not name both shapes. Put predictions.shape and targets.shape into it."""
    if predictions.shape != targets.shape:
        raise ValueError("the shapes differ")
    return _reduced((predictions - targets).square(), reduction)


def squared_loss__always_the_mean(predictions, targets, reduction="mean"):
    """You returned the mean for every reduction. Return the sum for "sum", and all squares for "none"."""
    _agree(predictions, targets)
    return (predictions - targets).square().mean()


def squared_loss__sum_for_mean(predictions, targets, reduction="mean"):
    """You returned the sum in place of the mean. Divide it by the number of elements."""
    _agree(predictions, targets)
    return _reduced((predictions - targets).square(), "none" if reduction == "none" else "sum")


def squared_loss__mean_divided_again(predictions, targets, reduction="mean"):
    """Your mean is divided by the number of elements twice. Divide once: mean() divides already."""
    _agree(predictions, targets)
    squares = (predictions - targets).square()
    return squares.mean() / squares.numel() if reduction == "mean" else _reduced(squares, reduction)


def squared_loss__divided_by_rows(predictions, targets, reduction="mean"):
    """Your mean is the sum divided by the number of rows. Divide the sum by the number of all elements."""
    _agree(predictions, targets)
    squares = (predictions - targets).square()
    rows = squares.shape[0] if squares.dim() else 1
    return squares.sum() / rows if reduction == "mean" else _reduced(squares, reduction)


def squared_loss__halved(predictions, targets, reduction="mean"):
    """Your result is half of what it must be. Return the squares without the factor 1/2."""
    _agree(predictions, targets)
    return _reduced((predictions - targets).square() / 2, reduction)


def squared_loss__not_squared(predictions, targets, reduction="mean"):
    """Your result contains the absolute values of the differences. Square the differences instead."""
    _agree(predictions, targets)
    return _reduced((predictions - targets).abs(), reduction)


def squared_loss__root(predictions, targets, reduction="mean"):
    """You took the square root of the mean. Return the mean itself."""
    _agree(predictions, targets)
    reduced = _reduced((predictions - targets).square(), reduction)
    return reduced.sqrt() if reduction == "mean" else reduced


def squared_loss__python_number(predictions, targets, reduction="mean"):
    """You returned a Python number, which has no graph. Return the tensor, so that gradients can flow back."""
    _agree(predictions, targets)
    reduced = _reduced((predictions - targets).square(), reduction)
    return reduced if reduction == "none" else reduced.item()


def squared_loss__cut_off(predictions, targets, reduction="mean"):
    """The numbers are right, but no gradient can flow back to the predictions. Use the predictions themselves, without
    detach(), .data or no_grad()."""
    _agree(predictions, targets)
    return _reduced((predictions.detach() - targets).square(), reduction)


def squared_loss__in_place(predictions, targets, reduction="mean"):
    """You changed the argument predictions. Work on a copy: don't use in-place operations on the inputs."""
    _agree(predictions, targets)
    predictions -= targets
    return _reduced(predictions.square(), reduction)


def squared_loss__ready_made(predictions, targets, reduction="mean"):
    """The numbers are right, but you used PyTorch's own loss. Build the loss from a difference and a square."""
    _agree(predictions, targets)
    return F.mse_loss(predictions, targets, reduction=reduction)


def _log_softmax(logits):
    shifted = logits - logits.amax(dim=-1, keepdim=True)
    return shifted - shifted.exp().sum(dim=-1, keepdim=True).log()


def _picked(table, labels):
    return table.gather(1, labels[:, None]).squeeze(1)


def cross_entropy__log_of_softmax(logits, labels):
    """You took the logarithm of a number that was rounded to 0. Take the logarithm on paper: logsumexp(row) -
    row[label]."""
    shares = (logits - logits.amax(dim=1, keepdim=True)).exp()
    return -_picked(shares / shares.sum(dim=1, keepdim=True), labels).log().mean()


def cross_entropy__not_shifted(logits, labels):
    """Your result is inf or nan for large scores, because exp was inf or 0. Compute the loss of a row as logsumexp(row)
    - row[label]."""
    return (logits.exp().sum(dim=1).log() - _picked(logits, labels)).mean()


def cross_entropy__a_trillionth_added(logits, labels):
    """Your loss has an upper limit. Don't add a constant inside the logarithm and don't clamp: compute logsumexp(row) -
    row[label]."""
    shares = (logits - logits.amax(dim=1, keepdim=True)).exp()
    return -(_picked(shares / shares.sum(dim=1, keepdim=True), labels) + 1e-12).log().mean()


def cross_entropy__one_maximum_for_all(logits, labels):
    """You subtracted one maximum from all rows, so exp is 0 for a row far below it. Subtract each row's own maximum."""
    largest = logits.max()
    return (largest + (logits - largest).exp().sum(dim=1).log() - _picked(logits, labels)).mean()


def cross_entropy__columns(logits, labels):
    """You normalized each column. Normalize each row: its probabilities over the K classes sum to 1."""
    return -_picked(_log_softmax(logits.T).T, labels).mean()


def cross_entropy__all_pairs(logits, labels):
    """You paired every row with the labels of all rows. Pick one entry per row: use gather, or index with row numbers
    and labels."""
    return -_log_softmax(logits)[:, labels].mean()


def cross_entropy__one_hot_too_narrow(logits, labels):
    """Your one-hot table is too narrow if no label is the last class. Give it K columns: tell one_hot the number of
    classes."""
    return -(F.one_hot(labels) * _log_softmax(logits)).sum(dim=1).mean()


def cross_entropy__sum(logits, labels):
    """You returned the sum over the rows. Return the mean: divide by the number of rows."""
    return -_picked(_log_softmax(logits), labels).sum()


def cross_entropy__mean_over_the_table(logits, labels):
    """You averaged over rows and classes. Divide the sum by the number of rows N only."""
    return -(_log_softmax(logits) * F.one_hot(labels, logits.shape[1])).mean()


def cross_entropy__each_row(logits, labels):
    """You returned one loss for each row. Return the mean of them."""
    return -_picked(_log_softmax(logits), labels)


def cross_entropy__sign(logits, labels):
    """Your result has the wrong sign. The loss is minus the logarithm of a probability."""
    return _picked(_log_softmax(logits), labels).mean()


def cross_entropy__probabilities_shared_again(logits, labels):
    """You computed the softmax twice. Compute it once, from the logits."""
    return -_picked(_log_softmax(_log_softmax(logits).exp()), labels).mean()


def cross_entropy__largest_probability(logits, labels):
    """You used the largest probability of each row. Use the probability of the row's label."""
    return -_log_softmax(logits).amax(dim=1).mean()


def cross_entropy__without_a_logarithm(logits, labels):
    """You returned 1 minus the mean probability of the labels. Average -log(softmax(row)[label]), which is
    logsumexp(row) - row[label]."""
    return 1 - _picked(_log_softmax(logits).exp(), labels).mean()


def cross_entropy__likelihood(logits, labels):
    """You returned minus the mean probability of the labels. Average -log(softmax(row)[label]), which is logsumexp(row)
    - row[label]."""
    return -_picked(_log_softmax(logits).exp(), labels).mean()


def cross_entropy__in_place(logits, labels):
    """You changed the argument logits. Work on a copy: don't use in-place operations on the inputs."""
    logits -= logits.amax(dim=1, keepdim=True)
    return -_picked(_log_softmax(logits), labels).mean()


def cross_entropy__cut_off(logits, labels):
    """The number is right, but no gradient can flow back to the logits. Use the logits themselves, without detach(),
    .data or no_grad()."""
    return -_picked(_log_softmax(logits.detach()), labels).mean()


def cross_entropy__shift_half_detached(logits, labels):
    """The value is right, but the gradient is not. Detach the maximum both where you subtract it and where you add it,
    or in neither place."""
    largest = logits.amax(dim=1, keepdim=True)
    log_sums = (logits - largest).exp().sum(dim=1).log() + largest.detach()[:, 0]
    return (log_sums - _picked(logits, labels)).mean()


def cross_entropy__ready_made(logits, labels):
    """The number is right, but you used a function of PyTorch that is not allowed here. Build the loss from exp, a sum
    and log."""
    return F.nll_loss(F.log_softmax(logits, dim=1), labels)


def _classes_second(logits):
    return logits.movedim(-1, 1)


def class_loss__probabilities_first(logits, labels):
    """You computed the softmax twice. nn.CrossEntropyLoss contains a softmax, so give this loss the logits."""
    return nn.CrossEntropyLoss()(_classes_second(logits.softmax(dim=-1)), labels.long())


def class_loss__classes_stay_last(logits, labels):
    """PyTorch's loss used dimension 1 for the classes, and yours are last. Swap dimensions 1 and 2, or flatten to
    rows."""
    return nn.CrossEntropyLoss()(logits, labels.long())


def class_loss__reshaped_for_transposed(logits, labels):
    """You reshaped the logits to (N, K, L), which mixes up classes and items. Swap the two dimensions:
    transpose(1, 2)."""
    if logits.dim() == 3:
        logits = logits.reshape(logits.shape[0], logits.shape[2], logits.shape[1])
    return nn.CrossEntropyLoss()(logits, labels.long())


def class_loss__always_three_dimensions(logits, labels):
    """Your code needs three dimensions. Leave logits (N, K) as they are: dimension 1 already holds their classes."""
    return nn.CrossEntropyLoss()(logits.transpose(1, 2), labels.long())


def class_loss__rows_for_classes(logits, labels):
    """You moved the first dimension, which counts the sequences. Move the last one, which holds the classes."""
    if logits.dim() == 3:
        logits = logits.transpose(0, 1)
    return nn.CrossEntropyLoss()(logits, labels.long())


def class_loss__arguments_of_the_constructor(logits, labels):
    """You gave logits and labels to the class. Make the loss first, with nn.CrossEntropyLoss(), then call
    it with both."""
    return nn.CrossEntropyLoss(logits, labels)


def class_loss__not_called(logits, labels):
    """You returned the loss object itself. Call it with logits and labels."""
    return nn.CrossEntropyLoss()


def class_loss__labels_as_they_are(logits, labels):
    """You passed the labels in their own dtype. PyTorch's loss does not accept int32, so convert them to int64."""
    return nn.CrossEntropyLoss()(_classes_second(logits), labels)


def class_loss__flattened_labels_as_they_are(logits, labels):
    """You passed the labels in their own dtype. PyTorch's loss does not accept int32, so convert them to int64."""
    return nn.CrossEntropyLoss()(logits.flatten(0, -2), labels.flatten())


def class_loss__labels_as_floats(logits, labels):
    """You converted the labels to floats. PyTorch's loss then expects probabilities: convert the labels to int64."""
    return nn.CrossEntropyLoss()(_classes_second(logits), labels.float())


def class_loss__flattened_labels_turned_round(logits, labels):
    """You flattened logits and labels in different orders. Flatten both in the same order, so that each item keeps its
    label."""
    if logits.dim() == 3:
        logits, labels = logits.flatten(0, 1), labels.T.flatten()
    return nn.CrossEntropyLoss()(logits, labels.long())


def class_loss__flattened_by_view(logits, labels):
    """view() requires a suitable memory layout, and the logits may be non-contiguous. Use reshape() or flatten()."""
    return nn.CrossEntropyLoss()(logits.view(-1, logits.shape[-1]), labels.view(-1).long())


def class_loss__sum(logits, labels):
    """You returned the sum of the losses. Return the mean over all labels."""
    return nn.CrossEntropyLoss(reduction="sum")(_classes_second(logits), labels.long())


def class_loss__divided_by_sequences(logits, labels):
    """Your result is the sum divided by the number of sequences. Divide the sum by the number of all labels, N * L."""
    return nn.CrossEntropyLoss(reduction="sum")(_classes_second(logits), labels.long()) / len(logits)


def class_loss__each_label(logits, labels):
    """You returned one loss for each label. Return the mean of them."""
    return nn.CrossEntropyLoss(reduction="none")(_classes_second(logits), labels.long())


def class_loss__last_item_only(logits, labels):
    """You counted only the last item of each sequence. Count every item: each one has a label."""
    if logits.dim() == 3:
        logits, labels = logits[:, -1], labels[:, -1]
    return nn.CrossEntropyLoss()(logits, labels.long())


def class_loss__one_hot_beside_sequences(logits, labels):
    """The dimensions of your one-hot table don't match those of the logits. Use int64 labels, without one_hot."""
    return nn.CrossEntropyLoss()(_classes_second(logits), F.one_hot(labels.long(), logits.shape[-1]).float())


def class_loss__one_hot_classes_last(logits, labels):
    """For sequences, PyTorch's loss used dimension 1 for the classes. Swap dimensions 1 and 2 of the logits, and use
    labels without one_hot."""
    return nn.CrossEntropyLoss()(logits, F.one_hot(labels.long(), logits.shape[-1]).float())


def class_loss__one_hot_too_narrow(logits, labels):
    """Your one-hot table is too narrow if no label is the last class. Use the labels themselves, as int64."""
    table = F.one_hot(labels.long()).float()
    return nn.CrossEntropyLoss()(logits.flatten(0, -2), table.flatten(0, -2))


def class_loss__likelihood_of_probabilities(logits, labels):
    """You returned minus the mean of the probabilities, without their logarithm. Use nn.CrossEntropyLoss with the
    logits."""
    return nn.NLLLoss()(_classes_second(logits.softmax(dim=-1)), labels.long())


def class_loss__cut_off(logits, labels):
    """Your loss has no graph, so no gradient can flow back. Compute it from the logits: argmax, detach() and item() cut
    the graph."""
    return nn.CrossEntropyLoss()(_classes_second(logits.detach()), labels.long())


def class_loss__binary_losses(logits, labels):
    """You computed K binary losses for each label. Use nn.CrossEntropyLoss: its softmax compares the classes."""
    return nn.BCEWithLogitsLoss()(logits, F.one_hot(labels.long(), logits.shape[-1]).float())


def class_loss__flattened_in_any_case(logits, labels):
    """You flattened the first two dimensions of logits (N, K) too. Do so only if there are three dimensions."""
    return nn.CrossEntropyLoss()(logits.flatten(0, 1), labels.flatten().long())


def class_loss__logits_overwritten(logits, labels):
    """You changed the argument logits. Work on a copy: don't use in-place operations on the inputs."""
    with torch.no_grad():
        logits -= logits.amax(dim=-1, keepdim=True)
    return nn.CrossEntropyLoss()(_classes_second(logits), labels.long())


def one_unit_loss__sigmoid_before(outputs, labels):
    """You computed the sigmoid twice. nn.BCEWithLogitsLoss contains a sigmoid, so give this loss the outputs
    themselves."""
    return nn.BCEWithLogitsLoss()(outputs.sigmoid().squeeze(1), labels.float())


def one_unit_loss__probabilities_rounded(outputs, labels):
    """Your loss has an upper limit, because your code clamps or rounds a value. Use nn.BCEWithLogitsLoss with the
    outputs themselves."""
    return nn.BCELoss()(outputs.sigmoid().squeeze(1), labels.float())


def one_unit_loss__log_of_sigmoid(outputs, labels):
    """You took the logarithm of a sigmoid that was rounded to 0 or 1. Use nn.BCEWithLogitsLoss with the outputs."""
    p, t = outputs.sigmoid().squeeze(1), labels.float()
    return -(t * p.log() + (1 - t) * (1 - p).log()).mean()


def one_unit_loss__logits_as_probabilities(outputs, labels):
    """You used a loss that expects probabilities. The outputs are logits: use nn.BCEWithLogitsLoss."""
    return nn.BCELoss()(outputs.squeeze(1), labels.float())


def one_unit_loss__column_as_probabilities(outputs, labels):
    """nn.BCELoss expects probabilities, in the shape of the labels. Use nn.BCEWithLogitsLoss and remove the last
    dimension."""
    return nn.BCELoss()(outputs, labels.float())


def one_unit_loss__classes(outputs, labels):
    """Your loss needs one unit for each class, but there is only one unit. Use a binary loss: nn.BCEWithLogitsLoss."""
    return nn.CrossEntropyLoss()(outputs, labels)


def one_unit_loss__one_row_of_classes(outputs, labels):
    """Your loss treated the N outputs as N classes of one row. Use a binary loss: nn.BCEWithLogitsLoss."""
    return nn.CrossEntropyLoss()(outputs.squeeze(1), labels.float())


def one_unit_loss__integer_labels(outputs, labels):
    """You passed integer labels. This loss computes with the labels, so give them the dtype of the outputs."""
    return nn.BCEWithLogitsLoss()(outputs.squeeze(1), labels)


def one_unit_loss__float64(outputs, labels):
    """Your loss is float64. Leave the outputs in float32, and give the labels the same dtype."""
    return nn.BCEWithLogitsLoss()(outputs.squeeze(1), labels.double())


def one_unit_loss__shapes_as_they_are(outputs, labels):
    """You passed outputs and labels of different shapes, which this loss rejects. Give both the shape (N,):
    outputs.squeeze(1)."""
    return nn.BCEWithLogitsLoss()(outputs, labels.float())


def one_unit_loss__probabilities_squeezed_everywhere(outputs, labels):
    """For a single row, squeeze() removed both dimensions. Use squeeze(1), and give nn.BCEWithLogitsLoss the outputs
    themselves."""
    return nn.BCELoss()(outputs.sigmoid().squeeze(), labels.float())


def one_unit_loss__squeezed_everywhere(outputs, labels):
    """For a single row, squeeze() removed both dimensions. Name the dimension: squeeze(1)."""
    return nn.BCEWithLogitsLoss()(outputs.squeeze(), labels.float())


def one_unit_loss__all_pairs(outputs, labels):
    """You paired every output with every label: (N, 1) and (N,) were broadcast to (N, N). Remove the last dimension
    first."""
    return (F.softplus(outputs) - outputs * labels).mean()


def one_unit_loss__labels_swapped(outputs, labels):
    """You swapped the roles of 0 and 1. A large output means that label 1 is probable."""
    return nn.BCEWithLogitsLoss()(-outputs.squeeze(1), labels.float())


def one_unit_loss__rounded_outputs(outputs, labels):
    """You rounded the outputs to 0 or 1 first. Give the loss the outputs themselves."""
    return nn.BCEWithLogitsLoss()((outputs > 0).float().squeeze(1) + 0 * outputs.squeeze(1), labels.float())


def one_unit_loss__each_row(outputs, labels):
    """You returned one loss for each row. Return the mean of them."""
    return nn.BCEWithLogitsLoss(reduction="none")(outputs.squeeze(1), labels.float())


def one_unit_loss__squared(outputs, labels):
    """You returned the mean squared difference between probabilities and labels. Use the binary cross-entropy:
    nn.BCEWithLogitsLoss."""
    return nn.MSELoss()(outputs.sigmoid().squeeze(1), labels.float())


def one_unit_loss__sum(outputs, labels):
    """You returned the sum of the losses. Return the mean over the rows."""
    return nn.BCEWithLogitsLoss(reduction="sum")(outputs.squeeze(1), labels.float())


def one_unit_loss__cut_off(outputs, labels):
    """The number is right, but no gradient can flow back to the outputs. Don't use detach(), .data or torch.tensor() on
    them."""
    return nn.BCEWithLogitsLoss()(outputs.detach().squeeze(1), labels.float())


def _smoothed(logits, targets):
    return -(targets * _log_softmax(logits)).sum(dim=1).mean()


def _one_hot(logits, labels):
    return F.one_hot(labels, logits.shape[1]).to(logits.dtype)


def smoothed_cross_entropy__shared_among_the_others(logits, labels, smoothing):
    """You spread s over the other K - 1 classes. Give s / K to each of the K classes, also to the label."""
    hot, classes = _one_hot(logits, labels), logits.shape[1]
    return _smoothed(logits, hot * (1 - smoothing) + (1 - hot) * smoothing / max(classes - 1, 1))


def smoothed_cross_entropy__label_without_its_part(logits, labels, smoothing):
    """Your target is 1 - s at the label. It must be 1 - s + s / K, so that the targets of a row sum to 1."""
    hot, classes = _one_hot(logits, labels), logits.shape[1]
    return _smoothed(logits, hot * (1 - smoothing) + (1 - hot) * smoothing / classes)


def smoothed_cross_entropy__not_divided(logits, labels, smoothing):
    """You gave s to every class. Give each class s / K, so that the targets of a row sum to 1."""
    return _smoothed(logits, _one_hot(logits, labels) * (1 - smoothing) + smoothing)


def smoothed_cross_entropy__divided_by_rows(logits, labels, smoothing):
    """You divided s by the number of rows. Divide it by the number of classes K."""
    return _smoothed(logits, _one_hot(logits, labels) * (1 - smoothing) + smoothing / len(logits))


def smoothed_cross_entropy__label_undiminished(logits, labels, smoothing):
    """Your target is 1 + s / K at the label. It must be 1 - s + s / K, so that the targets of a row sum to 1."""
    return _smoothed(logits, _one_hot(logits, labels) + smoothing / logits.shape[1])


def smoothed_cross_entropy__weights_swapped(logits, labels, smoothing):
    """You swapped s and 1 - s. The label gets 1 - s, and each of the K classes gets s / K."""
    return _smoothed(logits, _one_hot(logits, labels) * smoothing + (1 - smoothing) / logits.shape[1])


def smoothed_cross_entropy__not_smoothed(logits, labels, smoothing):
    """You returned the plain cross-entropy. Add s / K to the target of each class, and take s from the label."""
    return _smoothed(logits, _one_hot(logits, labels))


def smoothed_cross_entropy__only_scaled(logits, labels, smoothing):
    """You multiplied the loss by 1 - s. Also add s times the mean of -log(softmax(row)) over all classes."""
    return _smoothed(logits, _one_hot(logits, labels) * (1 - smoothing))


def smoothed_cross_entropy__mean_of_the_logits(logits, labels, smoothing):
    """The part of your loss with s / K uses the logits themselves. Use the mean of -log(softmax(row)) over all
    classes."""
    plain = _smoothed(logits, _one_hot(logits, labels))
    return (1 - smoothing) * plain - smoothing * logits.mean()


def smoothed_cross_entropy__constant_added(logits, labels, smoothing):
    """You added s / K to the loss. Add s / K to the target of each class: it multiplies -log(softmax(row))."""
    return (1 - smoothing) * _smoothed(logits, _one_hot(logits, labels)) + smoothing / logits.shape[1]


def smoothed_cross_entropy__second_part_subtracted(logits, labels, smoothing):
    """The part of your loss with s / K has the wrong sign. Add s times the mean of -log(softmax(row)) over all
    classes."""
    plain = _smoothed(logits, _one_hot(logits, labels))
    return (1 - smoothing) * plain + smoothing * _log_softmax(logits).mean()


def smoothed_cross_entropy__logits_smoothed(logits, labels, smoothing):
    """You multiplied the logits by 1 - s. Leave the logits unchanged, and smooth the targets."""
    return _smoothed((1 - smoothing) * logits + smoothing / logits.shape[1], _one_hot(logits, labels))


def smoothed_cross_entropy__all_labels_in_every_row(logits, labels, smoothing):
    """You gave every row the labels of all rows. Each row gets only its own label: index with row numbers and
    labels."""
    targets = torch.full_like(logits, smoothing / logits.shape[1])
    targets[:, labels] += 1 - smoothing
    return _smoothed(logits, targets)


def smoothed_cross_entropy__log_of_softmax(logits, labels, smoothing):
    """You took the logarithm of a number that was rounded to 0. Compute -log(softmax(row)) of all classes as
    logsumexp(row) - row."""
    targets = _one_hot(logits, labels) * (1 - smoothing) + smoothing / logits.shape[1]
    return -(targets * _log_softmax(logits).exp().log()).sum(dim=1).mean()


def smoothed_cross_entropy__not_shifted(logits, labels, smoothing):
    """Your result is inf or nan for large scores, because exp was inf or 0. Compute log(softmax(row)) as row -
    logsumexp(row)."""
    targets = _one_hot(logits, labels) * (1 - smoothing) + smoothing / logits.shape[1]
    return -(targets * (logits.exp() / logits.exp().sum(dim=1, keepdim=True)).log()).sum(dim=1).mean()


def smoothed_cross_entropy__mean_over_the_table(logits, labels, smoothing):
    """You averaged over rows and classes. Sum over the classes of a row, and average over the rows only."""
    targets = _one_hot(logits, labels) * (1 - smoothing) + smoothing / logits.shape[1]
    return -(targets * _log_softmax(logits)).mean()


def smoothed_cross_entropy__one_hot_too_narrow(logits, labels, smoothing):
    """Your one-hot table is too narrow if no label is the last class. Give it K columns: tell one_hot the number of
    classes."""
    return _smoothed(logits, F.one_hot(labels) * (1 - smoothing) + smoothing / logits.shape[1])


def smoothed_cross_entropy__a_trillionth_added(logits, labels, smoothing):
    """Your loss has an upper limit. Don't add a constant inside the logarithm and don't clamp: compute
    -log(softmax(row)) as logsumexp(row) - row."""
    targets = _one_hot(logits, labels) * (1 - smoothing) + smoothing / logits.shape[1]
    return -(targets * (_log_softmax(logits).exp() + 1e-12).log()).sum(dim=1).mean()


def smoothed_cross_entropy__sum(logits, labels, smoothing):
    """You returned the sum over the rows. Return the mean: divide by the number of rows."""
    targets = _one_hot(logits, labels) * (1 - smoothing) + smoothing / logits.shape[1]
    return -(targets * _log_softmax(logits)).sum()


def smoothed_cross_entropy__ready_made(logits, labels, smoothing):
    """The number is right, but you used a function of PyTorch that is not allowed here. Use your own cross_entropy."""
    return F.cross_entropy(logits, labels, label_smoothing=smoothing)


def binary_cross_entropy__log_of_sigmoid(logits, targets):
    """For large logits, exp is inf and a sigmoid is 0 or 1, so your result is inf or nan. Use log(1 + exp(logit)) - t *
    logit, with logaddexp."""
    _agree(logits, targets)
    p = torch.sigmoid(logits)
    return -(targets * p.log() + (1 - targets) * (1 - p).log()).mean()


def binary_cross_entropy__a_trillionth_added(logits, targets):
    """Your loss has an upper limit, because of a clamp or a constant inside the logarithm. Compute log(1 + exp(logit))
    with logaddexp, and subtract t * logit."""
    _agree(logits, targets)
    p = torch.sigmoid(logits)
    return -(targets * (p + 1e-12).log() + (1 - targets) * (1 - p + 1e-12).log()).mean()


def binary_cross_entropy__exp_of_the_logit(logits, targets):
    """For large logits, exp is inf and a sigmoid is 0 or 1, so your result is inf or nan. Compute log(1 + exp(logit))
    with logaddexp."""
    _agree(logits, targets)
    return ((1 + logits.exp()).log() - targets * logits).mean()


def binary_cross_entropy__kink_at_0(logits, targets):
    """The values are right, but the gradient at a logit of 0 is not sigmoid(0) - t. Use a function without a corner:
    logaddexp."""
    _agree(logits, targets)
    return (logits.clamp(min=0) - targets * logits + torch.log1p((-logits.abs()).exp())).mean()


def binary_cross_entropy__kink_of_relu(logits, targets):
    """The values are right, but the gradient at a logit of 0 is not sigmoid(0) - t. Use a function without a corner:
    logaddexp."""
    _agree(logits, targets)
    return (logits.relu() - targets * logits + torch.log1p((-logits.abs()).exp())).mean()


def binary_cross_entropy__plus_for_minus(logits, targets):
    """Your term with t has the wrong sign. The loss is log(1 + exp(logit)) - t * logit."""
    _agree(logits, targets)
    return (F.softplus(logits) + targets * logits).mean()


def binary_cross_entropy__size_of_the_logit(logits, targets):
    """Your formula has the absolute value of the logit in place of max(logit, 0). Compute log(1 + exp(logit)) with
    logaddexp."""
    _agree(logits, targets)
    return (logits.abs() - targets * logits + torch.log1p((-logits.abs()).exp())).mean()


def binary_cross_entropy__only_lengths_compared(logits, targets):
    """You did not compare the whole shapes. (N, 1) and (N,) agree in length and number of elements, but are broadcast:
    compare the whole shapes."""
    if logits.shape[:1] != targets.shape[:1]:
        raise ValueError(f"{tuple(logits.shape)} and {tuple(targets.shape)} differ")
    return (F.softplus(logits) - targets * logits).mean()


def binary_cross_entropy__half_of_the_pair(logits, targets):
    """A target of 0 costs nothing in your loss. Add the second term, -(1 - t) * log(1 - p)."""
    _agree(logits, targets)
    return (targets * F.softplus(-logits)).mean()


def binary_cross_entropy__targets_swapped(logits, targets):
    """You swapped the roles of 0 and 1. A large logit means that a target of 1 is probable."""
    _agree(logits, targets)
    return (F.softplus(logits) - (1 - targets) * logits).mean()


def binary_cross_entropy__probabilities_already(logits, targets):
    """You computed the sigmoid twice. Compute it once, from the logits."""
    _agree(logits, targets)
    p = torch.sigmoid(logits)
    return (F.softplus(p) - targets * p).mean()


def binary_cross_entropy__sum(logits, targets):
    """You returned the sum. Return the mean: divide by the number of targets."""
    _agree(logits, targets)
    return (F.softplus(logits) - targets * logits).sum()


def binary_cross_entropy__unchecked(logits, targets):
    """Your code raised no error for shapes that differ. Compare the shapes and raise a ValueError: (N, 1) and (N,) are
    broadcast to (N, N)."""
    return (F.softplus(logits) - targets * logits).mean()


def binary_cross_entropy__flattened(logits, targets):
    """Your code made different shapes equal. Raise a ValueError instead, so that the caller notices the mistake."""
    return (F.softplus(logits.flatten()) - targets.flatten() * logits.flatten()).mean()


def binary_cross_entropy__rounded_targets(logits, targets):
    """Your code turned every target into 0 or 1. A target of 0.25 counts in both terms, so use t itself."""
    _agree(logits, targets)
    return (F.softplus(logits) - (targets > 0.5).to(logits.dtype) * logits).mean()


def binary_cross_entropy__ready_made(logits, targets):
    """The number is right, but you used PyTorch's own loss. Build it by hand."""
    _agree(logits, targets)
    return F.binary_cross_entropy_with_logits(logits, targets)


def _each(logits, labels, padding):
    losses = nn.CrossEntropyLoss(ignore_index=padding, reduction="none")(logits.transpose(1, 2), labels)
    return losses, labels != padding


def padded_loss__padding_in_the_count(logits, labels, padding):
    """You divided by the number of all labels. Divide by the number of labels that are not padding."""
    losses, _ = _each(logits, labels, padding)
    return losses.mean()


def padded_loss__mean_of_the_means(logits, labels, padding):
    """You averaged each sequence first, so short sequences count as much as long ones. Average over all labels at
    once."""
    losses, real = _each(logits, labels, padding)
    return (losses.sum(dim=1) / real.sum(dim=1).clamp(min=1)).mean()


def padded_loss__mean_of_the_means_of_some(logits, labels, padding):
    """You averaged each sequence first, so short sequences count as much as long ones. Average over all labels at
    once."""
    losses, real = _each(logits, labels, padding)
    some = real.any(dim=1)
    return (losses[some].sum(dim=1) / real[some].sum(dim=1)).mean()


def padded_loss__mean_of_the_means_with_nan(logits, labels, padding):
    """You averaged each sequence first, so short sequences count as much as long ones. Average over all labels at
    once."""
    losses, real = _each(logits, labels, padding)
    return (losses.sum(dim=1) / real.sum(dim=1)).mean()


def padded_loss__losses_of_0_not_counted(logits, labels, padding):
    """You divided by the number of losses that are not 0. A real item can have a loss of 0: count the labels that are
    not padding."""
    losses, _ = _each(logits, labels, padding)
    return losses.sum() / (losses != 0).sum()


def padded_loss__divided_by_sequences(logits, labels, padding):
    """Your result is the sum divided by the number of sequences. Divide the sum by the number of labels that are not
    padding."""
    losses, _ = _each(logits, labels, padding)
    return losses.sum() / len(labels)


def padded_loss__reshaped_for_transposed(logits, labels, padding):
    """You reshaped the logits to (N, K, L), which mixes up classes and items. Swap the two dimensions:
    transpose(1, 2)."""
    logits = logits.reshape(logits.shape[0], logits.shape[2], logits.shape[1])
    return nn.CrossEntropyLoss(ignore_index=padding)(logits, labels)


def padded_loss__sum(logits, labels, padding):
    """You returned the sum of the losses. Divide by the number of labels that are not padding."""
    losses, _ = _each(logits, labels, padding)
    return losses.sum()


def padded_loss__index_not_given(logits, labels, padding):
    """Your loss leaves out only the label -100, PyTorch's default. Set ignore_index to `padding`."""
    return nn.CrossEntropyLoss()(logits.transpose(1, 2), labels)


def padded_loss__counted_as_class_0(logits, labels, padding):
    """You counted padded items with the label 0. Leave them out of the sum and out of the count."""
    return nn.CrossEntropyLoss()(logits.transpose(1, 2), torch.where(labels == padding, 0, labels))


def padded_loss__logits_set_to_0(logits, labels, padding):
    """You set the logits of padded items to 0, but they still count, with the loss log(K). Leave these items out."""
    real = labels != padding
    return nn.CrossEntropyLoss()((logits * real[..., None]).transpose(1, 2), torch.where(real, labels, 0))


def padded_loss__classes_stay_last(logits, labels, padding):
    """PyTorch's loss used dimension 1 for the classes, and yours are last. Swap dimensions 1 and 2, or flatten to
    rows."""
    return nn.CrossEntropyLoss(ignore_index=padding)(logits, labels)


def padded_loss__up_to_the_first_padding(logits, labels, padding):
    """Your code expects all padding at the end of a sequence. Padding can come first, so look at each label by
    itself."""
    real = (labels != padding).cumprod(dim=1).bool()
    return nn.CrossEntropyLoss()(logits[real], labels[real])


def padded_loss__negative_labels_only(logits, labels, padding):
    """You left out negative labels, but `padding` may be any int. Compare the labels with `padding`."""
    real = labels >= 0
    return nn.CrossEntropyLoss()(logits[real], labels[real])


def padded_loss__labels_overwritten(logits, labels, padding):
    """You changed the argument labels. Work on a copy: don't use in-place operations on the inputs."""
    labels[labels == padding] = -100
    return nn.CrossEntropyLoss()(logits.transpose(1, 2), labels)


def padded_loss__cut_off(logits, labels, padding):
    """The number is right, but no gradient can flow back to the logits. Use the logits themselves, without detach(),
    .data or no_grad()."""
    return nn.CrossEntropyLoss(ignore_index=padding)(logits.detach().transpose(1, 2), labels)
