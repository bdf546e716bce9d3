"""Wrong answers to katas/lesson_4_training_loop/kata_01_losses.py, each with the sentence that corrects the belief."""

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
    """Shapes that differ are often broadcast without a word: (N, 1) and (N,) make (N, N), all pairs. Check first."""
    return _reduced((predictions - targets).square(), reduction)


def squared_loss__reshaped_to_fit(predictions, targets, reduction="mean"):
    """As many numbers as asked is not the same shape: whoever mixed up two shapes should hear of it."""
    return _reduced((predictions - targets.reshape(predictions.shape)).square(), reduction)


def squared_loss__only_lengths_compared(predictions, targets, reduction="mean"):
    """(N, 1) and (N,) have equally many rows, and still make all pairs: compare the whole shapes."""
    if predictions.shape[:1] != targets.shape[:1]:
        raise ValueError(f"{tuple(predictions.shape)} and {tuple(targets.shape)} differ")
    return _reduced((predictions - targets).square(), reduction)


def squared_loss__only_dimensions_counted(predictions, targets, reduction="mean"):
    """Equally many dimensions can have other sizes, and a size of 1 is stretched to fit: compare the sizes too."""
    if predictions.dim() != targets.dim():
        raise ValueError(f"{tuple(predictions.shape)} and {tuple(targets.shape)} differ")
    return _reduced((predictions - targets).square(), reduction)


def squared_loss__another_error(predictions, targets, reduction="mean"):
    """An AssertionError came out, as from assert: what a caller may get wrong is a ValueError, which you raise."""
    assert predictions.shape == targets.shape, f"{predictions.shape} and {targets.shape} differ"
    return _reduced((predictions - targets).square(), reduction)


def squared_loss__says_nothing_of_the_shapes(predictions, targets, reduction="mean"):
    """Whoever reads the message wants to know which shapes met: put both into it."""
    if predictions.shape != targets.shape:
        raise ValueError("the shapes differ")
    return _reduced((predictions - targets).square(), reduction)


def squared_loss__always_the_mean(predictions, targets, reduction="mean"):
    """The mean came out, whatever the reduction was: it is asked for by name, and can be one of three."""
    _agree(predictions, targets)
    return (predictions - targets).square().mean()


def squared_loss__sum_for_mean(predictions, targets, reduction="mean"):
    """The mean is a sum not yet divided: its gradient is as many times too large, and so is every step of training."""
    _agree(predictions, targets)
    return _reduced((predictions - targets).square(), "none" if reduction == "none" else "sum")


def squared_loss__mean_divided_again(predictions, targets, reduction="mean"):
    """A mean was divided by the count once more: with the loss, the gradient and every step are as much too small."""
    _agree(predictions, targets)
    squares = (predictions - targets).square()
    return squares.mean() / squares.numel() if reduction == "mean" else _reduced(squares, reduction)


def squared_loss__divided_by_rows(predictions, targets, reduction="mean"):
    """The sum was divided by the number of rows, but a row can hold several numbers: the mean is over all of them."""
    _agree(predictions, targets)
    squares = (predictions - targets).square()
    rows = squares.shape[0] if squares.dim() else 1
    return squares.sum() / rows if reduction == "mean" else _reduced(squares, reduction)


def squared_loss__halved(predictions, targets, reduction="mean"):
    """The half that makes the derivative tidy is in these: here the loss is the squares without it."""
    _agree(predictions, targets)
    return _reduced((predictions - targets).square() / 2, reduction)


def squared_loss__not_squared(predictions, targets, reduction="mean"):
    """These are the sizes of the differences: they are still to be squared."""
    _agree(predictions, targets)
    return _reduced((predictions - targets).abs(), reduction)


def squared_loss__root(predictions, targets, reduction="mean"):
    """This is the root of the mean: the squares are reduced, and that is all."""
    _agree(predictions, targets)
    reduced = _reduced((predictions - targets).square(), reduction)
    return reduced.sqrt() if reduction == "mean" else reduced


def squared_loss__python_number(predictions, targets, reduction="mean"):
    """A plain number came out: it knows no graph, and no gradient flows back from it. Leave the tensor a tensor."""
    _agree(predictions, targets)
    reduced = _reduced((predictions - targets).square(), reduction)
    return reduced if reduction == "none" else reduced.item()


