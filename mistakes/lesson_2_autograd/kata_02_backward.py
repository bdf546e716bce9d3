"""Wrong answers to katas/lesson_2_autograd/kata_02_backward.py, each with the sentence that corrects the belief."""

import torch


def _tracked(x):
    return x.detach().clone().requires_grad_()


def _gradient(f, x):
    tracked = _tracked(x)
    return torch.autograd.grad(f(tracked), tracked)[0]


def worked_example__as_it_was(a, b, c):
    """Your derivative by b lacks the path through a * b. Use the same tensor b, one that requires grad, in both
    products."""
    leaf_a, leaf_b, leaf_c = (torch.tensor(each, requires_grad=True) for each in (a, b, c))
    total = leaf_a * b + leaf_c
    value = total * leaf_b
    value.backward()
    return value.item(), leaf_a.grad.item(), leaf_b.grad.item(), leaf_c.grad.item()


def worked_example__first_path_alone(a, b, c):
    """Your derivative by b lacks the path through the last product. Use the same tensor b, one that requires grad, in
    both products."""
    a, b, c = (torch.tensor(value, requires_grad=True) for value in (a, b, c))
    value = (a * b + c) * b.detach()
    value.backward()
    return value.item(), a.grad.item(), b.grad.item(), c.grad.item()


def worked_example__begins_in_the_middle(a, b, c):
    """You returned the derivatives of a * b + c. Start the backward pass at the last result, (a * b + c) * b."""
    a, b, c = (torch.tensor(value, requires_grad=True) for value in (a, b, c))
    total = a * b + c
    total.backward()
    return (total * b).item(), a.grad.item(), b.grad.item(), c.grad.item()


def worked_example__walked_three_times(a, b, c):
    """Your derivatives are three times too large. backward() adds to .grad, so call it once: one pass finds all
    three."""
    a, b, c = (torch.tensor(value, requires_grad=True) for value in (a, b, c))
    value = (a * b + c) * b
    for _ in range(3):
        value.backward(retain_graph=True)
    return value.item(), a.grad.item(), b.grad.item(), c.grad.item()


def worked_example__second_walk(a, b, c):
    """You ran a second backward pass through a graph that the first pass had freed. One pass finds all three
    derivatives."""
    a, b, c = (torch.tensor(value, requires_grad=True) for value in (a, b, c))
    value = (a * b + c) * b
    by_a, by_b, by_c = (torch.autograd.grad(value, each)[0].item() for each in (a, b, c))
    return value.item(), by_a, by_b, by_c


def worked_example__nothing_tracked(a, b, c):
    """Your backward pass started at a result that does not require grad. Compute it from tensors that require grad,
    outside of no_grad()."""
    a, b, c = (torch.tensor(value) for value in (a, b, c))
    value = (a * b + c) * b
    value.backward()
    return value.item(), a.grad.item(), b.grad.item(), c.grad.item()


def worked_example__tensors(a, b, c):
    """Your tuple contains a tensor. Return Python floats: .item() gives you one."""
    a, b, c = (torch.tensor(value, requires_grad=True) for value in (a, b, c))
    value = (a * b + c) * b
    value.backward()
    return value, a.grad, b.grad, c.grad


def worked_example__values_and_no_derivatives(a, b, c):
    """You returned a, b and c in place of the derivatives. After backward(), the derivative by a leaf is in its
    .grad."""
    a, b, c = (torch.tensor(value, requires_grad=True) for value in (a, b, c))
    value = (a * b + c) * b
    value.backward()
    return value.item(), a.item(), b.item(), c.item()


def worked_example__formulas(a, b, c):
    """The numbers are right, but you computed a derivative with a formula. Repair the graph, so that .grad holds all
    three."""
    return (a * b + c) * b, b * b, 2 * a * b + c, b


def gradient__the_whole_tuple(f, x):
    """You returned a tuple that contains the gradient. torch.autograd.grad returns one gradient for each input: take
    the first."""
    tracked = _tracked(x)
    return torch.autograd.grad(f(tracked), tracked)


