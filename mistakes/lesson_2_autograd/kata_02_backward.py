"""Wrong answers to katas/lesson_2_autograd/kata_02_backward.py, each with the sentence that corrects the belief."""

import torch


def _tracked(x):
    return x.detach().clone().requires_grad_()


def _gradient(f, x):
    tracked = _tracked(x)
    return torch.autograd.grad(f(tracked), tracked)[0]


def worked_example__last_path_alone(a, b, c):
    """The derivative by b holds the path through the last product alone: b also works through a * b."""
    a, b, c = (torch.tensor(value, requires_grad=True) for value in (a, b, c))
    value = (a * b.detach() + c) * b
    value.backward()
    return value.item(), a.grad.item(), b.grad.item(), c.grad.item()


def worked_example__first_path_alone(a, b, c):
    """The derivative by b holds the path through a * b alone: b is also a factor of the last product."""
    a, b, c = (torch.tensor(value, requires_grad=True) for value in (a, b, c))
    value = (a * b + c) * b.detach()
    value.backward()
    return value.item(), a.grad.item(), b.grad.item(), c.grad.item()


def worked_example__begins_in_the_middle(a, b, c):
    """These are the derivatives of the sum in the middle, a * b + c: the walk begins at the last node."""
    a, b, c = (torch.tensor(value, requires_grad=True) for value in (a, b, c))
    total = a * b + c
    total.backward()
    return (total * b).item(), a.grad.item(), b.grad.item(), c.grad.item()


def worked_example__walked_three_times(a, b, c):
    """The derivatives are three times too large: a walk adds to what is there, and one finds all three of them."""
    a, b, c = (torch.tensor(value, requires_grad=True) for value in (a, b, c))
    value = (a * b + c) * b
    for _ in range(3):
        value.backward(retain_graph=True)
    return value.item(), a.grad.item(), b.grad.item(), c.grad.item()


def worked_example__second_walk(a, b, c):
    """A walk backward frees the graph, so a second one fails: one walk finds all three derivatives."""
    a, b, c = (torch.tensor(value, requires_grad=True) for value in (a, b, c))
    value = (a * b + c) * b
    by_a, by_b, by_c = (torch.autograd.grad(value, each)[0].item() for each in (a, b, c))
    return value.item(), by_a, by_b, by_c


def worked_example__nothing_tracked(a, b, c):
    """Nothing was recorded, so there is no graph to walk back through: leaves must be tracked before the formula."""
    a, b, c = (torch.tensor(value) for value in (a, b, c))
    value = (a * b + c) * b
    value.backward()
    return value.item(), a.grad.item(), b.grad.item(), c.grad.item()


def worked_example__tensors(a, b, c):
    """A tensor is among these: a single number comes out of a tensor as a Python float only if you ask for it."""
    a, b, c = (torch.tensor(value, requires_grad=True) for value in (a, b, c))
    value = (a * b + c) * b
    value.backward()
    return value, a.grad, b.grad, c.grad


def worked_example__formulas(a, b, c):
    """The numbers are right, but no graph was walked through: you worked the derivatives out, not PyTorch."""
    return (a * b + c) * b, b * b, 2 * a * b + c, b


def gradient__the_whole_tuple(f, x):
    """A tuple came back: autograd.grad has one gradient for each input, and a tuple of one times 2 is two copies."""
    tracked = _tracked(x)
    return torch.autograd.grad(f(tracked), tracked)


def gradient__x_not_tracked(f, x):
    """Nothing was recorded wherever x was untracked: f must be given a tensor that is tracked."""
    return torch.autograd.grad(f(x), x)[0]


def gradient__flag_set_on_a_clone(f, x):
    """What comes from a tracked x, a clone too, is no leaf: its requires_grad can't be set until it is cut off."""
    tracked = x.clone()
    tracked.requires_grad = True
    return torch.autograd.grad(f(tracked), tracked)[0]


def gradient__x_stays_tracked(f, x):
    """The numbers are right, but the x of the caller is tracked from now on: track another tensor of its numbers."""
    x.requires_grad_()
    return torch.autograd.grad(f(x), x)[0]


def gradient__tracking_switched_off(f, x):
    """Untracked at the end is not as it was before: an x that came tracked must leave tracked."""
    slope = torch.autograd.grad(f(x.requires_grad_()), x)[0]
    x.requires_grad_(False)
    return slope


def gradient__read_from_x_grad(f, x):
    """A walk into .grad leaves its trace there, added to whatever .grad held: this step asks for no trace at all."""
    x.requires_grad_()
    f(x).backward()
    return x.grad.clone()


