"""Digits.

Real handwriting at last: 1,797 small images of digits, written by 13 people. All that you have built in four
lessons comes together here, from NumPy arrays to a model that reads at least 95 of 100 digits that it has
never seen, trained in seconds. A wrong loop may come far too, and no error tells you. So each part is tested
by itself before the digits are read.
"""

import torch
import torch.nn.functional as F
from torch import nn


def prepare_digits(images, labels, generator):
    """Turn images and labels into tensors, divided at random: return the tuple (training, held_out).

    images: (N, 8, 8), float64 from 0, paper, to 16, ink.  labels: (N,), int64. Both are NumPy arrays and stay
    as they are.  generator: on the CPU; the split is drawn from it alone, all are equally likely.  Returns:
    two tuples (inputs, labels) of CPU tensors. inputs: (M, 64), float32: row after row of each image; 0 stays
    0, and 16 becomes 1.  labels: (M,), int64. Each image is in one of the two parts, once, beside its label,
    at any place: N // 5 of them in held_out, the others in training.

    >>> from katas import digits
    >>> training, held_out = prepare_digits(*digits.load(), torch.Generator().manual_seed(0))
    >>> [tuple(part.shape) for part in (*training, *held_out)]
    [(1438, 64), (1438,), (359, 64), (359,)]

    Grows from: split, and from_numpy in lesson 1.
    """
    raise NotImplementedError


class DigitNet(nn.Module):
    """A net that gives ten logits, one for each digit, to every image.

    DigitNet(hidden_features) has two children, each an nn.Linear with a bias, started as nn.Linear starts:
    `hidden`, from 64 to hidden_features, and `output`, from hidden_features to 10, with a ReLU between them.
    forward(inputs) takes (N, 64), returns (N, 10): logits, of any size and sign, not probabilities.

    >>> net = DigitNet(32)
    >>> list(net.state_dict()), sum(parameter.numel() for parameter in net.parameters())
    (['hidden.weight', 'hidden.bias', 'output.weight', 'output.bias'], 2410)
    >>> net(torch.zeros(5, 64)).shape
    torch.Size([5, 10])

    Grows from: TwoLayerNet, with ten outputs and ReLU for tanh.
    """

    def __init__(self, hidden_features):
        raise NotImplementedError

    def forward(self, inputs):
        raise NotImplementedError


def train_digits(model, optimizer, inputs, labels, epochs, batch_size, generator):
    """Train the model for some epochs in shuffled batches, and return the mean loss of each epoch.

    model: gives logits, (N, K), for inputs, (N, D).  labels: (N,), int64. All are on one device; inputs and
    labels stay as they are.  optimizer: any of torch.optim, for model's parameters.  An epoch shows each
    image once, in an order drawn anew from `generator`, on the CPU, and from it alone, batch_size at a time;
    the last batch has what is left. In train mode, each batch makes one update, by the gradient of its own
    mean cross-entropy.  Returns: a list with a float for each epoch: the mean over its images, before the
    updates.

    >>> model = nn.Linear(1, 2, bias=False); _ = nn.init.zeros_(model.weight)
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=2.0)
    >>> inputs, labels, generator = torch.ones(4, 1), torch.tensor([1, 1, 1, 1]), torch.Generator()
    >>> train_digits(model, optimizer, inputs, labels, 2, 4, generator)  # log(2), then log(1 + exp(-2))
    [0.6931..., 0.1269...]

    Grows from: fit_epochs and minibatches.
    """
    raise NotImplementedError


def held_out_accuracy(model, inputs, labels):
    """Return the fraction of the images that the model reads right, and leave the model as it is.

    model: gives logits, (N, K); all of it is in train mode, or all in eval mode. It answers in eval mode, and
    is in its old mode afterwards.  inputs: (N, D) and labels: (N,), int64, on its device, N at least 1.
    Returns: a Python float from 0.0 to 1.0. Autograd records nothing.

    >>> logits = torch.tensor([[0.1, 2.0], [3.0, -1.0], [0.0, 5.0], [1.0, 4.0]])
    >>> held_out_accuracy(nn.Identity(), logits, torch.tensor([1, 0, 1, 0]))
    0.75

    Grows from: accuracy and evaluate_model.
    """
    raise NotImplementedError


def confusion(model, inputs, labels):
    """Count which digit the model takes for which.

    model: a module in eval mode, which gives logits, (N, 10).  inputs: (N, D).  labels: (N,), int64, from 0
    to 9. N may be 0, and some digits may not occur.  Returns: (10, 10), int64, on the same device: entry
    [i, j] says how many images of an i were read as a j. Autograd records nothing.

    >>> logits = torch.eye(10)[[3, 3, 5]]  # reads 3, 3 and 5
    >>> counts = confusion(nn.Identity(), logits, torch.tensor([3, 8, 5]))
    >>> counts[3, 3].item(), counts[8, 3].item(), counts.sum().item()
    (1, 1, 3)

    Grows from: confusion_matrix, asked of a model.
    """
    raise NotImplementedError


def misread(model, inputs, labels, most):
    """Return the images that the model misreads, ready to be looked at: those first of which it is surest.

    model: a module in eval mode, which gives logits, (N, 10).  inputs: (N, 64).  labels: (N,), int64.
    Returns: a tuple of three tensors, on the same device: images, (M, 8, 8), float32; what they show, (M,),
    int64; and what they were read as, (M,), int64. M is `most`, or less where fewer are misread, down to 0.
    How sure the model is of an image is the probability of the digit that it reads. Autograd records nothing.

    >>> model = nn.Linear(64, 10); _ = nn.init.zeros_(model.weight), nn.init.zeros_(model.bias)
    >>> model.bias.data[7] = 1.0  # reads a 7 in everything
    >>> images, shown, read = misread(model, torch.rand(3, 64), torch.tensor([7, 1, 7]), 5)
    >>> images.shape, shown, read
    (torch.Size([1, 8, 8]), tensor([1]), tensor([7]))

    Grows from: misclassified.
    """
    raise NotImplementedError


def recognize(images, labels, epochs, device, generator):
    """Do it all: prepare, build a DigitNet, train it, and return (model, history, accuracy).

    images, labels: as from digits.load(), or a part of it.  epochs: an int, at least 1.  device: where the
    model lives and learns.  generator: on the CPU, for the split and the order of the images. Yours to
    choose: hidden_features, batch_size, and one of torch.optim with its learning rate.  Returns: the model; a
    dict of two lists with a float for each epoch: "train", as from train_digits, and "validation", the mean
    cross-entropy of the held-out images after it; and the accuracy at the end, a float, on the held-out
    images, from which nothing was learnt. With all 1,797 images and 30 epochs it is at least 0.95.

    >>> from katas import digits
    >>> images, labels = digits.load()
    >>> generator = torch.Generator().manual_seed(0)
    >>> model, history, accuracy = recognize(images[:200], labels[:200], 3, "cpu", generator)
    >>> len(history["train"]), len(history["validation"])
    (3, 3)

    Grows from: prepare_digits, DigitNet and train_digits. In Foundations: the whole way, from the data to a
    model that is tested.
    """
    raise NotImplementedError
