"""You decide what autograd records.

Autograd records every operation on a tensor that requires grad. An update,
a prediction or a number for a log needs no graph. A graph that nobody needs
costs memory, and it can lead a gradient to the wrong place.

The grad mode says whether autograd records at the moment. torch.no_grad()
switches recording off for the lines inside its block. It does not change
tensors that exist already:

    >>> w = torch.tensor(3.0, requires_grad=True)
    >>> with torch.no_grad():
    ...     a = 2 * w
    >>> a.requires_grad  # a was computed while recording was off
    False
    >>> w.requires_grad  # w existed before
    True

Every step: tensors are float32, results are on the inputs' device, and the
grad mode does not change. Only step_downhill and freeze change an input.

Afterwards you can say which lines of a program autograd records.
"""

import torch


def step_downhill(parameters, learning_rate):
    """Subtract learning_rate * .grad from each parameter, in place.

    Args:
        parameters: a list of leaf tensors that require grad. If a .grad
            is None, do not change that parameter.

    Must:
        - write into the memory of the given tensors, which remain leaf
          tensors that require grad
        - not change any .grad
        - return None

    Example:
        >>> w = torch.tensor([1.0, 2.0], requires_grad=True)
        >>> w.grad = torch.tensor([2.0, -4.0])
        >>> step_downhill([w], 0.5)
        >>> w
        tensor([0., 4.], requires_grad=True)

    Foundations: w -= learning_rate * gradient, for each parameter.
    """
    raise NotImplementedError


def predict_untracked(features, weights):
    """Return features @ weights without recording a graph.

    Args:
        features, weights: tensors (N, D) and (D,). N may be 0. Each of
            them may require grad.

    Returns:
        A tensor of shape (N,) that does not require grad.

    Must:
        - record nothing, not even during the call
        - restore the grad mode even if the shapes do not fit, and pass
          PyTorch's error on

    Example:
        >>> w = torch.tensor([2.0, -1.0], requires_grad=True)
        >>> predict_untracked(torch.tensor([[1.0, 1.0], [3.0, 0.5]]), w)
        tensor([1.0000, 5.5000])

    Foundations: `foundations.predict` without a bias. NumPy records
    nothing.
    """
    raise NotImplementedError


def frozen_copy(x):
    """Return a copy of x that has no graph.

    Args:
        x: a tensor of any shape: a leaf tensor or the result of an
            operation. It may require grad.

    Returns:
        A tensor with the values of x that does not require grad and does
        not share memory with x.

    Must:
        - keep the graph of x: gradients still flow back through x

    Example:
        >>> w = torch.tensor([1.0, 2.0], requires_grad=True)
        >>> before = frozen_copy(w)
        >>> with torch.no_grad():
        ...     w += 10
        >>> before
        tensor([1., 2.])

    Foundations: weights.copy().
    """
    raise NotImplementedError


def running_mean_loss(losses):
    """Return the mean of the losses as a Python float, and keep no graph.

    Args:
        losses: an iterable of at least one loss of shape (), each with
            its graph. It may be a generator, which computes a loss only
            when you ask for it, and which can be read only once.

    Must:
        - while the generator computes the next loss, keep at most the
          loss before it in memory
        - keep no loss in memory at the end
        - leave recording on while the generator computes a loss

    Example:
        >>> w = torch.tensor(2.0, requires_grad=True)
        >>> running_mean_loss((w - t) ** 2 for t in [1.0, 4.0])
        2.5

    Foundations: the mean of a list of losses, which were plain numbers.
    """
    raise NotImplementedError


def towards_target(prediction_of, w, target_of):
    """Return the mean squared error, with the target as a constant.

    Args:
        prediction_of, target_of: functions of w that return (N,), N >= 1.
            They may also use other tensors that require grad, and
            target_of may return w itself.
        w: a leaf tensor that requires grad.

    Returns:
        A tensor of shape () with a graph: the mean squared difference
        between prediction_of(w) and target_of(w).

    Must:
        - let no gradient flow through the target, to any tensor
        - not call backward()

    Example:
        >>> w = torch.tensor([2.0, 4.0], requires_grad=True)
        >>> loss = towards_target(lambda w: 3 * w, w, lambda w: w)
        >>> loss.backward()
        >>> w.grad
        tensor([12., 24.])

    Foundations: mean_squared_error, whose targets were plain numbers.
    """
    raise NotImplementedError


def without_history(x):
    """Return the values of x without a graph, in the memory of x.

    Args:
        x: a tensor of any shape: a leaf tensor or the result of an
            operation. It may require grad.

    Returns:
        A tensor with the values of x that does not require grad and
        shares memory with x.

    Must:
        - keep the graph of x: gradients still flow back through x

    Example:
        >>> w = torch.tensor([1.0, 2.0], requires_grad=True)
        >>> x = 3 * w
        >>> without_history(x)
        tensor([3., 6.])
        >>> x.requires_grad
        True

    Foundations: a number taken from the graph, with no edge back to its
    node.
    """
    raise NotImplementedError


def freeze(parameters):
    """Switch off each parameter's requires_grad, and set its .grad to None.

    Args:
        parameters: a list of leaf tensors. Some may not require grad, and
            a .grad may be None.

    Must:
        - change the given tensors, not copies of them
        - not change their values
        - return None

    Example:
        >>> w = torch.tensor([1.0, 2.0], requires_grad=True)
        >>> freeze([w])
        >>> w.requires_grad
        False

    Foundations: a parameter that you left out of the update.
    """
    raise NotImplementedError


def evaluate(f, x):
    """Return f(x), computed in inference mode, as an ordinary tensor.

    Args:
        f: a function that returns a new tensor. It may also use other
            tensors that require grad.
        x: a tensor of any shape. It may require grad.

    Returns:
        A tensor that does not require grad and is not an inference
        tensor, so that it can be used in a recorded computation.

    Must:
        - call f in inference mode, with torch.inference_mode()

    Example:
        >>> w = torch.tensor([2.0, 3.0], requires_grad=True)
        >>> result = evaluate(lambda x: x * w, torch.tensor([1.0, 10.0]))
        >>> (result * w).sum().backward()
        >>> w.grad
        tensor([ 2., 30.])

    Grows from: predict_untracked. Inference mode is stricter than
    no_grad: a tensor that is created in it can't be used for a gradient.
    """
    raise NotImplementedError