def gradient__x_grad_cleared(f, x):
    """The gradient is right, but x.grad has not what it had: emptying it takes away what another put there."""
    tracked = x.requires_grad
    x.requires_grad_()
    x.grad = None
    f(x).backward()
    slope, x.grad = x.grad, None
    x.requires_grad_(tracked)
    return slope


def gradient__fills_what_f_uses(f, x):
    """x is untouched, but backward fills .grad at every leaf behind the result, at those inside f too."""
    tracked = _tracked(x)
    f(tracked).backward()
    return tracked.grad


def gradient__copy_beside_the_graph(f, x):
    """The tensor that f was given and the one that the gradient was asked for are two: it must be the same one."""
    return torch.autograd.grad(f(_tracked(x)), _tracked(x))[0]


def gradient__graph_kept(f, x):
    """The numbers are right, but the walk itself was recorded: the gradient still has a graph behind it."""
    tracked = _tracked(x)
    return torch.autograd.grad(f(tracked), tracked, create_graph=True)[0]


def towards__no_direction(y, x, direction):
    """A walk cannot begin at a vector by itself: only at a scalar is it clear that the gradient to begin with is 1."""
    return torch.autograd.grad(y, x)[0]


def towards__ones(y, x, direction):
    """All the numbers of y counted the same: each one's share is weighed by its own number in direction."""
    return torch.autograd.grad(y.sum(), x)[0]


def towards__weighed_at_the_end(y, x, direction):
    """The direction was multiplied in at x, after the walk: it has a number for each y, so it belongs at the start."""
    return torch.autograd.grad(y.sum(), x)[0] * direction


def towards__other_way_round(y, x, direction):
    """The direction has a number for each y, not for each x: it stands to the left of the matrix, one number a row."""
    rows = torch.stack([torch.autograd.grad(each, x, retain_graph=True)[0] for each in y])
    return (rows * direction).sum(dim=1)


def towards__into_grad(y, x, direction):
    """The walk was let into .grad, so that what was there before has changed: ask for the gradient by itself."""
    x.retain_grad()
    y.backward(direction)
    return x.grad.clone()


def towards__read_from_grad(y, x, direction):
    """A value in the middle has no .grad, and to that of a leaf the walk was added: ask for the gradient by itself."""
    y.backward(direction)
    return x.grad


def towards__the_whole_tuple(y, x, direction):
    """A tuple came back: autograd.grad has one gradient for each input, even where there is one input alone."""
    return torch.autograd.grad(y, x, direction)


def towards__graph_kept(y, x, direction):
    """The numbers are right, but the walk itself was recorded: the gradient still has a graph behind it."""
    return torch.autograd.grad(y, x, direction, create_graph=True)[0]


def gradient_of_middle__not_kept_in_time(x, w):
    """There is no gradient at z: a value in the middle keeps it only if told to before the walk, not after it."""
    w = _tracked(w)
    z = x * w
    (z**2).sum().backward()
    z.retain_grad()
    return w.grad, z.grad


def gradient_of_middle__cut_at_z(x, w):
    """There is no gradient at w: the graph of z does not lead back to it, or you read it from another w."""
    w = _tracked(w)
    z = _tracked(x * w)
    (z**2).sum().backward()
    return w.grad, z.grad


def gradient_of_middle__nothing_tracked(x, w):
    """Nothing was recorded, as neither x nor w is tracked: track a tensor with the numbers of w first."""
    z = x * w
    return torch.autograd.grad((z**2).sum(), (w, z))


def gradient_of_middle__w_stays_tracked(x, w):
    """The gradients are right, but the w of the caller is tracked now: track another tensor of its numbers."""
    w.requires_grad_()
    z = x * w
    return torch.autograd.grad((z**2).sum(), (w, z))


def gradient_of_middle__swapped(x, w):
    """The two stand the wrong way round: the gradient at w comes first, the one at z second."""
    w = _tracked(w)
    z = x * w
    return torch.autograd.grad((z**2).sum(), (z, w))


def gradient_of_middle__at_x(x, w):
    """The first is the gradient at x: each of the two factors gets what arrives times the other factor."""
    x = _tracked(x)
    z = x * w
    return torch.autograd.grad((z**2).sum(), (x, z))


def gradient_of_middle__local_derivative_alone(x, w):
    """The first is the local derivative of z by w alone: it is still to be multiplied by what arrives at z."""
    w = _tracked(w)
    z = x * w
    return torch.autograd.grad(z.sum(), w, retain_graph=True)[0], torch.autograd.grad((z**2).sum(), z)[0]