def squared_loss__cut_off(predictions, targets, reduction="mean"):
    """The numbers are right, but the way back to the predictions is cut: nothing could be trained with this loss."""
    _agree(predictions, targets)
    return _reduced((predictions.detach() - targets).square(), reduction)


def squared_loss__in_place(predictions, targets, reduction="mean"):
    """The predictions were overwritten: an in-place operation writes to the caller's tensor."""
    _agree(predictions, targets)
    predictions -= targets
    return _reduced(predictions.square(), reduction)


def squared_loss__ready_made(predictions, targets, reduction="mean"):
    """The numbers are right, but PyTorch's own loss was to be left aside here: a difference and a square do."""
    _agree(predictions, targets)
    return F.mse_loss(predictions, targets, reduction=reduction)


def _log_shares(logits):
    shifted = logits - logits.amax(dim=-1, keepdim=True)
    return shifted - shifted.exp().sum(dim=-1, keepdim=True).log()


def _picked(table, labels):
    return table.gather(1, labels[:, None]).squeeze(1)


def cross_entropy__log_of_softmax(logits, labels):
    """A share of exactly 0 has the logarithm -inf: softmax rounds to 0. On paper, take the log before the division."""
    shares = (logits - logits.amax(dim=1, keepdim=True)).exp()
    return -_picked(shares / shares.sum(dim=1, keepdim=True), labels).log().mean()


def cross_entropy__not_shifted(logits, labels):
    """exp(1000) is inf in float32, and exp(-1000) is 0: no exp may meet a logit of any size as it is."""
    return (logits.exp().sum(dim=1).log() - _picked(logits, labels)).mean()


def cross_entropy__a_little_added(logits, labels):
    """A little added below the logarithm keeps inf away, but a very wrong answer then costs far less than it should."""
    shares = (logits - logits.amax(dim=1, keepdim=True)).exp()
    return -(_picked(shares / shares.sum(dim=1, keepdim=True), labels) + 1e-9).log().mean()


def cross_entropy__a_trillionth_added(logits, labels):
    """A small number inside the logarithm caps the loss: however wrong an answer is, it costs no more than that."""
    shares = (logits - logits.amax(dim=1, keepdim=True)).exp()
    return -(_picked(shares / shares.sum(dim=1, keepdim=True), labels) + 1e-12).log().mean()


def cross_entropy__clamped(logits, labels):
    """Cutting off logits that are too large makes them equal, though they differ: shifting keeps the differences."""
    return -_picked(_log_shares(logits.clamp(-80, 80)), labels).mean()


def cross_entropy__one_maximum_for_all(logits, labels):
    """One number was taken from all rows: those far below it are 0 after exp. Each row has its own maximum."""
    largest = logits.max()
    return (largest + (logits - largest).exp().sum(dim=1).log() - _picked(logits, labels)).mean()


def cross_entropy__columns(logits, labels):
    """The shares were made down the columns: it is the classes of one row that share 1 among them."""
    return -_picked(_log_shares(logits.T).T, labels).mean()


def cross_entropy__all_pairs(logits, labels):
    """Every row met the labels of all rows: a slice and a list of labels make all pairs, and row i has label i only."""
    return -_log_shares(logits)[:, labels].mean()


def cross_entropy__sum(logits, labels):
    """The rows were added up, and never divided by their number: gradients grow with the batch."""
    return -_picked(_log_shares(logits), labels).sum()


def cross_entropy__mean_over_the_table(logits, labels):
    """The mean is over rows and classes: each row has one number to give, however many classes there are."""
    return -(_log_shares(logits) * F.one_hot(labels, logits.shape[1])).mean()


def cross_entropy__each_row(logits, labels):
    """There is one number a row: the mean of them is asked for."""
    return -_picked(_log_shares(logits), labels)


def cross_entropy__sign(logits, labels):
    """The logarithm of a share is below 0, and training would push it down further: a minus is missing."""
    return _picked(_log_shares(logits), labels).mean()


def cross_entropy__probabilities_shared_again(logits, labels):
    """These went through softmax twice: of two classes, even a sure and right answer then costs 0.3."""
    return -_picked(_log_shares(_log_shares(logits).exp()), labels).mean()


def cross_entropy__in_place(logits, labels):
    """The logits were overwritten: an in-place operation writes to the caller's tensor."""
    logits -= logits.amax(dim=1, keepdim=True)
    return -_picked(_log_shares(logits), labels).mean()


