"""Wrong answers to katas/lesson_2_autograd/kata_01_recording.py, each with the sentence that corrects the belief."""

import torch


def tracked__not_tracked(values, device):
    """Your result does not require grad, so PyTorch would record nothing. Set requires_grad of the tensor that you
    return."""
    return torch.tensor(values, dtype=torch.float32, device=device)


def tracked__whole_numbers(values, device):
    """You asked for a tensor of integers that requires grad. Only floats can require grad, so ask for float32."""
    return torch.tensor(values, device=device, requires_grad=True)


def tracked__float64(values, device):
    """The values are right, but in float64. Ask for float32."""
    return torch.tensor(values, dtype=torch.float64, device=device, requires_grad=True)


def tracked__moved_afterwards(values, device):
    """Your result is not a leaf on this device: moving a tensor that requires grad is a recorded operation. Move
    first."""
    return torch.tensor(values, dtype=torch.float32, requires_grad=True).to(device)


def tracked__converted_afterwards(values, device):
    """Your result is not a leaf, because an operation on a tensor that requires grad made it. Set requires_grad
    last."""
    return torch.tensor(values, dtype=torch.float64, device=device, requires_grad=True).to(torch.float32)


def tracked__on_the_cpu(values, device):
    """Your result is on the CPU, whatever `device` is. Pass the device on."""
    return torch.tensor(values, dtype=torch.float32, requires_grad=True)


def slope_at__value_of_the_function(f, x):
    """You returned the value of f at x. Return its derivative, which a backward pass finds."""
    return f(torch.tensor(x)).item()


def slope_at__not_tracked(f, x):
    """Your backward pass started at a tensor that does not require grad. Call f with a tensor that requires grad,
    outside of no_grad(), and start at its result."""
    point = torch.tensor(x)
    f(point).backward()
    return point.grad.item()


def slope_at__result_flagged(f, x):
    """Your result is always 1, the derivative of the result by itself. Read the .grad of x instead, which must require
    grad before you call f."""
    result = f(torch.tensor(x)).requires_grad_()
    result.backward()
    return result.grad.item()


def slope_at__gradient_of_a_result(f, x):
    """The .grad that you read is None. Read the .grad of the tensor that you gave to f, which must require grad before
    the call."""
    point = torch.tensor(x, requires_grad=True)
    result = f(point)
    result.backward()
    return result.grad.item()


def slope_at__still_a_tensor(f, x):
    """You returned a tensor. Return the Python float in it: .item() gives you one."""
    point = torch.tensor(x, requires_grad=True)
    f(point).backward()
    return point.grad


def slope_at__none(f, x):
    """Your result is None, because you returned nothing or the result of backward(). Return the number in the .grad of
    x."""
    point = torch.tensor(x, requires_grad=True)
    return f(point).backward()


def slope_at__two_neighbours(f, x):
    """Your result is close to the derivative, but not exact. A difference quotient is only an approximation, so use
    backward()."""
    step = 1e-3
    return (f(torch.tensor(x + step)) - f(torch.tensor(x - step))).item() / (2 * step)


def slope_at__a_list_of_one(f, x):
    """You called f with a tensor of shape (1,). It must have shape (): torch.tensor(x), without brackets."""
    point = torch.tensor([x], requires_grad=True)
    f(point).backward()
    return point.grad.item()


def joined__values_only(parts):
    """The values are right, but your result has no graph. Join the tensors themselves, without torch.tensor(), item()
    or detach()."""
    return torch.tensor([part.item() for part in parts], dtype=torch.float32, device=parts[0].device)


def joined__tracked_anew(parts):
    """Your result is a new leaf, so no gradient reaches the parts. Join the tensors themselves, without torch.tensor(),
    item() or detach()."""
    return torch.tensor([part.item() for part in parts], device=parts[0].device, requires_grad=True)


def joined__concatenated(parts):
    """You called torch.cat on tensors of shape (). It joins along an existing dimension, so use a function that makes a
    new one."""
    return torch.cat(parts)


def joined__column(parts):
    """Your result has the shape (K, 1), but it must have the shape (K,). Join the parts as they are, along one new
    dimension."""
    return torch.stack([part.reshape(1) for part in parts])


def joined__added_up(parts):
    """You returned the sum of the parts. Return a tensor with one entry for each part."""
    return sum(parts)


def joined__only_the_first_recorded(parts):
    """A gradient reaches only the first part. Join all parts with their graphs: no detach(), no item()."""
    rest = [part.detach() for part in parts[1:]]
    return torch.stack([parts[0], *rest])


def joined__last_one_first(parts):
    """The parts are in reverse order. Part k belongs at index k."""
    return torch.stack(parts[::-1])


def scaled_leaf__tracked_too_soon(values, factor):
    """Your result is not a leaf, because an operation on a tensor that requires grad made it. Set requires_grad
    last."""
    return values.to(torch.float32, copy=True).requires_grad_() * factor