def gradient_of_middle__formulas(x, w):
    """The numbers are right, but no graph was walked through: you worked the gradients out, not PyTorch."""
    z = x * w
    return 2 * z * x, 2 * z


def gradient_of_middle__graph_kept(x, w):
    """The numbers are right, but the walk itself was recorded: the gradients still have a graph behind them."""
    w = _tracked(w)
    z = x * w
    return torch.autograd.grad((z**2).sum(), (w, z), create_graph=True)


def gradient_of_middle__into_the_grad_of_w(x, w):
    """The gradients are right, but the w of the caller has a .grad now: a trace of the walk, at a tensor not yours."""
    w.requires_grad_()
    z = x * w
    z.retain_grad()
    (z**2).sum().backward()
    w.requires_grad_(False)
    return w.grad, z.grad


def two_losses__graph_freed(w, first, second):
    """The second walk found the graph freed: a walk takes away what was saved, unless told that another follows."""
    w = _tracked(w)
    h = w**3
    return torch.autograd.grad(first(h), w)[0], torch.autograd.grad(second(h), w)[0]


def two_losses__one_tensor_twice(w, first, second):
    """Both are the sum of the two: each loss has its own, and a second walk adds into the tensor in .grad."""
    w = _tracked(w)
    h = w**3
    first(h).backward(retain_graph=True)
    at_first = w.grad
    second(h).backward()
    return at_first, w.grad


def two_losses__added_up(w, first, second):
    """The second one still holds the first: a walk adds to what .grad holds, it does not begin again from 0."""
    w = _tracked(w)
    h = w**3
    first(h).backward(retain_graph=True)
    at_first = w.grad.clone()
    second(h).backward()
    return at_first, w.grad


def two_losses__emptied_before_it_was_copied(w, first, second):
    """Both are the gradient of the second loss: a tensor kept from .grad is emptied and filled with it."""
    w = _tracked(w)
    h = w**3
    first(h).backward(retain_graph=True)
    at_first = w.grad
    w.grad.zero_()
    second(h).backward()
    return at_first, w.grad


def two_losses__at_the_middle(w, first, second):
    """These are the gradients at h: the walk goes on to w, through the cube."""
    h = _tracked(w**3)
    return torch.autograd.grad(first(h), h)[0], torch.autograd.grad(second(h), h)[0]


def two_losses__of_w_itself(w, first, second):
    """The losses were given w, but they are losses of the middle, h."""
    return _gradient(first, w), _gradient(second, w)


def two_losses__w_stays_tracked(w, first, second):
    """The gradients are right, but the w of the caller is tracked now: track another tensor of its numbers."""
    w.requires_grad_()
    at_first = torch.autograd.grad(first(w**3), w)[0]
    return at_first, torch.autograd.grad(second(w**3), w)[0]


def two_losses__w_not_tracked(w, first, second):
    """Nothing was recorded wherever w was untracked: the cube must be that of a tracked tensor."""
    h = w**3
    at_first = torch.autograd.grad(first(h), w, retain_graph=True)[0]
    return at_first, torch.autograd.grad(second(h), w)[0]


def jacobian__graph_freed(f, x):
    """The second row found the graph freed: a walk takes away what was saved, unless told that another follows."""
    x = _tracked(x)
    return torch.stack([torch.autograd.grad(each, x)[0] for each in f(x)])


def jacobian__sum_of_the_rows(f, x):
    """A single row came out, the sum of all of them: each number of f needs a walk of its own."""
    x = _tracked(x)
    return torch.autograd.grad(f(x).sum(), x)[0]


def jacobian__begins_at_the_vector(f, x):
    """A walk cannot begin at a vector by itself: begin at one of its numbers, or give a direction."""
    x = _tracked(x)
    return torch.autograd.grad(f(x), x)[0]


def jacobian__turned_round(f, x):
    """Rows and columns are swapped: a row belongs to a number that f returns, a column to one of x."""
    x = _tracked(x)
    return torch.stack([torch.autograd.grad(each, x, retain_graph=True)[0] for each in f(x)], dim=1)


def jacobian__rows_added_up(f, x):
    """Each row holds all those above it too: a walk adds to what .grad holds, it does not begin again from 0."""
    x, rows = _tracked(x), []
    for each in f(x):
        each.backward(retain_graph=True)
        rows.append(x.grad.clone())
    return torch.stack(rows)


def jacobian__one_tensor_for_all_rows(f, x):
    """All the rows are alike, the sum of all: each needs a walk of its own, and .grad is one tensor."""
    x, rows = _tracked(x), []
    for each in f(x):
        each.backward(retain_graph=True)
        rows.append(x.grad)
    return torch.stack(rows)