def cross_entropy__cut_off(logits, labels):
    """The numbers are right, but the way back to the logits is cut: nothing could be trained with this loss."""
    return -_picked(_log_shares(logits.detach()), labels).mean()


def cross_entropy__shift_half_detached(logits, labels):
    """The value is right and the gradient is not: a maximum cut off in one place must be in the other too."""
    largest = logits.amax(dim=1, keepdim=True)
    log_sums = (logits - largest).exp().sum(dim=1).log() + largest.detach()[:, 0]
    return (log_sums - _picked(logits, labels)).mean()


def cross_entropy__ready_made(logits, labels):
    """The numbers are right, but PyTorch's own functions were to be left aside here: exp, a sum and log do."""
    return F.nll_loss(F.log_softmax(logits, dim=1), labels)


def _smoothed(logits, targets):
    return -(targets * _log_shares(logits)).sum(dim=1).mean()


def _one_hot(logits, labels):
    return F.one_hot(labels, logits.shape[1]).to(logits.dtype)


def smoothed_cross_entropy__shared_among_the_others(logits, labels, smoothing):
    """The share went to the other classes alone: here the label has its part of it too, as one of K."""
    hot, classes = _one_hot(logits, labels), logits.shape[1]
    return _smoothed(logits, hot * (1 - smoothing) + (1 - hot) * smoothing / max(classes - 1, 1))


def smoothed_cross_entropy__label_without_its_part(logits, labels, smoothing):
    """The label keeps 1 - s, but it is one of the K classes that share s: these targets do not sum to 1."""
    hot, classes = _one_hot(logits, labels), logits.shape[1]
    return _smoothed(logits, hot * (1 - smoothing) + (1 - hot) * smoothing / classes)


def smoothed_cross_entropy__not_divided(logits, labels, smoothing):
    """Every class got all of s, but they share it: s / K each, so that the targets sum to 1."""
    return _smoothed(logits, _one_hot(logits, labels) * (1 - smoothing) + smoothing)


def smoothed_cross_entropy__divided_by_rows(logits, labels, smoothing):
    """The share s was divided by the number of rows: it is the classes that share it."""
    return _smoothed(logits, _one_hot(logits, labels) * (1 - smoothing) + smoothing / len(logits))


def smoothed_cross_entropy__label_undiminished(logits, labels, smoothing):
    """The label kept its 1, and s was put on top: what the classes share is taken from the label."""
    return _smoothed(logits, _one_hot(logits, labels) + smoothing / logits.shape[1])


def smoothed_cross_entropy__weights_swapped(logits, labels, smoothing):
    """The label has s and the classes share 1 - s: it is the other way round, and s = 0 changes nothing."""
    return _smoothed(logits, _one_hot(logits, labels) * smoothing + (1 - smoothing) / logits.shape[1])


def smoothed_cross_entropy__not_smoothed(logits, labels, smoothing):
    """This is the plain cross-entropy, whatever the smoothing."""
    return _smoothed(logits, _one_hot(logits, labels))


def smoothed_cross_entropy__only_scaled(logits, labels, smoothing):
    """The loss was made smaller by 1 - s, and that is all: what the label gave up belongs to the classes."""
    return _smoothed(logits, _one_hot(logits, labels) * (1 - smoothing))


def smoothed_cross_entropy__mean_of_the_logits(logits, labels, smoothing):
    """The second part must be a cross-entropy too: the classes' logits alone are no logarithms of shares."""
    plain = _smoothed(logits, _one_hot(logits, labels))
    return (1 - smoothing) * plain - smoothing * logits.mean()


def smoothed_cross_entropy__log_of_softmax(logits, labels, smoothing):
    """A share of exactly 0 has the logarithm -inf, and now every class counts: take the logarithm before rounding."""
    targets = _one_hot(logits, labels) * (1 - smoothing) + smoothing / logits.shape[1]
    return -(targets * _log_shares(logits).exp().log()).sum(dim=1).mean()


def smoothed_cross_entropy__mean_over_the_table(logits, labels, smoothing):
    """The mean is over rows and classes: a row's terms are summed, and only the rows are averaged."""
    targets = _one_hot(logits, labels) * (1 - smoothing) + smoothing / logits.shape[1]
    return -(targets * _log_shares(logits)).mean()


def smoothed_cross_entropy__ready_made(logits, labels, smoothing):
    """The numbers are right, but PyTorch's own functions were to be left aside here: your cross_entropy is enough."""
    return F.cross_entropy(logits, labels, label_smoothing=smoothing)


