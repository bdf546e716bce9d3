"""Every tensor is on a device.

A device is the CPU or an accelerator, for example a GPU ("cuda"). The CPU
and its memory are also called the host. An operation needs its tensors on
one device. A tensor that you create is on the CPU unless you pass device=:

    >>> x = torch.ones(3)
    >>> x.device
    device(type='cpu')
    >>> x.to("cpu") is x  # already there, so .to copies nothing
    True

A copy from one device to another is a transfer. The tests run on the CPU
and on an accelerator, which is simulated if your machine has none. On a
real GPU the code is the same, but each transfer takes time. Reading a
value takes time too: the host waits until the GPU has computed it.

Every step: tensors may be on any device. Inputs are not modified, except
for w in `history_of`.

Afterwards you can write code that runs on the CPU and on any accelerator.
"""

import torch


def best_device(available):
    """Return the best of the available devices.

    Args:
        available: a list of device types in any order, for example
            ["cpu", "mps"]. It may be empty or contain other types.

    Returns:
        A torch.device: "cuda" if it is in the list, otherwise "xpu",
        otherwise "mps", and otherwise the CPU.

    Must:
        - decide from the list alone, not from this machine

    Example:
        >>> best_device(["mps", "cuda", "cpu"]).type
        'cuda'
        >>> best_device([]).type
        'cpu'

    Foundations: NumPy has no such choice. Every array is on the CPU.
    """
    raise NotImplementedError


def row_numbers(x):
    """Return the indices of the rows of x as floats: 0, 1, …, N - 1.

    Args:
        x: a tensor (N, D) of any dtype. N may be 0.

    Returns:
        A float32 tensor (N,) on the device of x.

    Example:
        >>> row_numbers(torch.tensor([[7, 7], [8, 8], [9, 9]]))
        tensor([0., 1., 2.])

    Foundations: np.arange(len(x)).
    """
    raise NotImplementedError


def to_number(loss):
    """Return the value of a tensor with one element as a Python float.

    Args:
        loss: a float32 tensor of shape (), (1,) or (1, 1). It may
            require grad, as losses do from lesson 2 on.

    Returns:
        A float with exactly this value, not rounded.

    Example:
        >>> to_number(torch.tensor([2.5]))
        2.5

    Foundations: float(loss). On a GPU, this is a transfer to the host.
    """
    raise NotImplementedError


def move_batch(batch, device):
    """Return a batch in which every tensor is on the given device.

    Args:
        batch: a tensor, a string, a number, None, or a dict, list or
            tuple of batches. So containers may be nested, to any depth.
        device: a torch.device, or its name as a string.

    Returns:
        A batch of the same structure: the same types of containers, the
        same keys and the same order. Tensors keep their dtype, and
        everything that is not a tensor is unchanged.

    Must:
        - make new containers at every depth, even if no tensor moves

    Example:
        >>> move_batch({"pair": (torch.tensor([1.0]), None)}, "cpu")
        {'pair': (tensor([1.]), None)}

    Foundations: a batch was a tuple of arrays, which never moved.
    """
    raise NotImplementedError


def meet(a, b):
    """Return the sum of two tensors that may be on two devices.

    Args:
        a, b: float32 tensors of one shape, on the same device or not.

    Returns:
        A float32 tensor of this shape, a + b, on the device of a.

    Example:
        >>> meet(torch.tensor([1.0, 2.0]), torch.tensor([10.0, 20.0]))
        tensor([11., 22.])

    Foundations: a + b, where both arrays are always on the host.
    """
    raise NotImplementedError


def largest_on_host(x, k):
    """Return the k largest elements of x as a NumPy array.

    Args:
        x: a float32 tensor of any shape.
        k: an int from 1 to the number of elements.

    Returns:
        A float32 NumPy array (k,), the largest element first. A number
        that occurs twice in x counts twice.

    Must:
        - select on the device of x, and transfer only k elements

    Example:
        >>> largest_on_host(torch.tensor([[3.0, 9.0], [7.0, 1.0]]), 3)
        array([9., 7., 3.], dtype=float32)

    Foundations: np.sort(x, axis=None)[::-1][:k].
    """
    raise NotImplementedError


def history_of(w, updates):
    """Add each update to w in place, and return a copy of w after each.

    Args:
        w: a float32 tensor. Change it in place.
        updates: a list of tensors with the shape and device of w. It may
            be empty.

    Returns:
        A list with one tensor per update, all on the CPU. No entry shares
        memory with w or with another entry.

    Example:
        >>> w = torch.tensor([1.0])
        >>> history_of(w, [torch.tensor([2.0]), torch.tensor([5.0])])
        [tensor([3.]), tensor([8.])]
        >>> w
        tensor([8.])

    Foundations: history.append(w.copy()) in a loop of gradient descent.
    """
    raise NotImplementedError
