"""Wrong answers to katas/lesson_2_autograd/kata_01_recording.py, each with the sentence that corrects the belief."""

import torch


def tracked__not_tracked(values, device):
    """Nothing will be recorded: a tensor is tracked only if you ask for it, and this one's requires_grad is False."""
    return torch.tensor(values, dtype=torch.float32, device=device)


def tracked__whole_numbers(values, device):
    """Whole numbers can't be tracked, as nothing can change a little bit in them: float32 has to be asked for."""
    return torch.tensor(values, device=device, requires_grad=True)


def tracked__float64(values, device):
    """The numbers are right, but in another dtype: of the dtypes that can be tracked, float32 was asked for."""
    return torch.tensor(values, dtype=torch.float64, device=device, requires_grad=True)


def tracked__moved_afterwards(values, device):
    """On an accelerator this is no leaf: a move of a tracked tensor is an operation. Tracking comes after the move."""
    return torch.tensor(values, dtype=torch.float32, requires_grad=True).to(device)


def tracked__converted_afterwards(values, device):
    """This is the result of an operation, whichever it was, and no leaf: begin tracking when nothing is left to do."""
    return torch.tensor(values, dtype=torch.float64, device=device, requires_grad=True).to(torch.float32)


def tracked__on_the_cpu(values, device):
    """This leaf lives on the CPU whatever device was asked for, and can't meet tensors that live elsewhere."""
    return torch.tensor(values, dtype=torch.float32, requires_grad=True)


def scaled_leaf__tracked_too_soon(values, factor):
    """A result of an operation on a tracked tensor is no leaf, and keeps no .grad: scale first, then track."""
    return values.to(torch.float32, copy=True).requires_grad_() * factor


def scaled_leaf__not_tracked(values, factor):
    """The numbers are right, but nothing will be recorded: the answer's requires_grad is still False."""
    return values.to(torch.float32) * factor


def scaled_leaf__dtype_of_the_input(values, factor):
    """The dtype followed the input: whole numbers can't be tracked at all, and others should be float32 by then."""
    return (values * factor).requires_grad_()


def scaled_leaf__scaled_in_the_dtype_of_the_input(values, factor):
    """Products too large for the dtype of the input were lost before it became float32: convert, then scale."""
    return (values * factor).to(torch.float32).requires_grad_()


def scaled_leaf__in_place(values, factor):
    """An input that is float32 already was changed: .to and .float make no copy then, and you wrote into it."""
    return values.float().mul_(factor).requires_grad_()


def scaled_leaf__input_tracked(values, factor):
    """An input that is float32 already came out tracked: .to and .float make no copy then, and you flagged it."""
    leaf = values.float().requires_grad_()
    return (leaf * factor).detach().requires_grad_()


def scaled_leaf__factor_forgotten(values, factor):
    """The answer is a tracked leaf, but the values in it are the old ones: they were to be scaled before."""
    return values.to(torch.float32, copy=True).requires_grad_()


def scaled_leaf__on_the_cpu(values, factor):
    """This leaf lives on the CPU wherever the values live: a tensor made anew must be told the device."""
    return torch.tensor((values.float() * factor).tolist(), dtype=torch.float32, requires_grad=True)


def slope_at__value_of_the_function(f, x):
    """This is the value of f at x: its derivative says how fast that value changes."""
    return f(torch.tensor(x)).item()


def slope_at__not_tracked(f, x):
    """x was not tracked when f used it, so nothing was recorded, and there is no graph to walk back."""
    point = torch.tensor(x)
    f(point).backward()
    return point.grad.item()


def slope_at__result_flagged(f, x):
    """This is the slope of the result by itself, 1: a requires_grad set afterwards makes a new leaf of it, no graph."""
    result = f(torch.tensor(x)).requires_grad_()
    result.backward()
    return result.grad.item()


def slope_at__gradient_of_a_result(f, x):
    """The .grad you read is None: only a leaf keeps what flows back to it, a result of an operation does not."""
    point = torch.tensor(x, requires_grad=True)
    result = f(point)
    result.backward()
    return result.grad.item()


def slope_at__still_a_tensor(f, x):
    """The gradient of a tensor is a tensor: the number in it has still to be taken out."""
    point = torch.tensor(x, requires_grad=True)
    f(point).backward()
    return point.grad


def slope_at__two_neighbours(f, x):
    """A quotient of differences is not exact, least of all in float32: the recorded graph knows the slope itself."""
    step = 1e-3
    return (f(torch.tensor(x + step)) - f(torch.tensor(x - step))).item() / (2 * step)


def slope_at__a_list_of_one(f, x):
    """f was called with a tensor that has a dimension: brackets around a number make a list of one."""
    point = torch.tensor([x], requires_grad=True)
    f(point).backward()
    return point.grad.item()


def joined__values_only(parts):
    """The numbers came over, and the graph did not: nothing is recorded behind the answer, nothing can flow back."""
    return torch.tensor([part.item() for part in parts], dtype=torch.float32, device=parts[0].device)


def joined__tracked_anew(parts):
    """A copy of the numbers with requires_grad set is a new leaf: gradients end there, and no part gets any."""
    return torch.tensor([part.item() for part in parts], device=parts[0].device, requires_grad=True)


def joined__concatenated(parts):
    """Concatenating goes along a dimension that is there: parts of shape () have none, so one has to be new."""
    return torch.cat(parts)