def binary_cross_entropy__log_of_sigmoid(logits, targets):
    """The sigmoid of a large logit is exactly 1, and log(1 - 1) is -inf: take the logarithm on paper first."""
    _agree(logits, targets)
    p = torch.sigmoid(logits)
    return -(targets * p.log() + (1 - targets) * (1 - p).log()).mean()


def binary_cross_entropy__a_little_added(logits, targets):
    """A little added below the logarithm keeps inf away, but a very wrong answer then costs far less than it should."""
    _agree(logits, targets)
    p = torch.sigmoid(logits)
    return -(targets * (p + 1e-9).log() + (1 - targets) * (1 - p + 1e-9).log()).mean()


def binary_cross_entropy__a_trillionth_added(logits, targets):
    """A small number inside the logarithm caps the loss: however wrong an answer is, it costs no more than that."""
    _agree(logits, targets)
    p = torch.sigmoid(logits)
    return -(targets * (p + 1e-12).log() + (1 - targets) * (1 - p + 1e-12).log()).mean()


def binary_cross_entropy__logarithm_clamped(logits, targets):
    """The logarithm was cut off from below, which caps the loss: a logit of 1000 can cost 1000, and has a gradient."""
    _agree(logits, targets)
    p = torch.sigmoid(logits)
    return -(targets * p.log().clamp(min=-100) + (1 - targets) * (1 - p).log().clamp(min=-100)).mean()


def binary_cross_entropy__exp_of_the_logit(logits, targets):
    """exp(1000) is inf in float32: the logarithm of 1 + exp(z) must be computed so that no exp meets a large number."""
    _agree(logits, targets)
    return ((1 + logits.exp()).log() - targets * logits).mean()


def binary_cross_entropy__kink_at_0(logits, targets):
    """The values are right, but autograd meets a corner at a logit of 0, and picks a slope there that is not
    sigmoid - t: a function of the logit without a corner has no such trouble."""
    _agree(logits, targets)
    return (logits.clamp(min=0) - targets * logits + torch.log1p((-logits.abs()).exp())).mean()


def binary_cross_entropy__half_of_the_pair(logits, targets):
    """Targets of 0 cost nothing here: the second term, (1 - t) log(1 - p), is missing."""
    _agree(logits, targets)
    return (targets * F.softplus(-logits)).mean()


def binary_cross_entropy__targets_swapped(logits, targets):
    """These count 0 for 1 and 1 for 0: a large logit says that the target is 1."""
    _agree(logits, targets)
    return (F.softplus(logits) - (1 - targets) * logits).mean()


def binary_cross_entropy__probabilities_already(logits, targets):
    """The logits went through the sigmoid twice: no answer can be sure any more, and the gradients fade."""
    _agree(logits, targets)
    p = torch.sigmoid(logits)
    return (F.softplus(p) - targets * p).mean()


def binary_cross_entropy__sum(logits, targets):
    """The rows were added up, and never divided by their number: gradients grow with the batch."""
    _agree(logits, targets)
    return (F.softplus(logits) - targets * logits).sum()


def binary_cross_entropy__unchecked(logits, targets):
    """Logits (N, 1) and targets (N,) make (N, N), all pairs, and there is no error: compare the shapes first."""
    return (F.softplus(logits) - targets * logits).mean()


def binary_cross_entropy__flattened(logits, targets):
    """Shapes that differ were made equal without a word: whoever mixed them up should hear of it."""
    return (F.softplus(logits.flatten()) - targets.flatten() * logits.flatten()).mean()


def binary_cross_entropy__rounded_targets(logits, targets):
    """A target of 0.25 is neither 0 nor 1, and counts for both in its parts: here it was made one of the two."""
    _agree(logits, targets)
    return (F.softplus(logits) - (targets > 0.5).to(logits.dtype) * logits).mean()


def binary_cross_entropy__ready_made(logits, targets):
    """The numbers are right, but PyTorch's own loss was to be left aside here: it is to be built by hand."""
    _agree(logits, targets)
    return F.binary_cross_entropy_with_logits(logits, targets)


def _classes_second(logits):
    return logits.movedim(-1, 1)


def class_loss__probabilities_first(logits, labels):
    """The logits went through softmax twice, as the loss has one inside: even a sure, right answer costs something."""
    return nn.CrossEntropyLoss()(_classes_second(logits.softmax(dim=-1)), labels.long())