def gradient__x_not_tracked(f, x):
    """f(x) does not require grad if x does not. Call f with a leaf that requires grad: x.detach().requires_grad_()."""
    return torch.autograd.grad(f(x), x)[0]


def gradient__flag_set_on_a_clone(f, x):
    """You set requires_grad on a tensor that is not a leaf. x may already require grad, so call detach() first."""
    tracked = x.clone()
    tracked.requires_grad = True
    return torch.autograd.grad(f(tracked), tracked)[0]


def gradient__x_stays_tracked(f, x):
    """The gradient is right, but x requires grad after the call. Work on another leaf: x.detach().requires_grad_()."""
    x.requires_grad_()
    return torch.autograd.grad(f(x), x)[0]


def gradient__tracking_switched_off(f, x):
    """The gradient is right, but x no longer requires grad after the call. Work on another leaf:
    x.detach().requires_grad_()."""
    slope = torch.autograd.grad(f(x.requires_grad_()), x)[0]
    x.requires_grad_(False)
    return slope


def gradient__read_from_x_grad(f, x):
    """Your result includes what x.grad held before the call, because backward() adds to it. torch.autograd.grad returns
    gradients and writes to no .grad."""
    x.requires_grad_()
    f(x).backward()
    return x.grad.clone()


def gradient__x_grad_cleared(f, x):
    """The gradient is right, but x.grad no longer holds what it held before the call. torch.autograd.grad returns
    gradients and writes to no .grad."""
    tracked = x.requires_grad
    x.requires_grad_()
    x.grad = None
    f(x).backward()
    slope, x.grad = x.grad, None
    x.requires_grad_(tracked)
    return slope


def gradient__fills_what_f_uses(f, x):
    """The gradient is right, but your backward pass also filled the .grad of a tensor inside f. torch.autograd.grad
    returns gradients and writes to no .grad."""
    tracked = _tracked(x)
    f(tracked).backward()
    return tracked.grad


def gradient__read_from_a_clone(f, x):
    """Your result is None if x requires grad, because a tensor computed from x keeps no .grad. Detach your clone of x
    first."""
    clone = x.clone().requires_grad_()
    f(clone).backward()
    return clone.grad


def gradient__cut_inside(f, x):
    """Your backward pass started at a tensor that does not require grad. Call f with a leaf that requires grad, outside
    of no_grad(), and don't detach its result."""
    leaf = x.detach().requires_grad_()
    return torch.autograd.grad(f(leaf.detach()), leaf)[0]


def gradient__copy_beside_the_graph(f, x):
    """You asked for the gradient at a tensor that f did not use. Ask for it at the same tensor that you gave to f."""
    return torch.autograd.grad(f(_tracked(x)), _tracked(x))[0]


def gradient__graph_kept(f, x):
    """The numbers are right, but your result still has a graph. Without create_graph=True, it has none."""
    tracked = _tracked(x)
    return torch.autograd.grad(f(tracked), tracked, create_graph=True)[0]


def towards__no_direction(y, x, direction):
    """You started a backward pass at a tensor that is not of shape (), and did not say what arrives. Pass direction as
    the gradient that arrives at y."""
    return torch.autograd.grad(y, x)[0]


def towards__times_direction_afterwards(y, x, direction):
    """You started a backward pass at a tensor that is not of shape (), and did not say what arrives. Pass direction as
    the gradient that arrives at y."""
    return torch.autograd.grad(y, x)[0] * direction


def towards__first_entry(y, x, direction):
    """Your result holds only what comes back from the first entry of y. Start the backward pass at all of y."""
    return torch.autograd.grad(y[0], x)[0] * direction[0]


def towards__ones(y, x, direction):
    """Your result counts all entries of y alike, as if direction were all ones. Pass direction as the gradient that
    arrives at y."""
    return torch.autograd.grad(y.sum(), x)[0]


def towards__weighed_at_the_end(y, x, direction):
    """You multiplied by direction at x, after the backward pass. It has one entry for each entry of y, so pass it in at
    the start."""
    return torch.autograd.grad(y.sum(), x)[0] * direction


