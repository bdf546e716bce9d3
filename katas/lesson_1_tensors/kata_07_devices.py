"""Devices.

In Foundations every array lived in one memory, and nobody asked which. A tensor lives on a device: the CPU,
or an accelerator with a memory of its own. Tensors on two devices can't meet in one operation, moving one
makes another, and every trip takes time. The tests run on the CPU and on an accelerator, a simulated one if
need be.
"""

import torch


def best_device(available):
    """Return the device to compute on: the best of those that a machine has.

    available: a list of device type names in any order, maybe empty. "cuda" goes before "xpu", "xpu" before
    "mps"; with none of these it is the CPU.  Returns: a torch.device, not its name.

    >>> best_device(["cpu", "mps"])
    device(type='mps')
    >>> best_device([])
    device(type='cpu')

    In Foundations: there was one memory, and no choice.
    """
    raise NotImplementedError


def row_numbers(x):
    """Return a number for each row of `x`: 0, 1, 2, … up to the last, on the device where `x` lives.

    x: (N, D), of any dtype, on any device; N may be 0.  Returns: (N,), float32 whatever the dtype of `x`.

    >>> row_numbers(torch.tensor([[7, 7], [8, 8], [9, 9]]))
    tensor([0., 1., 2.])

    In Foundations: np.arange(len(x)), the x axis of a plot.
    """
    raise NotImplementedError


def add_offsets(x, offsets):
    """Return `x` with one number added to each column: offsets[0] to the first, offsets[1] to the second, …

    x: (N, D), float32, on any device; it stays as it is.  offsets: a Python list of D numbers.
    Returns: (N, D), float32, on the device of `x`.

    >>> add_offsets(torch.tensor([[1.0, 2.0], [3.0, 4.0]]), [10, 0.5])
    tensor([[11.0000,  2.5000],
            [13.0000,  4.5000]])

    In Foundations: x + np.array(offsets).
    """
    raise NotImplementedError


def meet(a, b):
    """Return the sum of two tensors, on the device where `a` lives, wherever `b` may live.

    a, b: float32, of one shape, on the same device or on two. Both stay as they are, and where they are.
    Returns: their shape, float32, on the device of `a`.

    >>> meet(torch.tensor([1.0, 2.0]), torch.tensor([10.0, 20.0]))
    tensor([11., 22.])

    In Foundations: a + b, where everything was in one memory.
    """
    raise NotImplementedError


def move_batch(batch, device):
    """Return the batch with every tensor in it on `device`.

    batch: a tensor, a string, a number, None, or a dict, list or tuple of such batches, to any depth.
    device: a torch.device or its name.  Returns: the same keys and order, in new containers of the same
    types; tensors keep their dtype, the rest stays what it is. The given batch stays as it is.

    >>> move_batch({"pair": (torch.tensor([1.0]), None)}, "cpu")
    {'pair': (tensor([1.]), None)}

    In Foundations: a batch was a tuple of arrays, and needed no moving.
    """
    raise NotImplementedError


def to_number(loss):
    """Return the only number in a tensor as a Python float.

    loss: float32 with a single element, of shape (), (1,) or (1, 1), on any device, tracked or not.
    It stays as it is.  Returns: a float, unrounded.

    >>> to_number(torch.tensor([2.5]))
    2.5

    In Foundations: float(loss), before it went into the list of losses.
    """
    raise NotImplementedError


def largest_on_host(x, k):
    """Return the `k` largest numbers of `x` as a NumPy array, the largest first.

    x: float32 of any shape, on any device, tracked or not; it stays as it is.  k: an int,
    from 1 to the number of elements.  Returns: a NumPy array, (k,), float32. A trip between devices takes
    time: select where `x` lives, and let only `k` numbers come over to the CPU.

    >>> largest_on_host(torch.tensor([[3.0, 9.0], [7.0, 1.0]]), 3)
    array([9., 7., 3.], dtype=float32)

    In Foundations: np.sort(x, axis=None)[::-1][:k].
    """
    raise NotImplementedError


def history_of(w, updates):
    """Add each update to `w` in place, one after another, and return what `w` was after each.

    w: float32, on any device.  updates: a list of tensors of its shape, on its device; they stay as they
    are.  Returns: a list of len(updates) tensors on the CPU, each with memory of its own.

    >>> history_of(torch.tensor([1.0]), [torch.tensor([2.0]), torch.tensor([5.0])])
    [tensor([3.]), tensor([8.])]

    In Foundations: history.append(w.copy()) in the loop of gradient descent.
    """
    raise NotImplementedError
