"""Evaluating.

A loss is what training lowers; whether the model is any good is another question, asked of samples that it has
not learnt from. What goes wrong here goes wrong without a word: two shapes are compared, a mean is taken of
batches instead of samples, or the model comes out of its evaluation another than it went in.
"""

import torch


def accuracy(logits, labels):
    """Return the fraction of the samples whose largest logit is that of their label.

    logits: (N, K), float32: a row for each sample, a column for each class.  labels: (N,), int64, from 0 to
    K - 1, on the same device.  Returns: a float from 0.0 to 1.0; nan where N is 0, as nothing was measured.
    Where several logits of a row are equally large, the first of them is the largest.

    >>> accuracy(torch.tensor([[0.1, 2.0], [3.0, -1.0], [0.0, 5.0], [1.0, 4.0]]), torch.tensor([1, 0, 1, 0]))
    0.75

    In Foundations: how many of your predictions were right, of all.
    """
    raise NotImplementedError


def binary_accuracy(outputs, labels):
    """Return the fraction of right answers of a model with one output: class 1 where it is likelier than 0.

    outputs: (N, 1), as from nn.Linear(d, 1), or (N,), float32, N at least 1: logits. The probability of class
    1 is the sigmoid of a logit; class 1 is the answer where it is above 0.5.  labels: (N,), int64, 0 or 1.
    Returns: a float from 0.0 to 1.0.

    >>> binary_accuracy(torch.tensor([[0.2], [-3.0], [5.0], [-1.0]]), torch.tensor([1, 1, 1, 0]))
    0.75

    Grows from: accuracy.
    """
    raise NotImplementedError


def evaluate_model(model, loss_function, batches):
    """Return the model's mean loss and accuracy over all samples of the batches, and leave no trace of it.

    model: a module; some parts may be in training, others in eval; it answers in eval.  loss_function(logits,
    labels): a tensor, the mean over a batch.  batches: pairs (features, labels), such as a DataLoader gives,
    with any number of samples from 1 on; to be gone through once.  Returns: (loss, accuracy), two floats, in
    which each sample counts the same. Autograd records nothing.  Afterwards every module has the mode it had,
    and weights, buffers, gradients and torch.get_rng_state() are as before, even if the model raises an
    error, which passes through. From that state a DataLoader draws whenever it starts, even one that does not
    shuffle; one that does draws again at its first batch, and a model may draw, too.

    >>> first = torch.tensor([[3.0, 1.0], [0.0, 4.0]]), torch.tensor([0, 1])
    >>> last = torch.tensor([[8.0, 5.0]]), torch.tensor([1])
    >>> evaluate_model(torch.nn.Identity(), torch.nn.CrossEntropyLoss(), [first, last])
    (1.0645..., 0.6666...)

    Grows from: predict, in the lesson before, which gave every module its mode back.
    """
    raise NotImplementedError


def confusion_matrix(predicted, labels, classes):
    """Count how often each class was taken for each: row = what a sample is, column = what the model says.

    predicted, labels: (N,), int64, from 0 to classes - 1; some classes may not occur, and N may be 0.
    Returns: (classes, classes), int64; entry [i, j] is the number of samples with label i that were predicted
    as j. No Python loop over the samples: the same few tensor operations do for any N.

    >>> confusion_matrix(torch.tensor([0, 2, 2, 2]), torch.tensor([0, 2, 2, 1]), 3)
    tensor([[1, 0, 0],
            [0, 0, 1],
            [0, 0, 2]])

    Grows from: accuracy, which is the sum of the diagonal, divided by N.
    """
    raise NotImplementedError


def class_recalls(matrix):
    """Return each class's recall: of the samples that belong to it, the fraction that was found.

    matrix: (K, K), int64, as from confusion_matrix: row = label, column = prediction.  Returns: (K,),
    float32, on the same device; nan for a class that has no samples. `matrix` stays as it is.

    >>> class_recalls(torch.tensor([[3, 1, 0], [0, 5, 0], [2, 0, 0]]))
    tensor([0.7500, 1.0000, 0.0000])

    Grows from: accuracy, taken for each class by itself.
    """
    raise NotImplementedError


class EarlyStopping:
    """Watch the validation loss: say when to stop, and keep the best weights.

    EarlyStopping(patience): an int, at least 1.  best_loss: a float, the lowest loss so far, inf at first.
    update(model, validation_loss): a float, or a tensor of one number. Where it is below best_loss (nan is
    not), it becomes best_loss, a float, and all that the model's state_dict holds, parameters and buffers, is
    kept as it is at this moment.  Returns: a bool: True where each of the last `patience` updates failed to lower
    best_loss, else False. The model stays as it is.  restore(model): after a first loss below inf, puts what
    was kept into the model, as often as it is called; its parameters stay the same objects. Returns: None.

    >>> model = torch.nn.Linear(1, 1); stopping = EarlyStopping(patience=2)
    >>> [stopping.update(model, loss) for loss in (3.0, 1.0, 2.0, 4.0)], stopping.best_loss
    ([False, False, False, True], 1.0)

    Grows from: snapshot. In Foundations: early stopping, which you looked for in a curve.
    """

    def __init__(self, patience):
        raise NotImplementedError

    def update(self, model, validation_loss):
        raise NotImplementedError

    def restore(self, model):
        raise NotImplementedError


def misclassified(model, features, labels, most):
    """Return which samples the model gets wrong, those first of which it is surest; at most `most` of them.

    model: a module in eval mode, which gives logits (N, K).  features: the inputs of N samples.  labels:
    (N,), int64.  most: an int, at least 1.  Returns: (M,), int64, on the same device: the samples' places
    from 0 to N - 1. M is `most`, or less where fewer are wrong, down to 0. How sure the model is of a sample
    is the probability of the class that it predicts. Autograd records nothing.

    >>> logits = torch.tensor([[0.0, 2.0], [9.0, 0.0], [0.0, 7.0]])
    >>> misclassified(torch.nn.Identity(), logits, torch.tensor([0, 0, 0]), 5)
    tensor([2, 0])

    Grows from: accuracy, and softmax in lesson 1.
    """
    raise NotImplementedError