def towards__scaled_by_the_sum(y, x, direction):
    """You scaled the whole gradient by one number. Pass direction into the backward pass."""
    return torch.autograd.grad(y, x, torch.ones_like(y))[0] * direction.sum()


def towards__other_way_round(y, x, direction):
    """You multiplied the columns of J by direction, but direction has one entry for each row. Compute direction @ J."""
    rows = torch.stack([torch.autograd.grad(each, x, retain_graph=True)[0] for each in y])
    return (rows * direction).sum(dim=1)


def towards__wrong_side(y, x, direction):
    """You computed J @ direction. Since direction has one entry for each row of J, compute direction @ J."""
    rows = torch.stack([torch.autograd.grad(each, x, retain_graph=True)[0] for each in y])
    return rows @ direction


def towards__grad_cleared(y, x, direction):
    """The numbers are right, but a .grad that held a gradient is None or zero now. torch.autograd.grad writes to no
    .grad."""
    x.retain_grad()
    x.grad = None
    y.backward(direction)
    answer, x.grad = x.grad, None
    return answer


def towards__into_grad(y, x, direction):
    """The numbers are right, but your backward pass changed a .grad. torch.autograd.grad returns gradients and writes
    to no .grad."""
    x.retain_grad()
    y.backward(direction)
    return x.grad.clone()


def towards__read_from_grad(y, x, direction):
    """Your result is None if x is not a leaf, because only a leaf keeps its .grad. torch.autograd.grad returns the
    gradient at any tensor of the graph."""
    y.backward(direction)
    return x.grad


def towards__the_whole_tuple(y, x, direction):
    """You returned a tuple that contains the gradient. torch.autograd.grad returns one gradient for each input: take
    the first."""
    return torch.autograd.grad(y, x, direction)


def towards__graph_kept(y, x, direction):
    """The numbers are right, but your result still has a graph. Without create_graph=True, it has none."""
    return torch.autograd.grad(y, x, direction, create_graph=True)[0]


def gradient_of_middle__not_kept_in_time(x, w):
    """Your gradient at z is None. Call retain_grad() on z before the backward pass, and compute the loss from this
    z."""
    w = _tracked(w)
    z = x * w
    (z**2).sum().backward()
    z.retain_grad()
    return w.grad, z.grad


def gradient_of_middle__cut_at_z(x, w):
    """Your gradient at w is None. Either z's graph does not lead back to w, or you read the .grad of another tensor."""
    w = _tracked(w)
    z = _tracked(x * w)
    (z**2).sum().backward()
    return w.grad, z.grad


def gradient_of_middle__nothing_tracked(x, w):
    """Your backward pass started at a loss that has no graph. Compute z from a leaf that requires grad:
    w.detach().requires_grad_()."""
    z = x * w
    return torch.autograd.grad((z**2).sum(), (w, z))


def gradient_of_middle__w_stays_tracked(x, w):
    """The gradients are right, but w requires grad after the call. Work on another leaf:
    w.detach().requires_grad_()."""
    w.requires_grad_()
    z = x * w
    return torch.autograd.grad((z**2).sum(), (w, z))


def gradient_of_middle__swapped(x, w):
    """Your first gradient is the one at z. Return the gradient at w first, and then the one at z."""
    w = _tracked(w)
    z = x * w
    return torch.autograd.grad((z**2).sum(), (z, w))


def gradient_of_middle__at_x(x, w):
    """Your first gradient is the one at x. Return the one at w: x times what arrives at z."""
    x = _tracked(x)
    z = x * w
    return torch.autograd.grad((z**2).sum(), (x, z))


def gradient_of_middle__local_derivative_alone(x, w):
    """Your first gradient is only dz/dw, the local derivative. Multiply it by what arrives at z: start the pass at the
    loss."""
    w = _tracked(w)
    z = x * w
    return torch.autograd.grad(z.sum(), w, retain_graph=True)[0], torch.autograd.grad((z**2).sum(), z)[0]