def joined__column(parts):
    """This is a column, (K, 1): parts without dimensions, side by side along a new one, make (K,)."""
    return torch.stack([part.reshape(1) for part in parts])


def joined__added_up(parts):
    """One number came out: the parts were added up, and each was to keep a place of its own."""
    return sum(parts)


def joined__only_the_first_recorded(parts):
    """The gradient reached one part alone: the others came as plain numbers, without their graphs."""
    rest = [part.detach() for part in parts[1:]]
    return torch.stack([parts[0], *rest])


def joined__last_one_first(parts):
    """The parts stand in the opposite order: part k belongs at index k."""
    return torch.stack(parts[::-1])


def operations__leaf_too(result):
    """AccumulateGrad is no operation of yours: it is the node that adds a gradient to a leaf's .grad."""
    names = []
    node = result.grad_fn
    while node is not None:
        names.append(type(node).__name__)
        node = node.next_functions[0][0] if node.next_functions else None
    return names


def operations__leaf_by_its_full_name(result):
    """The node of a leaf is in the list, by its full name, which is longer than AccumulateGrad: what tells it from
    an operation's node is what it holds."""
    names = []
    node = result.grad_fn
    while node is not None and node.name() != "AccumulateGrad":
        names.append(node.name())
        node = node.next_functions[0][0] if node.next_functions else None
    return names


def operations__pair_for_a_node(result):
    """What stands in next_functions are pairs, not nodes: the node is the first part of a pair."""
    names = []
    node = result.grad_fn
    while node is not None and not hasattr(node, "variable"):
        names.append(node.name())
        node = node.next_functions[0]
    return names


def operations__pair_asked_for_its_inputs(result):
    """You asked a pair for its next_functions: the node, which has some, is the first part of that pair."""
    names = []
    node = result.grad_fn
    while node is not None and node.next_functions:
        names.append(node.name())
        node = node.next_functions[0]
    return names


def operations__past_the_leaf(result):
    """The walk went past a leaf: its node has no inputs, so that there is no first pair in its next_functions."""
    names = []
    node = result.grad_fn
    while node is not None and node.name() != "AccumulateGrad":
        names.append(node.name())
        node = node.next_functions[0][0]
    return names


def operations__last_name_dropped(result):
    """A chain need not end with a leaf's node: where the last input is not tracked, an operation went missing."""
    names = []
    node = result.grad_fn
    while node is not None:
        names.append(node.name())
        node = node.next_functions[0][0] if node.next_functions else None
    return names[:-1]


def operations__first_to_last(result):
    """These are in the order of computing; the way back begins at the result."""
    names = []
    node = result.grad_fn
    while node is not None and node.next_functions:
        names.insert(0, node.name())
        node = node.next_functions[0][0]
    return names


def operations__last_input(result):
    """Where an operation has two inputs, the way went on with the last of them instead of the first."""
    names = []
    node = result.grad_fn
    while node is not None and node.next_functions:
        names.append(node.name())
        node = node.next_functions[-1][0]
    return names


def operations__all_inputs(result):
    """Operations from beside the way are in the list: only the first input of each was to be followed."""
    names, waiting = [], [result.grad_fn]
    while waiting:
        node = waiting.pop(0)
        if node is not None and node.next_functions:
            names.append(node.name())
            waiting.extend(before for before, _ in node.next_functions)
    return names


def operations__last_one_only(result):
    """This is the result's own node alone: the nodes before it hang on it, one behind the other."""
    return [] if result.grad_fn is None else [result.grad_fn.name()]


def operations__nodes(result):
    """These are the nodes themselves: their names, which are strings, were asked for."""
    nodes = []
    node = result.grad_fn
    while node is not None and node.next_functions:
        nodes.append(node)
        node = node.next_functions[0][0]
    return nodes


def operations__never_untracked(result):
    """A leaf has no node, nor has an untracked tensor: what stands in the place of the node is None there."""
    names = []
    node = result.grad_fn
    while node.next_functions:
        names.append(node.name())
        node = node.next_functions[0][0]
    return names


def leaves_behind__once_for_each_use(result):
    """A leaf that is used twice is reached twice, and stands here twice: it is still one leaf."""
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
    """An operation can have more inputs than one, and there may be a leaf behind each: all are to be followed."""
    if result.grad_fn is None:
        return [result] if result.requires_grad else []
    node = result.grad_fn
    while node is not None and node.next_functions:
        node = node.next_functions[0][0]
    return [] if node is None else [node.variable]


def leaves_behind__one_level(result):
    """Only the inputs of the last operation were looked at: leaves deeper in the graph belong to it too."""
    if result.grad_fn is None:
        return [result] if result.requires_grad else []
    nodes = {node for node, _ in result.grad_fn.next_functions}
    return [node.variable for node in nodes if hasattr(node, "variable")]


def leaves_behind__every_input_has_a_node(result):
    """An input that is not tracked has no node: None stands in its place, and has to be passed over."""
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
    """`in` compares tensors by their values, not as things: equal ones pass for one leaf, and several numbers fail."""
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


def leaves_behind__copies(result):
    """Tensors with the same numbers are not the leaves themselves: what is done to a copy does not reach the leaf."""
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
    """AccumulateGrad is the node of a leaf, not the leaf: the tensor was asked for, and the node holds it."""
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
    """A tracked leaf has no node behind it, but it is a start of a graph: it is the one leaf of its own."""
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
    """An untracked tensor came back as a leaf: nothing is recorded of it, so it is no start of a graph."""
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
