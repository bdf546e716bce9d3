"""Other right answers to katas/lesson_2_autograd/kata_01_recording.py: the tests must accept them."""

import numpy as np
import torch


def tracked__flagged_last(values, device):
    return torch.tensor(values, dtype=torch.float32).to(device).requires_grad_()


def tracked__from_numpy(values, device):
    answer = torch.from_numpy(np.array(values, dtype=np.float32)).to(device)
    answer.requires_grad = True
    return answer


def slope_at__asked_directly(f, x):
    point = torch.tensor(x, dtype=torch.float32, requires_grad=True)
    (slope,) = torch.autograd.grad(f(point), point)
    return float(slope)


def slope_at__flagged_last(f, x):
    point = torch.tensor(x).requires_grad_()
    result = f(point)
    result.backward(torch.ones_like(result))
    return point.grad.tolist()


def joined__concatenated_rows(parts):
    return torch.cat([part.reshape(1) for part in parts])


def joined__written_into_zeros(parts):
    answer = torch.zeros(len(parts), device=parts[0].device)
    for k, part in enumerate(parts):
        answer[k] = part
    return answer


def joined__hstack(parts):
    return torch.hstack(parts)


def scaled_leaf__out_of_the_graph(values, factor):
    return (values.float() * factor).clone().detach().requires_grad_(True)


def scaled_leaf__filled(values, factor):
    leaf = torch.empty(values.shape, dtype=torch.float32, device=values.device)
    leaf.copy_(values).mul_(factor)
    leaf.requires_grad = True
    return leaf


def scaled_leaf__unrecorded(values, factor):
    leaf = torch.zeros_like(values, dtype=torch.float32, requires_grad=True)
    with torch.no_grad():
        leaf += values
        leaf *= factor
    return leaf


def operations__recursion(result):
    def names_from(node):
        if node is None or hasattr(node, "variable"):
            return []
        return [node.name(), *names_from(node.next_functions[0][0])]

    return names_from(result.grad_fn)


def operations__name_of_the_type(result):
    names = []
    node = result.grad_fn
    while node is not None and type(node).__name__ != "AccumulateGrad":
        names.append(type(node).__name__)
        ((node, _), *_) = node.next_functions
    return names


def leaves_behind__every_path(result):
    leaves = {}

    def visit(node):
        if node is not None:
            if hasattr(node, "variable"):
                leaves[id(node.variable)] = node.variable
            for before, _ in node.next_functions:
                visit(before)

    visit(result.grad_fn)
    return list(leaves.values()) or [result][: result.requires_grad]


def leaves_behind__recursion(result):
    leaves, seen = {}, set()

    def visit(node):
        if node is None or node in seen:
            return
        seen.add(node)
        if hasattr(node, "variable"):
            leaves[id(node.variable)] = node.variable
        for before, _ in node.next_functions:
            visit(before)

    if result.requires_grad and result.is_leaf:
        return [result]
    visit(result.grad_fn)
    return list(leaves.values())


def leaves_behind__level_by_level(result):
    if not result.requires_grad:
        return []
    if result.is_leaf:
        return [result]
    leaves, level = set(), {result.grad_fn}
    while level:
        leaves |= {node.variable for node in level if type(node).__name__ == "AccumulateGrad"}
        level = {before for node in level for before, _ in node.next_functions if before is not None}
    return list(leaves)