def gradient_of_middle__formulas(x, w):
    """The numbers are right, but you computed a gradient with a formula. Take both from a backward pass."""
    z = x * w
    return 2 * z * x, 2 * z


def gradient_of_middle__last_step_by_hand(x, w):
    """The numbers are right, but the gradient at w does not come from a backward pass. Let the pass from the loss go on
    to w."""
    z = _tracked(x * w)
    (z**2).sum().backward()
    return x * z.grad, z.grad


def gradient_of_middle__graph_kept(x, w):
    """The numbers are right, but your gradients still have a graph. Without create_graph=True, they have none."""
    w = _tracked(w)
    z = x * w
    return torch.autograd.grad((z**2).sum(), (w, z), create_graph=True)


def gradient_of_middle__into_the_grad_of_w(x, w):
    """The gradients are right, but w.grad was None and now holds a gradient. Work on another leaf:
    w.detach().requires_grad_()."""
    w.requires_grad_()
    z = x * w
    z.retain_grad()
    (z**2).sum().backward()
    w.requires_grad_(False)
    return w.grad, z.grad


def sum_over_broadcast__mean(arriving, shape):
    """You took the mean of what arrives at the places of an entry. Take the sum: each place adds its part to the
    gradient."""
    return arriving.sum_to_size(shape) * (torch.Size(shape).numel() / max(arriving.numel(), 1))


def sum_over_broadcast__first_place(arriving, shape):
    """Your result holds what arrives at the first place of each entry only. Add up what arrives at all its places."""
    first = arriving
    while first.dim() > len(shape):
        first = first[0]
    for dim, size in enumerate(shape):
        first = first.narrow(dim, 0, size)
    return first


def sum_over_broadcast__new_dimensions_only(arriving, shape):
    """You did not sum over a dimension that has size 1 in `shape`. Broadcasting repeats entries along it too."""
    while arriving.dim() > len(shape):
        arriving = arriving.sum(dim=0)
    return arriving


def sum_over_broadcast__one_new_dimension(arriving, shape):
    """You summed over one new dimension at most. Sum over all leading dimensions that `shape` does not have."""
    summed = arriving.sum(dim=0) if arriving.dim() > len(shape) else arriving
    for dim, size in enumerate(shape):
        if size == 1:
            summed = summed.sum(dim=dim, keepdim=True)
    return summed


def sum_over_broadcast__dimension_dropped(arriving, shape):
    """Your result lacks a dimension of size 1. Sum with keepdim=True, or reshape to `shape`."""
    extra = arriving.dim() - len(shape)
    dims = [dim for dim in range(arriving.dim()) if dim < extra or shape[dim - extra] == 1]
    return arriving.sum(dim=dims) if dims else arriving


def sum_over_broadcast__rows_for_columns(arriving, shape):
    """You summed over the wrong dimension. Broadcasting aligns shapes at the right, so the missing dimensions are the
    leading ones."""
    return arriving.mT.sum_to_size(shape) if arriving.dim() > 1 else arriving.sum_to_size(shape)


def sum_over_broadcast__sum_over_no_dimensions(arriving, shape):
    """If no dimension was broadcast, you summed over all dimensions, as sum() with an empty list does. Return arriving
    in this case."""
    extra = arriving.dim() - len(shape)
    dims = [dim for dim in range(arriving.dim()) if dim < extra or shape[dim - extra] == 1]
    return arriving.sum(dim=dims, keepdim=True).reshape(shape)


def sum_over_broadcast__always_the_rows(arriving, shape):
    """Your code always sums over dimension 0. Compare `shape` with arriving.shape to find out which dimensions were
    broadcast."""
    return arriving.sum(dim=0)


def sum_over_broadcast__empty_tuple(arriving, shape):
    """If `shape` has as many dimensions as arriving, you summed over all, as sum(dim=()) does. Sum only over the ones
    that were broadcast."""
    return arriving.sum(dim=tuple(range(arriving.dim() - len(shape))))


