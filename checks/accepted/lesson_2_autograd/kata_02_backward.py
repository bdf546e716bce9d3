"""Other right answers to katas/lesson_2_autograd/kata_02_backward.py: the tests must accept them."""

import torch


def worked_example__autograd_grad(a, b, c):
    leaves = [torch.tensor(float(value), dtype=torch.float64, requires_grad=True) for value in (a, b, c)]
    value = (leaves[0] * leaves[1] + leaves[2]) * leaves[1]
    by_a, by_b, by_c = torch.autograd.grad(value, leaves)
    return float(value), float(by_a), float(by_b), float(by_c)


def worked_example__fixed(a, b, c):
    leaf_a, leaf_b, leaf_c = (torch.tensor(each, requires_grad=True) for each in (a, b, c))
    value = (leaf_a * leaf_b + leaf_c) * leaf_b
    return value.item(), *(each.item() for each in torch.autograd.grad(value, (leaf_a, leaf_b, leaf_c)))


def worked_example__one_pass_each(a, b, c):
    leaves = [torch.tensor(float(each)).requires_grad_() for each in (a, b, c)]
    value = leaves[0] * leaves[1].square() + leaves[1] * leaves[2]
    slopes = [torch.autograd.grad(value, each, retain_graph=True)[0] for each in leaves]
    return tuple(each.tolist() for each in (value, *slopes))


def worked_example__torch_func(a, b, c):
    def f(a, b, c):
        return (a * b + c) * b

    values = [torch.tensor(each) for each in (a, b, c)]
    slopes = torch.func.grad(f, argnums=(0, 1, 2))(*values)
    return f(a, b, c), *(slope.item() for slope in slopes)


def worked_example__one_vector(a, b, c):
    x = torch.tensor([a, b, c]).requires_grad_()
    value = x[0] * x[1] ** 2 + x[1] * x[2]
    value.backward()
    return (value.item(), *x.grad.tolist())


def gradient__clone_that_is_a_leaf(f, x):
    tracked = x.clone().detach().requires_grad_(True)
    return torch.autograd.grad(outputs=f(tracked), inputs=[tracked])[0]


def gradient__backward_into_one_input(f, x):
    tracked = x.detach().clone().requires_grad_()
    f(tracked).backward(inputs=[tracked])
    return tracked.grad


def gradient__switched_back(f, x):
    was_tracked = x.requires_grad
    x.requires_grad_(True)
    slope = torch.autograd.grad(f(x), x)[0]
    x.requires_grad_(was_tracked)
    return slope


def gradient__clone_among_the_inputs(f, x):
    clone = x.clone().requires_grad_()
    f(clone).backward(inputs=[clone])
    return clone.grad


def gradient__data(f, x):
    leaf = x.data
    leaf.requires_grad = True
    return torch.autograd.grad(f(leaf), leaf)[0]


def gradient__torch_func(f, x):
    return torch.func.grad(f)(x.detach()).detach()


def towards__weighed_sum(y, x, direction):
    (answer,) = torch.autograd.grad((y * direction).sum(), x)
    return answer


def towards__backward_into_one_input(y, x, direction):
    old, x.grad = x.grad, None
    x.retain_grad()
    y.backward(direction, inputs=[x])
    answer, x.grad = x.grad, old
    return answer


def towards__row_by_row(y, x, direction):
    rows = torch.stack([torch.autograd.grad(each, x, retain_graph=True)[0] for each in y])
    return direction @ rows


def towards__lists(y, x, direction):
    return torch.autograd.grad([y], [x], grad_outputs=[direction])[0]


def gradient_of_middle__autograd_grad(x, w):
    w = w.clone().requires_grad_()
    z = x * w
    return torch.autograd.grad((z**2).sum(), (w, z))


def gradient_of_middle__both_tracked(x, w):
    x, w = x.detach().clone().requires_grad_(), w.detach().clone().requires_grad_()
    z = x * w
    z.retain_grad()
    loss = z.square().sum()
    loss.backward()
    return w.grad, z.grad