def scaled_leaf__not_tracked(values, factor):
    """The values are right, but your result does not require grad. Call requires_grad_() on it."""
    return values.to(torch.float32) * factor


def scaled_leaf__dtype_of_the_input(values, factor):
    """Your tensor has the dtype of the product, and integers cannot require grad. Convert to float32 first."""
    return (values * factor).requires_grad_()


def scaled_leaf__scaled_in_the_dtype_of_the_input(values, factor):
    """Your products overflowed in the dtype of values. Convert to float32 before you multiply."""
    return (values * factor).to(torch.float32).requires_grad_()


def scaled_leaf__in_place(values, factor):
    """You changed the argument values. Multiply into a new tensor: to() and float() return values itself if it is
    float32."""
    return values.float().mul_(factor).requires_grad_()


def scaled_leaf__input_tracked(values, factor):
    """The argument values requires grad now. Call requires_grad_() only on a new tensor: to() and float() return values
    itself if it is float32."""
    leaf = values.float().requires_grad_()
    return (leaf * factor).detach().requires_grad_()


def scaled_leaf__factor_forgotten(values, factor):
    """Your result is a leaf that requires grad, but its values are not multiplied by factor. Multiply first, and set
    requires_grad last."""
    return values.to(torch.float32, copy=True).requires_grad_()


def scaled_leaf__on_the_cpu(values, factor):
    """Your result is on the CPU, wherever values is. Compute it from values itself, or pass values.device on."""
    return torch.tensor((values.float() * factor).tolist(), dtype=torch.float32, requires_grad=True)


def operations__leaf_too(result):
    """Your list contains AccumulateGrad, the node of a leaf. It is not an operation: stop before it."""
    names = []
    node = result.grad_fn
    while node is not None:
        names.append(type(node).__name__)
        node = node.next_functions[0][0] if node.next_functions else None
    return names


def operations__leaf_by_its_full_name(result):
    """Your list contains torch::autograd::AccumulateGrad, the node of a leaf. Its next_functions is empty: stop
    there."""
    names = []
    node = result.grad_fn
    while node is not None and node.name() != "AccumulateGrad":
        names.append(node.name())
        node = node.next_functions[0][0] if node.next_functions else None
    return names


def operations__pair_for_a_node(result):
    """You called name() on a pair. An entry of next_functions is a pair, and its first item is the node."""
    names = []
    node = result.grad_fn
    while node is not None and not hasattr(node, "variable"):
        names.append(node.name())
        node = node.next_functions[0]
    return names


def operations__pair_asked_for_its_inputs(result):
    """You asked a pair for its next_functions. An entry of next_functions is a pair, and its first item is the node."""
    names = []
    node = result.grad_fn
    while node is not None and node.next_functions:
        names.append(node.name())
        node = node.next_functions[0]
    return names


def operations__past_the_leaf(result):
    """You took the first entry of an empty next_functions. Stop at a node that has no inputs: it belongs to a leaf."""
    names = []
    node = result.grad_fn
    while node is not None and node.name() != "AccumulateGrad":
        names.append(node.name())
        node = node.next_functions[0][0]
    return names


def operations__last_name_dropped(result):
    """If a first input does not require grad, your list lacks the operation that uses it. Add this name before you
    stop."""
    names = []
    node = result.grad_fn
    while node is not None:
        names.append(node.name())
        node = node.next_functions[0][0] if node.next_functions else None
    return names[:-1]


def operations__first_to_last(result):
    """Your names are in the order of computing. Begin with the last operation, the one that made `result`."""
    names = []
    node = result.grad_fn
    while node is not None and node.next_functions:
        names.insert(0, node.name())
        node = node.next_functions[0][0]
    return names


def operations__last_input(result):
    """Your list is not the whole path along the first inputs. Follow the first input of each operation until it is a
    leaf."""
    names = []
    node = result.grad_fn
    while node is not None and node.next_functions:
        names.append(node.name())
        node = node.next_functions[-1][0]
    return names


def operations__all_inputs(result):
    """You followed every input. Follow only the first input of each operation."""
    names, waiting = [], [result.grad_fn]
    while waiting:
        node = waiting.pop(0)
        if node is not None and node.next_functions:
            names.append(node.name())
            waiting.extend(before for before, _ in node.next_functions)
    return names


def operations__next_input_followed(result):
    """If the first input did not require grad, you followed another one. The list ends there: follow first inputs
    only."""
    names = []
    node = result.grad_fn
    while node is not None and node.next_functions:
        names.append(node.name())
        node = next((before for before, _ in node.next_functions if before is not None), None)
    return names


def operations__last_one_only(result):
    """You returned only the last operation. Go on to the operation that made its first input."""
    return [] if result.grad_fn is None else [result.grad_fn.name()]