def sum_over_broadcast__regrouped(arriving, shape):
    """Your result adds entries that don't belong together. Sum over whole dimensions instead of regrouping the entries
    with reshape() or view()."""
    return arriving.reshape(-1, *shape).sum(dim=0)


def sum_over_broadcast__shape_of_arriving(arriving, shape):
    """Your result has the shape of `arriving`. Sum over the dimensions that were broadcast."""
    return arriving if arriving.shape == torch.Size(shape) else torch.full_like(arriving, torch.nan)


def sum_over_broadcast__total(arriving, shape):
    """Every entry of your result is the sum of everything that arrives. Add up only what arrives at the places of that
    entry."""
    return arriving.sum().expand(shape)


def two_losses__graph_freed(w, first, second):
    """You ran a second backward pass through a graph that the first pass had freed. Pass retain_graph=True to the first
    one."""
    w = _tracked(w)
    h = w**3
    return torch.autograd.grad(first(h), w)[0], torch.autograd.grad(second(h), w)[0]


def two_losses__one_tensor_twice(w, first, second):
    """Your first result is the sum of the two gradients, perhaps because backward() adds to .grad. Call
    torch.autograd.grad once for each loss."""
    w = _tracked(w)
    h = w**3
    first(h).backward(retain_graph=True)
    at_first = w.grad
    second(h).backward()
    return at_first, w.grad


def two_losses__added_up(w, first, second):
    """Your second gradient includes the first one, perhaps because backward() adds to .grad. Call torch.autograd.grad
    once for each loss."""
    w = _tracked(w)
    h = w**3
    first(h).backward(retain_graph=True)
    at_first = w.grad.clone()
    second(h).backward()
    return at_first, w.grad


def two_losses__emptied_before_it_was_copied(w, first, second):
    """Your first result is the gradient of the second loss. If you read w.grad twice, both are the same tensor: copy
    the first gradient."""
    w = _tracked(w)
    h = w**3
    first(h).backward(retain_graph=True)
    at_first = w.grad
    w.grad.zero_()
    second(h).backward()
    return at_first, w.grad


def two_losses__at_the_middle(w, first, second):
    """You returned the gradients at h. Return those at w: the backward pass must go on through the cube."""
    h = _tracked(w**3)
    return torch.autograd.grad(first(h), h)[0], torch.autograd.grad(second(h), h)[0]


def two_losses__of_w_itself(w, first, second):
    """You called the losses with w itself. Call them with h = w**3."""
    return _gradient(first, w), _gradient(second, w)


def two_losses__swapped(w, first, second):
    """Your first result is the gradient of second(h). Return the gradient of first(h) first, and then the one of
    second(h)."""
    at = _tracked(w)
    return torch.autograd.grad(second(at**3), at)[0], torch.autograd.grad(first(at**3), at)[0]


def two_losses__fills_what_the_losses_use(w, first, second):
    """The gradients are right, but your backward passes also filled the .grad of a tensor inside a loss.
    torch.autograd.grad returns gradients and writes to no .grad."""
    first_w, second_w = _tracked(w), _tracked(w)
    first(first_w**3).backward()
    second(second_w**3).backward()
    return first_w.grad, second_w.grad


def two_losses__graph_kept(w, first, second):
    """The numbers are right, but a result still has a graph. Use retain_graph=True, not create_graph=True."""
    w = _tracked(w)
    h = w**3
    return torch.autograd.grad(first(h), w, create_graph=True)[0], torch.autograd.grad(second(h), w)[0]


def two_losses__w_stays_tracked(w, first, second):
    """The gradients are right, but w requires grad after the call. Work on another leaf:
    w.detach().requires_grad_()."""
    w.requires_grad_()
    at_first = torch.autograd.grad(first(w**3), w)[0]
    return at_first, torch.autograd.grad(second(w**3), w)[0]