def class_loss__classes_stay_last(logits, labels):
    """Of a sequence, PyTorch's loss takes dimension 1 for the classes: an error, or, where L is K, a wrong number."""
    return nn.CrossEntropyLoss()(logits, labels.long())


def class_loss__reshaped_for_transposed(logits, labels):
    """A reshape reads the same numbers on in other rows: the sizes fit, but classes and items are mixed up."""
    if logits.dim() == 3:
        logits = logits.reshape(logits.shape[0], logits.shape[2], logits.shape[1])
    return nn.CrossEntropyLoss()(logits, labels.long())


def class_loss__always_three_dimensions(logits, labels):
    """Logits (N, K) have no third dimension to swap with: their classes are dimension 1 already."""
    return nn.CrossEntropyLoss()(logits.transpose(1, 2), labels.long())


def class_loss__rows_for_classes(logits, labels):
    """The first dimension was moved, which counts the sequences: it is the last that has the classes."""
    if logits.dim() == 3:
        logits = logits.transpose(0, 1)
    return nn.CrossEntropyLoss()(logits, labels.long())


def class_loss__arguments_of_the_constructor(logits, labels):
    """Logits and labels are not settings of a loss: the object is made first, and then called with the two."""
    return nn.CrossEntropyLoss(logits, labels)


def class_loss__not_called(logits, labels):
    """The loss object itself came back: it must be called to give a number."""
    return nn.CrossEntropyLoss()


def class_loss__labels_as_they_are(logits, labels):
    """PyTorch's loss knows labels as int64 (and as uint8, at times): those of other dtypes must be converted first."""
    return nn.CrossEntropyLoss()(_classes_second(logits), labels)


def class_loss__labels_as_floats(logits, labels):
    """Labels as floats are no labels to PyTorch: it takes them for a table of probabilities, whose shape must fit."""
    return nn.CrossEntropyLoss()(_classes_second(logits), labels.float())


def class_loss__flattened_labels_turned_round(logits, labels):
    """Logits and labels were flattened in different orders: item and label of one place must meet."""
    if logits.dim() == 3:
        logits, labels = logits.flatten(0, 1), labels.T.flatten()
    return nn.CrossEntropyLoss()(logits, labels.long())


def class_loss__flattened_by_view(logits, labels):
    """A view needs numbers that lie in order in memory, and these may not: other ways to flatten bear it."""
    return nn.CrossEntropyLoss()(logits.view(-1, logits.shape[-1]), labels.view(-1).long())


def class_loss__sum(logits, labels):
    """The losses were added up: the mean is asked for, and it keeps the size of the gradient when the batch grows."""
    return nn.CrossEntropyLoss(reduction="sum")(_classes_second(logits), labels.long())


def class_loss__divided_by_sequences(logits, labels):
    """The sum was divided by the number of sequences, but each holds L labels: the mean is over all of them."""
    return nn.CrossEntropyLoss(reduction="sum")(_classes_second(logits), labels.long()) / len(logits)


def class_loss__each_label(logits, labels):
    """There is one number a label: the mean of them is asked for."""
    return nn.CrossEntropyLoss(reduction="none")(_classes_second(logits), labels.long())


def class_loss__last_item_only(logits, labels):
    """Only the last item of each sequence was counted: every item has a label."""
    if logits.dim() == 3:
        logits, labels = logits[:, -1], labels[:, -1]
    return nn.CrossEntropyLoss()(logits, labels.long())


def one_unit_loss__sigmoid_before(outputs, labels):
    """The outputs went through the sigmoid twice, as the loss has one inside: no answer can be sure any more."""
    return nn.BCEWithLogitsLoss()(outputs.sigmoid().squeeze(1), labels.float())


def one_unit_loss__probabilities_rounded(outputs, labels):
    """A sure and wrong answer costs less than it should: a sigmoid on its own rounds to 0 or 1 before the logarithm."""
    return nn.BCELoss()(outputs.sigmoid().squeeze(1), labels.float())


def one_unit_loss__logits_as_probabilities(outputs, labels):
    """This loss takes probabilities, from 0 to 1, and these are logits: another one has the sigmoid inside."""
    return nn.BCELoss()(outputs.squeeze(1), labels.float())