def jacobian__rows_of_zeros_left_out(f, x):
    """A number that does not depend on x has a row too, of zeros: here such a row is missing."""
    x = _tracked(x)
    rows = [torch.autograd.grad(each, x, retain_graph=True)[0] for each in f(x)]
    return torch.stack([row for row in rows if row.any()])


def jacobian__squeezed(f, x):
    """A dimension of size 1 was dropped: a single row or a single column still makes a matrix."""
    x = _tracked(x)
    return torch.stack([torch.autograd.grad(each, x, retain_graph=True)[0] for each in f(x)]).squeeze()


def jacobian__x_stays_tracked(f, x):
    """The numbers are right, but the x of the caller is tracked from now on: track another tensor of its numbers."""
    x.requires_grad_()
    return torch.stack([torch.autograd.grad(each, x, retain_graph=True)[0] for each in f(x)])


def jacobian__ready_made(f, x):
    """The numbers are right, but the ready-made way was to be left aside here: you are to see the walks it takes."""
    return torch.autograd.functional.jacobian(f, x.detach())


def second_derivative__first_walk_not_recorded(f, x):
    """The slope had no graph behind it: a walk backward is recorded only if you ask for that."""
    x = _tracked(x)
    slope = torch.autograd.grad(f(x).sum(), x)[0]
    return torch.autograd.grad(slope.sum(), x)[0]


def second_derivative__slope_made_a_leaf(f, x):
    """The second walk never meets the tensor whose gradient you ask for. (A requires_grad that is set on the slope
    begins a new graph there, cut off from x.)"""
    x = _tracked(x)
    slope = torch.autograd.grad(f(x).sum(), x)[0]
    slope.requires_grad = True
    return torch.autograd.grad(slope.sum(), x)[0]


def second_derivative__unused_allowed(f, x):
    """No gradient came back: with allow_unused, a walk that never meets x answers None, and so does a function
    without return."""
    x = _tracked(x)
    slope = torch.autograd.grad(f(x).sum(), x)[0].requires_grad_()
    return torch.autograd.grad(slope.sum(), x, allow_unused=True)[0]


def second_derivative__added_to_the_first(f, x):
    """This is the sum of the first and the second derivative: the second walk added to the .grad of the first."""
    x = _tracked(x)
    slope = torch.autograd.grad(f(x).sum(), x, create_graph=True)[0]
    bend = torch.autograd.grad(slope.sum(), x)[0]
    return slope.detach() + bend


def second_derivative__first_derivative(f, x):
    """This is the slope: the second derivative is the slope of that, one walk more."""
    return _gradient(lambda x: f(x).sum(), x)


def second_derivative__slope_squared(f, x):
    """This is the square of the slope: the second derivative is the slope of the slope."""
    return _gradient(lambda x: f(x).sum(), x) ** 2


def second_derivative__slope_of_the_squared_slope(f, x):
    """The slope's square was walked back from, which gives 2 * slope * second derivative: walk from its sum."""
    x = _tracked(x)
    slope = torch.autograd.grad(f(x).sum(), x, create_graph=True)[0]
    return torch.autograd.grad((slope**2).sum(), x)[0]


def second_derivative__begins_at_many_numbers(f, x):
    """A walk cannot begin at many numbers by itself: it begins at a scalar, such as their sum."""
    x = _tracked(x)
    slope = torch.autograd.grad(f(x), x, create_graph=True)[0]
    return torch.autograd.grad(slope, x)[0]


def second_derivative__mean_for_sum(f, x):
    """The more numbers in x, the smaller your answer: a mean divides by their count, a sum leaves each as it is."""
    x = _tracked(x)
    slope = torch.autograd.grad(f(x).sum(), x, create_graph=True)[0]
    return torch.autograd.grad(slope.mean(), x)[0]


def second_derivative__graph_kept(f, x):
    """The numbers are right, but the last walk was recorded too: the answer still has a graph behind it."""
    x = _tracked(x)
    slope = torch.autograd.grad(f(x).sum(), x, create_graph=True)[0]
    return torch.autograd.grad(slope.sum(), x, create_graph=True)[0]


def second_derivative__x_stays_tracked(f, x):
    """The numbers are right, but the x of the caller is tracked from now on: track another tensor of its numbers."""
    x.requires_grad_()
    slope = torch.autograd.grad(f(x).sum(), x, create_graph=True)[0]
    return torch.autograd.grad(slope.sum(), x)[0]