def two_losses__w_not_tracked(w, first, second):
    """A loss does not require grad, because w may not require grad. Compute h from a leaf that does:
    w.detach().requires_grad_()."""
    h = w**3
    at_first = torch.autograd.grad(first(h), w, retain_graph=True)[0]
    return at_first, torch.autograd.grad(second(h), w)[0]


def jacobian__x_not_tracked(f, x):
    """Your f(x) has no graph. Pass f a leaf that requires grad, for example x.detach().requires_grad_(), and do not use
    no_grad()."""
    return torch.stack([torch.autograd.grad(each, x, retain_graph=True)[0] for each in f(x)])


def jacobian__graph_freed(f, x):
    """You ran a second backward pass through a graph that the first pass had freed. Pass retain_graph=True."""
    x = _tracked(x)
    return torch.stack([torch.autograd.grad(each, x)[0] for each in f(x)])


def jacobian__sum_of_the_rows(f, x):
    """You returned one row, the sum of all rows of J. Run one backward pass for each entry of f(x)."""
    x = _tracked(x)
    return torch.autograd.grad(f(x).sum(), x)[0]


def jacobian__begins_at_the_vector(f, x):
    """You started a backward pass at f(x), which is not of shape (). Start at one of its entries, or pass a
    direction."""
    x = _tracked(x)
    return torch.autograd.grad(f(x), x)[0]


def jacobian__turned_round(f, x):
    """Your result is transposed. A row belongs to an entry of f(x), a column to an entry of x."""
    x = _tracked(x)
    return torch.stack([torch.autograd.grad(each, x, retain_graph=True)[0] for each in f(x)], dim=1)


def jacobian__rows_added_up(f, x):
    """Each of your rows includes the rows above it, because backward() adds to .grad. torch.autograd.grad returns each
    row alone."""
    x, rows = _tracked(x), []
    for each in f(x):
        each.backward(retain_graph=True)
        rows.append(x.grad.clone())
    return torch.stack(rows)


def jacobian__one_tensor_for_all_rows(f, x):
    """Every row of your result is the sum of all rows of J. Start one backward pass at each entry, and copy .grad if
    you use it."""
    x, rows = _tracked(x), []
    for each in f(x):
        each.backward(retain_graph=True)
        rows.append(x.grad)
    return torch.stack(rows)


def jacobian__rows_of_zeros_left_out(f, x):
    """Your result lacks the row of a constant. That row is all zeros."""
    x = _tracked(x)
    rows = [torch.autograd.grad(each, x, retain_graph=True)[0] for each in f(x)]
    return torch.stack([row for row in rows if row.any()])


def jacobian__directions_of_the_wrong_size(f, x):
    """Your directions have N entries. A direction has one entry for each entry of f(x), so M."""
    x = _tracked(x)
    y = f(x)
    rows = [torch.autograd.grad(y, x, each, retain_graph=True)[0] for each in torch.eye(len(x), device=x.device)]
    return torch.stack(rows)


def jacobian__graph_kept(f, x):
    """The numbers are right, but your result still has a graph. Use retain_graph=True, not create_graph=True."""
    x = _tracked(x)
    return torch.stack([torch.autograd.grad(each, x, create_graph=True)[0] for each in f(x)])


def jacobian__squeezed(f, x):
    """Your result lacks a dimension of size 1. It must have the shape (M, N), even if M or N is 1."""
    x = _tracked(x)
    return torch.stack([torch.autograd.grad(each, x, retain_graph=True)[0] for each in f(x)]).squeeze()


def jacobian__fills_what_f_uses(f, x):
    """The numbers are right, but your backward passes also filled the .grad of a tensor inside f. torch.autograd.grad
    returns gradients and writes to no .grad."""
    x, rows = _tracked(x), []
    for each in f(x):
        x.grad = None
        each.backward(retain_graph=True)
        rows.append(x.grad)
    return torch.stack(rows)


def jacobian__x_stays_tracked(f, x):
    """The numbers are right, but x requires grad after the call. Work on another leaf: x.detach().requires_grad_()."""
    x.requires_grad_()
    return torch.stack([torch.autograd.grad(each, x, retain_graph=True)[0] for each in f(x)])