def gradient_of_middle__two_walks(x, w):
    w = w.clone().requires_grad_()
    z = x * w
    (at_z,) = torch.autograd.grad((z**2).sum(), z)
    (at_w,) = torch.autograd.grad(z, w, at_z)
    return at_w, at_z


def gradient_of_middle__hook(x, w):
    seen = []
    w = w.detach().clone().requires_grad_()
    z = x * w
    z.register_hook(seen.append)
    (z * z).sum().backward()
    return w.grad, seen[0]


def sum_over_broadcast__dimension_by_dimension(arriving, shape):
    while arriving.dim() > len(shape):
        arriving = arriving.sum(0)
    for dim, size in enumerate(shape):
        if size == 1:
            arriving = arriving.sum(dim, keepdim=True)
    return arriving


def sum_over_broadcast__padded_shape(arriving, shape):
    padded = (1,) * (arriving.dim() - len(shape)) + tuple(shape)
    dims = [dim for dim, size in enumerate(padded) if size != arriving.shape[dim]]
    if dims:
        arriving = torch.sum(arriving, dims, keepdim=True)
    return arriving.view(shape)


def sum_over_broadcast__a_backward_pass(arriving, shape):
    before = torch.zeros(shape, device=arriving.device, requires_grad=True)
    before.expand(arriving.shape).backward(gradient=arriving)
    return before.grad


def sum_over_broadcast__linear(arriving, shape):
    before = torch.zeros(shape, device=arriving.device, requires_grad=True)
    return torch.autograd.grad(((before + torch.zeros_like(arriving)) * arriving).sum(), before)[0]


def two_losses__computed_twice(w, first, second):
    answers = []
    for loss in (first, second):
        tracked = w.detach().clone().requires_grad_()
        loss(tracked**3).backward(inputs=[tracked])
        answers.append(tracked.grad)
    return tuple(answers)


def two_losses__copied_and_cleared(w, first, second):
    w = w.detach().clone().requires_grad_()
    h = w**3
    first(h).backward(retain_graph=True, inputs=[w])
    at_first = w.grad.clone()
    w.grad.zero_()
    second(h).backward(inputs=[w])
    return at_first, w.grad


def two_losses__fresh_grad(w, first, second):
    w = w.detach().clone().requires_grad_()
    h = w * w * w
    one, two = first(h), second(h)
    one.backward(retain_graph=True, inputs=w)
    at_first, w.grad = w.grad, None
    two.backward(inputs=w)
    return at_first, w.grad


def jacobian__directions(f, x):
    x = x.detach().clone().requires_grad_()
    y = f(x)
    directions = torch.eye(len(y), device=x.device)
    return torch.stack([torch.autograd.grad(y, x, each, retain_graph=True)[0] for each in directions])


def jacobian__computed_again(f, x):
    x = x.detach().clone().requires_grad_()
    return torch.stack([torch.autograd.grad(f(x)[i], x)[0] for i in range(len(f(x)))])


def jacobian__into_grad(f, x):
    x = x.detach().clone().requires_grad_()
    y = f(x)
    answer = torch.zeros(len(y), len(x), device=x.device)
    for i in range(len(y)):
        x.grad = None
        y[i].backward(retain_graph=True, inputs=[x])
        answer[i] = x.grad
    return answer


def second_derivative__ones(f, x):
    x = x.detach().clone().requires_grad_()
    y = f(x)
    slope = torch.autograd.grad(y, x, torch.ones_like(y), create_graph=True)[0]
    return torch.autograd.grad(slope, x, torch.ones_like(slope))[0].detach()


def second_derivative__number_by_number(f, x):
    answers = []
    for number in x.detach().flatten():
        number = number.clone().requires_grad_()
        slope = torch.autograd.grad(f(number), number, create_graph=True)[0]
        answers.append(torch.autograd.grad(slope, number)[0])
    return torch.stack(answers).reshape(x.shape)


def second_derivative__backward_twice(f, x):
    x = x.detach().clone().requires_grad_()
    slope = torch.autograd.grad(f(x).sum(), x, create_graph=True)[0]
    slope.sum().backward(inputs=[x])
    return x.grad