def one_unit_loss__column_as_probabilities(outputs, labels):
    """The shapes (N, 1) and (N,) do not fit, nor does this loss: it takes probabilities, and these are logits."""
    return nn.BCELoss()(outputs, labels.float())


def one_unit_loss__classes(outputs, labels):
    """One unit is one class to softmax, with a share of always 1: label 0 costs nothing, and there is no class 1."""
    return nn.CrossEntropyLoss()(outputs, labels)


def one_unit_loss__one_row_of_classes(outputs, labels):
    """The N outputs were read as N classes of one row, and the labels as their probabilities: this loss is binary."""
    return nn.CrossEntropyLoss()(outputs.squeeze(1), labels.float())


def one_unit_loss__integer_labels(outputs, labels):
    """This loss computes with the labels as numbers, and they must be floats, as the outputs are."""
    return nn.BCEWithLogitsLoss()(outputs.squeeze(1), labels)


def one_unit_loss__float64(outputs, labels):
    """The loss came out as float64, NumPy's float: a float64 on one side is enough, and outputs are float32."""
    return nn.BCEWithLogitsLoss()(outputs.squeeze(1), labels.double())


def one_unit_loss__shapes_as_they_are(outputs, labels):
    """(N, 1) and (N,) are different shapes, which this loss refuses: bring one of them to the other's."""
    return nn.BCEWithLogitsLoss()(outputs, labels.float())


def one_unit_loss__squeezed_everywhere(outputs, labels):
    """Of a single row, squeeze took both dimensions away: say which one is to go."""
    return nn.BCEWithLogitsLoss()(outputs.squeeze(), labels.float())


def one_unit_loss__all_pairs(outputs, labels):
    """Every output met every label: (N, 1) and (N,) were broadcast to (N, N) without a word."""
    return (F.softplus(outputs) - outputs * labels).mean()


def one_unit_loss__labels_swapped(outputs, labels):
    """These count 0 for 1 and 1 for 0: a large output says that the label is 1."""
    return nn.BCEWithLogitsLoss()(-outputs.squeeze(1), labels.float())


def one_unit_loss__squared(outputs, labels):
    """These are squared differences of probabilities: where an answer is sure and wrong, their gradient is almost 0."""
    return nn.MSELoss()(outputs.sigmoid().squeeze(1), labels.float())


def one_unit_loss__sum(outputs, labels):
    """The losses were added up: the mean is asked for, and it keeps the size of the gradient when the batch grows."""
    return nn.BCEWithLogitsLoss(reduction="sum")(outputs.squeeze(1), labels.float())


def one_unit_loss__cut_off(outputs, labels):
    """The number is right, but no gradient comes back: a new tensor was made of the outputs, without their history."""
    return nn.BCEWithLogitsLoss()(outputs.detach().squeeze(1), labels.float())


def _table_loss(logits, targets):
    return -(targets * _log_shares(logits)).sum(dim=1).mean()


def _check(targets):
    if (targets < 0).any() or ((targets.sum(dim=1) - 1).abs() > 0.001).any():
        raise ValueError("no probabilities")


def soft_target_loss__unchecked(logits, targets):
    """Any floats pass here, sevens too, and give some number: that targets are probabilities must be checked by you."""
    return nn.CrossEntropyLoss()(logits, targets)


def soft_target_loss__sums_only(logits, targets):
    """A row can sum to 1 with a number below 0 in it: both must be checked."""
    if ((targets.sum(dim=1) - 1).abs() > 0.001).any():
        raise ValueError("no probabilities")
    return _table_loss(logits, targets)


def soft_target_loss__signs_only(logits, targets):
    """None of these is below 0, but some rows do not sum to 1: both must be checked."""
    if (targets < 0).any():
        raise ValueError("no probabilities")
    return _table_loss(logits, targets)


def soft_target_loss__between_0_and_1(logits, targets):
    """Every number may lie between 0 and 1, and its row still not sum to 1."""
    if ((targets < 0) | (targets > 1)).any():
        raise ValueError("no probabilities")
    return _table_loss(logits, targets)


def soft_target_loss__exactly_1(logits, targets):
    """Floats that should sum to 1 often miss it by a rounding: a small distance from 1 must pass."""
    if (targets < 0).any() or (targets.sum(dim=1) != 1).any():
        raise ValueError("no probabilities")
    return _table_loss(logits, targets)


