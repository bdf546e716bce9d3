"""Answers that fail like a mistake in mistakes/lesson_2_autograd/kata_02_backward.py, for another cause."""

import torch


def worked_example__as_it_was__detached(a, b, c):
    """The first product uses a detached b."""
    a, b, c = (torch.tensor(each, requires_grad=True) for each in (a, b, c))
    value = (a * b.detach() + c) * b
    value.backward()
    return value.item(), a.grad.item(), b.grad.item(), c.grad.item()


def worked_example__as_it_was__two_leaves(a, b, c):
    """There are two leaves for b, and the gradient of one of them is missing."""
    a, first_b, second_b, c = (torch.tensor(each, requires_grad=True) for each in (a, b, b, c))
    value = (a * first_b + c) * second_b
    value.backward()
    return value.item(), a.grad.item(), second_b.grad.item(), c.grad.item()


def worked_example__first_path_alone__a_float(a, b, c):
    """The last product uses the Python float b."""
    leaves = [torch.tensor(each, requires_grad=True) for each in (a, b, c)]
    value = (leaves[0] * leaves[1] + leaves[2]) * b
    value.backward()
    return value.item(), *(each.grad.item() for each in leaves)


def worked_example__formulas__one_path_added(a, b, c):
    """The path through a * b is missing in the graph, and a formula adds it."""
    leaves = [torch.tensor(each, requires_grad=True) for each in (a, b, c)]
    value = (leaves[0] * b + leaves[2]) * leaves[1]
    value.backward()
    by_a, by_b, by_c = (each.grad.item() for each in leaves)
    return value.item(), by_a, by_b + a * b, by_c


def gradient__cut_inside__not_recorded(f, x):
    """f is called under no_grad."""
    leaf = x.detach().requires_grad_()
    with torch.no_grad():
        result = f(leaf)
    return torch.autograd.grad(result, leaf)[0]


def gradient__x_stays_tracked__data(f, x):
    """x.data gets a copy, and x itself requires grad."""
    x.requires_grad = True
    (result,) = torch.autograd.grad(f(x), x)
    return result.clone()


def towards__ones__ones(y, x, direction):
    """The gradient that arrives is all ones."""
    return torch.autograd.grad(y, x, torch.ones_like(y))[0]


def towards__no_direction__backward(y, x, direction):
    """backward() is called on y, not torch.autograd.grad."""
    y.backward()
    return x.grad


def gradient_of_middle__not_kept_in_time__never(x, w):
    """Nobody asked z to keep its gradient."""
    w = w.detach().requires_grad_()
    z = x * w
    (z**2).sum().backward()
    return w.grad, z.grad


def gradient_of_middle__cut_at_z__another_w(x, w):
    """The gradient is read from w, and not from the leaf."""
    leaf = w.detach().requires_grad_()
    z = x * leaf
    z.retain_grad()
    (z**2).sum().backward()
    return w.grad, z.grad


def gradient_of_middle__last_step_by_hand__formula(x, w):
    """The gradient at w is computed with a formula for the whole derivative."""
    z = (x * w).requires_grad_()
    (z**2).sum().backward()
    return 2 * x * x * w, z.grad


def gradient_of_middle__swapped__at_z_twice(x, w):
    """Both gradients are the one at z."""
    leaf = w.detach().requires_grad_()
    z = x * leaf
    z.retain_grad()
    (z**2).sum().backward()
    return z.grad, z.grad


def sum_over_broadcast__dimension_dropped__squeezed(arriving, shape):
    """The result is right, and then loses its dimensions of size 1."""
    return arriving.sum_to_size(shape).squeeze()


def two_losses__one_tensor_twice__one_loss(w, first, second):
    """The two losses are added before the backward pass."""
    leaf = w.detach().requires_grad_()
    h = leaf**3
    (both,) = torch.autograd.grad(first(h) + second(h), leaf)
    return both, both


def two_losses__added_up__one_loss(w, first, second):
    """The second gradient is that of the sum of the two losses."""
    leaf = w.detach().requires_grad_()
    (of_first,) = torch.autograd.grad(first(leaf**3), leaf)
    (of_both,) = torch.autograd.grad(first(leaf**3) + second(leaf**3), leaf)
    return of_first, of_both


def jacobian__one_tensor_for_all_rows__expanded(f, x):
    """One backward pass from the sum, repeated for all rows."""
    leaf = x.detach().requires_grad_()
    y = f(leaf)
    (row,) = torch.autograd.grad(y.sum(), leaf)
    return row.expand(len(y), len(x))


def second_derivative__first_walk_not_recorded__detached(f, x):
    """The first derivative is detached."""
    leaf = x.detach().requires_grad_()
    (slope,) = torch.autograd.grad(f(leaf).sum(), leaf, create_graph=True)
    return torch.autograd.grad(slope.detach().sum(), leaf)[0]


def worked_example__nothing_tracked__not_recorded(a, b, c):
    """The leaves require grad, but the value is computed under no_grad."""
    a, b, c = (torch.tensor(each, requires_grad=True) for each in (a, b, c))
    with torch.no_grad():
        value = (a * b + c) * b
    value.backward()
    return value.item(), a.grad.item(), b.grad.item(), c.grad.item()


def gradient__cut_inside__result_detached(f, x):
    """What f returned was detached."""
    leaf = x.detach().requires_grad_()
    return torch.autograd.grad(f(leaf).detach(), leaf)[0]


def gradient_of_middle__not_kept_in_time__another_z(x, w):
    """z keeps its gradient, but the loss is computed from a second product."""
    w = w.detach().requires_grad_()
    z = x * w
    z.retain_grad()
    ((x * w) ** 2).sum().backward()
    return w.grad, z.grad


def towards__times_direction_afterwards__before(y, x, direction):
    """y was multiplied by direction first."""
    return torch.autograd.grad(y * direction, x)[0]


def second_derivative__added_to_the_first__into_grad(f, x):
    """Both backward passes add to .grad."""
    leaf = x.detach().requires_grad_()
    f(leaf).sum().backward(create_graph=True)
    leaf.grad.sum().backward()
    return leaf.grad