def operations__nodes(result):
    """Your list contains the nodes. Return their names, which are strings."""
    nodes = []
    node = result.grad_fn
    while node is not None and node.next_functions:
        nodes.append(node)
        node = node.next_functions[0][0]
    return nodes


def operations__never_untracked(result):
    """You used a node that is None. The grad_fn of a leaf is None, and so is the node of an input that does not require
    grad."""
    names = []
    node = result.grad_fn
    while node.next_functions:
        names.append(node.name())
        node = node.next_functions[0][0]
    return names


def leaves_behind__once_for_each_use(result):
    """A leaf that is used twice is in your list twice. Keep the nodes that you have seen, and skip them."""
    if result.grad_fn is None:
        return [result] if result.requires_grad else []
    leaves, seen, waiting = [], set(), [result.grad_fn]
    while waiting:
        node = waiting.pop()
        if node is None:
            continue
        if hasattr(node, "variable"):
            leaves.append(node.variable)
        elif node not in seen:
            seen.add(node)
            waiting.extend(before for before, _ in node.next_functions)
    return leaves


def leaves_behind__first_inputs_only(result):
    """You followed the first input only. Follow all inputs of each operation."""
    if result.grad_fn is None:
        return [result] if result.requires_grad else []
    node = result.grad_fn
    while node is not None and node.next_functions:
        node = node.next_functions[0][0]
    return [] if node is None else [node.variable]


def leaves_behind__one_level(result):
    """You looked only at the inputs of the last operation. Go on until you reach the leaves."""
    if result.grad_fn is None:
        return [result] if result.requires_grad else []
    nodes = {node for node, _ in result.grad_fn.next_functions}
    return [node.variable for node in nodes if hasattr(node, "variable")]


def leaves_behind__every_input_has_a_node(result):
    """You used a node that is None. The node of an input that does not require grad is None: skip it."""
    if result.grad_fn is None:
        return [result] if result.requires_grad else []
    leaves, seen, waiting = [], set(), [result.grad_fn]
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        if hasattr(node, "variable"):
            leaves.append(node.variable)
        waiting.extend(before for before, _ in node.next_functions)
    return leaves


def leaves_behind__compared_by_value(result):
    """You compared tensors by value, as == and `in` a list do. Compare nodes, or use `is`."""
    if result.grad_fn is None:
        return [result] if result.requires_grad else []
    leaves, seen, waiting = [], set(), [result.grad_fn]
    while waiting:
        node = waiting.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        if hasattr(node, "variable") and node.variable not in leaves:
            leaves.append(node.variable)
        waiting.extend(before for before, _ in node.next_functions)
    return leaves


def leaves_behind__equal_leaves_merged(result):
    """Your list has one leaf in place of two with equal values. Compare tensors with `is`, or compare nodes."""
    if result.grad_fn is None:
        return [result] if result.requires_grad else []
    leaves, seen, waiting = [], set(), [result.grad_fn]
    while waiting:
        node = waiting.pop(0)
        if node is None or node in seen:
            continue
        seen.add(node)
        if hasattr(node, "variable") and not any(torch.equal(node.variable, leaf) for leaf in leaves):
            leaves.append(node.variable)
        waiting.extend(before for before, _ in node.next_functions)
    return leaves


def leaves_behind__copies(result):
    """Your list contains copies or views of the leaves. Return the leaves themselves: node.variable."""
    if result.grad_fn is None:
        return [result] if result.requires_grad else []
    leaves, seen, waiting = [], set(), [result.grad_fn]
    while waiting:
        node = waiting.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        if hasattr(node, "variable"):
            leaves.append(node.variable.detach())
        waiting.extend(before for before, _ in node.next_functions)
    return leaves


def leaves_behind__nodes(result):
    """Your list contains the nodes of the leaves. Return the tensors: node.variable."""
    if result.grad_fn is None:
        return [result] if result.requires_grad else []
    leaves, seen, waiting = [], set(), [result.grad_fn]
    while waiting:
        node = waiting.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        if hasattr(node, "variable"):
            leaves.append(node)
        waiting.extend(before for before, _ in node.next_functions)
    return leaves


def leaves_behind__leaf_itself_forgotten(result):
    """You returned no leaf for a result that is a leaf itself. It has no grad_fn, so return [result]."""
    leaves, seen, waiting = [], set(), [result.grad_fn]
    while waiting:
        node = waiting.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        if hasattr(node, "variable"):
            leaves.append(node.variable)
        waiting.extend(before for before, _ in node.next_functions)
    return leaves


def leaves_behind__untracked_too(result):
    """You returned a result that does not require grad. Return an empty list for it."""
    if result.grad_fn is None:
        return [result]
    leaves, seen, waiting = [], set(), [result.grad_fn]
    while waiting:
        node = waiting.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        if hasattr(node, "variable"):
            leaves.append(node.variable)
        waiting.extend(before for before, _ in node.next_functions)
    return leaves