def soft_target_loss__exactly_1_and_no_sign_checked(logits, targets):
    """These rows sum to 1 but for rounding, as 0.99999994 does: compare with a tolerance. Signs were not checked."""
    if (targets.sum(dim=1) != 1).any():
        raise ValueError("no probabilities")
    return _table_loss(logits, targets)


def soft_target_loss__whole_table_summed(logits, targets):
    """The whole table was summed: N rows sum to N together, and each is to be compared with 1 by itself."""
    if (targets < 0).any() or (targets.sum() - 1).abs() > 0.001:
        raise ValueError("no probabilities")
    return _table_loss(logits, targets)


def soft_target_loss__columns_checked(logits, targets):
    """The columns were checked for a sum of 1, but the rows are the tables: one row, one 1 to share."""
    if (targets < 0).any() or ((targets.sum(dim=0) - 1).abs() > 0.001).any():
        raise ValueError("no probabilities")
    return _table_loss(logits, targets)


def soft_target_loss__sum_of_all(logits, targets):
    """One row can have too much and another too little: each must sum to 1 by itself, not all of them to N."""
    if (targets < 0).any() or (targets.sum() - len(targets)).abs() > 0.001:
        raise ValueError("no probabilities")
    return _table_loss(logits, targets)


def soft_target_loss__too_small_sums_pass(logits, targets):
    """A row that sums to less than 1 passed: its sum may miss 1 on neither side."""
    if (targets < 0).any() or (targets.sum(dim=1) > 1.001).any():
        raise ValueError("no probabilities")
    return _table_loss(logits, targets)


def soft_target_loss__every_row_must_be_wrong(logits, targets):
    """One wrong row among right ones passed: a single one is enough for a ValueError."""
    if (targets < 0).any(dim=1).all() or ((targets.sum(dim=1) - 1).abs() > 0.001).all():
        raise ValueError("no probabilities")
    return _table_loss(logits, targets)


def soft_target_loss__made_to_fit(logits, targets):
    """Wrong targets were made to sum to 1 without a word: whoever passed them in should hear of it."""
    return _table_loss(logits, targets.clamp(min=0) / targets.clamp(min=0).sum(dim=1, keepdim=True).clamp(min=1e-6))


def soft_target_loss__another_error(logits, targets):
    """An AssertionError came out, as from assert: what a caller may get wrong is a ValueError, which you raise."""
    try:
        _check(targets)
    except ValueError as error:
        raise AssertionError("no probabilities") from error
    return _table_loss(logits, targets)


def soft_target_loss__largest_target_only(logits, targets):
    """Only the most probable class of each row was counted: every class counts, with its own share."""
    _check(targets)
    return nn.CrossEntropyLoss()(logits, targets.argmax(dim=1))


def soft_target_loss__mean_over_the_table(logits, targets):
    """The mean is over rows and classes: a row's terms are summed, and only the rows are averaged."""
    _check(targets)
    return -(targets * _log_shares(logits)).mean()


def soft_target_loss__sum_over_the_table(logits, targets):
    """All terms were summed, the rows' too: those are averaged."""
    _check(targets)
    return -(targets * _log_shares(logits)).sum()


def soft_target_loss__two_classes_each(logits, targets):
    """These are K binary losses a row, each class against nothing: the classes share 1, so softmax goes before."""
    _check(targets)
    return nn.BCEWithLogitsLoss()(logits, targets)


def soft_target_loss__logarithm_of_the_targets(logits, targets):
    """The logarithm belongs to the other side: the targets weigh the logarithms of the shares that logits give."""
    _check(targets)
    return -(_log_shares(logits).exp() * targets.clamp(min=1e-12).log()).sum(dim=1).mean()


def soft_target_loss__divergence(logits, targets):
    """This is the distance to the targets' own uncertainty: that part does not depend on logits, and was taken away."""
    _check(targets)
    return F.kl_div(_log_shares(logits), targets, reduction="batchmean")


def soft_target_loss__probabilities_first(logits, targets):
    """The logits went through softmax twice, as the loss has one inside: even a sure, right answer costs something."""
    _check(targets)
    return nn.CrossEntropyLoss()(logits.softmax(dim=1), targets)


def soft_target_loss__log_of_softmax(logits, targets):
    """A share of exactly 0 has the logarithm -inf: softmax rounds to 0. On paper, take the log before the division."""
    _check(targets)
    return -(targets * logits.softmax(dim=1).log()).sum(dim=1).mean()