def slopes_along__stale_result(f, x, step, count):
    """All the rows are alike, as if x had not moved: a result knows only the x it came from, so compute f again."""
    tracked = _tracked(x)
    value, slopes = f(tracked), []
    for _ in range(count):
        slopes.append(torch.autograd.grad(value, tracked, retain_graph=True)[0])
    return torch.stack(slopes)


def slopes_along__second_walk_on_one_result(f, x, step, count):
    """A second walk began at a result whose graph was freed. It knows only the old x anyway: compute f again."""
    tracked = _tracked(x)
    value = f(tracked)
    return torch.stack([torch.autograd.grad(value, tracked)[0] for _ in range(count)])


def slopes_along__moved_under_its_result(f, x, step, count):
    """x was moved in place, and then an old result was asked again: it needs the old numbers, so compute f again."""
    tracked, slopes = _tracked(x), []
    value = f(tracked)
    for _ in range(count):
        slopes.append(torch.autograd.grad(value, tracked, retain_graph=True)[0])
        with torch.no_grad():
            tracked -= step * slopes[-1]
    return torch.stack(slopes)


def slopes_along__move_recorded(f, x, step, count):
    """A tracked leaf can't be moved in place while autograd records: the move is to be no part of a graph."""
    tracked, slopes = _tracked(x), []
    for _ in range(count):
        slopes.append(torch.autograd.grad(f(tracked), tracked)[0])
        tracked -= step * slopes[-1]
    return torch.stack(slopes)


def slopes_along__one_tensor_for_all_rows(f, x, step, count):
    """All the rows are alike: .grad is one tensor, and every walk adds to it, so that what you kept went on growing."""
    tracked, slopes = _tracked(x), []
    for _ in range(count):
        f(tracked).backward()
        slopes.append(tracked.grad)
        tracked.data -= step * tracked.grad
    return torch.stack(slopes)


def slopes_along__emptied_before_it_was_copied(f, x, step, count):
    """All the rows are the last one: what you kept is .grad itself, which was emptied and filled again each time."""
    tracked, slopes = _tracked(x), []
    for _ in range(count):
        if tracked.grad is not None:
            tracked.grad.zero_()
        f(tracked).backward()
        slopes.append(tracked.grad)
        tracked.data -= step * tracked.grad
    return torch.stack(slopes)


def slopes_along__uphill(f, x, step, count):
    """The slopes grow from row to row: a walk downhill takes the step against the gradient."""
    slopes = []
    for _ in range(count):
        slopes.append(_gradient(f, x))
        x = x.detach() + step * slopes[-1]
    return torch.stack(slopes)


def slopes_along__added_up(f, x, step, count):
    """A row still holds the gradients of the rows above: a walk backward adds to .grad, it does not replace it."""
    tracked, slopes = _tracked(x), []
    for _ in range(count):
        f(tracked).backward()
        slopes.append(tracked.grad.clone())
        tracked.data -= step * tracked.grad
    return torch.stack(slopes)


def slopes_along__moves_before_it_looks(f, x, step, count):
    """The first row is the gradient after a move: the first one asked for is that at x itself."""
    slopes = []
    for _ in range(count):
        x = x.detach() - step * _gradient(f, x)
        slopes.append(_gradient(f, x))
    return torch.stack(slopes)


def slopes_along__places(f, x, step, count):
    """These are the places of the walk: the gradients met there are asked for."""
    places = []
    for _ in range(count):
        places.append(x.detach())
        x = x.detach() - step * _gradient(f, x)
    return torch.stack(places)


def slopes_along__step_forgotten(f, x, step, count):
    """Each move was the whole gradient: multiply it by step first."""
    slopes = []
    for _ in range(count):
        slopes.append(_gradient(f, x))
        x = x.detach() - slopes[-1]
    return torch.stack(slopes)


def slopes_along__moves_the_callers_x(f, x, step, count):
    """The slopes are right, but the x of the caller has moved: a detached tensor has the same memory as x."""
    slopes, place = [], x.detach()
    for _ in range(count):
        slopes.append(_gradient(f, place))
        place -= step * slopes[-1]
    return torch.stack(slopes)


def slopes_along__x_stays_tracked(f, x, step, count):
    """The slopes are right, but the x of the caller is tracked from now on: track another tensor of its numbers."""
    x.requires_grad_()
    slopes, place = [], x
    for _ in range(count):
        slopes.append(_gradient(f, place))
        place = place.detach() - step * slopes[-1]
    return torch.stack(slopes)


def slopes_along__last_one_alone(f, x, step, count):
    """The last gradient alone came out: each one on the way is a row."""
    for _ in range(count):
        slope = _gradient(f, x)
        x = x.detach() - step * slope
    return slope