def jacobian__ready_made(f, x):
    """The numbers are right, but you used a function from torch.func or torch.autograd.functional. Run the backward
    passes yourself."""
    return torch.autograd.functional.jacobian(f, x.detach())


def second_derivative__first_walk_not_recorded(f, x):
    """Your first derivative has no graph, so you cannot differentiate it. Compute it with create_graph=True, and do not
    detach it."""
    x = _tracked(x)
    slope = torch.autograd.grad(f(x).sum(), x)[0]
    return torch.autograd.grad(slope.sum(), x)[0]


def second_derivative__slope_made_a_leaf(f, x):
    """The graph of your first derivative does not lead back to x. Compute it with create_graph=True, and set no
    requires_grad on it."""
    x = _tracked(x)
    slope = torch.autograd.grad(f(x).sum(), x)[0]
    slope.requires_grad = True
    return torch.autograd.grad(slope.sum(), x)[0]


def second_derivative__unused_allowed(f, x):
    """Your result is None. Either you returned nothing, or your first derivative has no graph: compute it with
    create_graph=True."""
    x = _tracked(x)
    slope = torch.autograd.grad(f(x).sum(), x)[0].requires_grad_()
    return torch.autograd.grad(slope.sum(), x, allow_unused=True)[0]


def second_derivative__added_to_the_first(f, x):
    """Your result is the sum of the first and the second derivative, perhaps because backward() adds to .grad. Return
    the second one alone."""
    x = _tracked(x)
    slope = torch.autograd.grad(f(x).sum(), x, create_graph=True)[0]
    bend = torch.autograd.grad(slope.sum(), x)[0]
    return slope.detach() + bend


def second_derivative__first_derivative(f, x):
    """You returned the first derivative. Differentiate it once more."""
    return _gradient(lambda x: f(x).sum(), x)


def second_derivative__slope_squared(f, x):
    """You returned the square of the first derivative. Differentiate the first derivative instead."""
    return _gradient(lambda x: f(x).sum(), x) ** 2


def second_derivative__slope_of_the_squared_slope(f, x):
    """You differentiated the square of the first derivative. Differentiate its sum."""
    x = _tracked(x)
    slope = torch.autograd.grad(f(x).sum(), x, create_graph=True)[0]
    return torch.autograd.grad((slope**2).sum(), x)[0]


def second_derivative__begins_at_many_numbers(f, x):
    """You started a backward pass at a tensor that is not of shape (). Start at its sum."""
    x = _tracked(x)
    slope = torch.autograd.grad(f(x), x, create_graph=True)[0]
    return torch.autograd.grad(slope, x)[0]


def second_derivative__mean_for_sum(f, x):
    """Your result is the second derivative divided by the number of entries. Take sums, not means."""
    x = _tracked(x)
    slope = torch.autograd.grad(f(x).sum(), x, create_graph=True)[0]
    return torch.autograd.grad(slope.mean(), x)[0]


def second_derivative__graph_kept(f, x):
    """The numbers are right, but your result still has a graph. Use create_graph=True only for the first derivative."""
    x = _tracked(x)
    slope = torch.autograd.grad(f(x).sum(), x, create_graph=True)[0]
    return torch.autograd.grad(slope.sum(), x, create_graph=True)[0]


def second_derivative__fills_what_f_uses(f, x):
    """The numbers are right, but a backward pass of yours also filled the .grad of a tensor inside f.
    torch.autograd.grad returns gradients and writes to no .grad."""
    x = _tracked(x)
    slope = torch.autograd.grad(f(x).sum(), x, create_graph=True)[0]
    slope.sum().backward()
    return x.grad


def second_derivative__x_stays_tracked(f, x):
    """The numbers are right, but x requires grad after the call. Work on another leaf: x.detach().requires_grad_()."""
    x.requires_grad_()
    slope = torch.autograd.grad(f(x).sum(), x, create_graph=True)[0]
    return torch.autograd.grad(slope.sum(), x)[0]
