"""Answers that fail like a mistake in mistakes/lesson_2_autograd/kata_01_recording.py, for another cause."""

import torch


def tracked__not_tracked__detached(values, device):
    """The tensor requires grad, and is detached."""
    return torch.tensor(values, dtype=torch.float32, device=device, requires_grad=True).detach()


def tracked__converted_afterwards__cloned(values, device):
    """The tensor is cloned last, on every device."""
    return torch.tensor(values, dtype=torch.float32, device=device, requires_grad=True).clone()


def slope_at__not_tracked__not_recorded(f, x):
    """x requires grad, but f is called under no_grad."""
    point = torch.tensor(x, requires_grad=True)
    with torch.no_grad():
        result = f(point)
    result.backward()
    return point.grad.item()


def slope_at__gradient_of_a_result__result_requires_grad(f, x):
    """The result is made to require grad, and not x."""
    point = torch.tensor(x)
    f(point).requires_grad_().backward()
    return point.grad.item()


def slope_at__gradient_of_a_result__copied(f, x):
    """f is called with a detached copy."""
    point = torch.tensor(x, requires_grad=True)
    f(point.detach().requires_grad_()).backward()
    return point.grad.item()


def joined__values_only__detached(parts):
    """The parts are detached."""
    return torch.stack([part.detach() for part in parts])


def joined__tracked_anew__detached(parts):
    """The parts are detached, and the result requires grad."""
    return torch.stack([part.detach() for part in parts]).requires_grad_()


def joined__only_the_first_recorded__in_place(parts):
    """The first part is recorded, and the values of the others are written into the result."""
    rest = [torch.zeros_like(part).copy_(part.detach()) for part in parts[1:]]
    return torch.stack([parts[0], *rest])


def scaled_leaf__in_place__out(values, factor):
    """The product is written into the converted tensor."""
    leaf = values.to(torch.float32)
    torch.mul(leaf, factor, out=leaf)
    return leaf.requires_grad_()


def operations__leaf_by_its_full_name__type_name(result):
    """The loop waits for a node without a name."""
    names = []
    node = result.grad_fn
    while node:
        names.append(node.name())
        node = node.next_functions[0][0] if len(node.next_functions) > 0 else None
    return names


def leaves_behind__copies__cloned(result):
    """The leaves are cloned."""
    if result.grad_fn is None:
        return [result] if result.requires_grad else []
    leaves, waiting = {}, [result.grad_fn]
    while waiting:
        node = waiting.pop()
        if node is not None:
            waiting += [before for before, _ in node.next_functions]
            if hasattr(node, "variable"):
                leaves[node] = node.variable.clone()
    return list(leaves.values())


def slope_at__not_tracked__asked_for_the_gradient(f, x):
    """torch.autograd.grad was called, not backward()."""
    point = torch.tensor(x)
    return torch.autograd.grad(f(point), point)[0].item()


def joined__tracked_anew__stacked(parts):
    """The tensors themselves were joined, and the result was detached."""
    return torch.stack(parts).detach().requires_grad_()


def scaled_leaf__tracked_too_soon__cloned(values, factor):
    """The product was cloned after it required grad."""
    return (values.float() * factor).requires_grad_().clone()


def scaled_leaf__input_tracked__as_tensor(values, factor):
    """as_tensor returned values itself."""
    leaf = torch.as_tensor(values, dtype=torch.float32).requires_grad_()
    return (leaf * factor).detach().requires_grad_()


def slope_at__result_flagged__kept(f, x):
    """x requires grad, but the .grad of the result is read."""
    point = torch.tensor(x, requires_grad=True)
    result = f(point)
    result.retain_grad()
    result.backward()
    return result.grad.item()


def operations__last_input__ends_too_early(result):
    """The loop ends before the operation whose first input is a leaf."""
    names, node = [], result.grad_fn
    while node is not None:
        before = node.next_functions[0][0] if node.next_functions else None
        if before is None or not before.next_functions:
            break
        names.append(node.name())
        node = before
    return names
