"""Wrong answers to katas/lesson_2_autograd/kata_06_checking.py, each with the sentence that corrects the belief."""

import torch


def _differences(f, x, moves):
    """The list of f(up) - f(down) for all pairs of moves."""
    with torch.no_grad():
        return [(f(x + up) - f(x + down)).item() for up, down in moves]


def _steps(x, h):
    return h * torch.eye(x.numel(), dtype=x.dtype, device=x.device).reshape(x.numel(), *x.shape)


def _shaped(x, slopes):
    return torch.tensor(slopes, dtype=x.dtype, device=x.device).reshape(x.shape)


def central_difference__forward_only(f, x, h):
    """Your result is the one-sided difference (f(x + h) - f(x)) / h. Take one step h to each side, and divide by 2
    * h."""
    return _shaped(x, [each / h for each in _differences(f, x, [(step, 0 * step) for step in _steps(x, h)])])


def central_difference__backward_only(f, x, h):
    """Your result is the one-sided difference (f(x) - f(x - h)) / h. Take one step h to each side, and divide by
    2 * h."""
    return _shaped(x, [each / h for each in _differences(f, x, [(0 * step, -step) for step in _steps(x, h)])])


def central_difference__divided_by_one_step(f, x, h):
    """Your slopes are twice too large, because the two points are 2 * h apart. Divide by 2 * h."""
    return _shaped(x, [each / h for each in _differences(f, x, [(step, -step) for step in _steps(x, h)])])


def central_difference__half_a_step(f, x, h):
    """Your two points are only h apart, h / 2 on each side. Move x[i] by h to each side, and divide by 2 * h."""
    steps = _steps(x, h / 2)
    return _shaped(x, [each / h for each in _differences(f, x, [(step, -step) for step in steps])])


def central_difference__back_to_the_middle(f, x, h):
    """Your second value is f(x), not f with x[i] - h. If you kept x[i] in a variable, keep a copy: x[i] is a
    view."""
    return _shaped(x, [each / (2 * h) for each in _differences(f, x, [(step, 0 * step) for step in _steps(x, h)])])


def central_difference__times_h(f, x, h):
    """You divided the difference by 2 and multiplied it by h. Divide by both: / (2 * h)."""
    return _shaped(x, [each / 2 * h for each in _differences(f, x, [(step, -step) for step in _steps(x, h)])])


def central_difference__row_by_row(f, x, h):
    """The entries of a row moved together in your code, so they have the same slope. Move one entry at a time."""
    slopes = torch.zeros_like(x).detach()
    with torch.no_grad():
        for i in range(len(x)):
            up, down = x.clone(), x.clone()
            up[i] += h
            down[i] -= h
            slopes[i] = (f(up) - f(down)) / (2 * h)
    return slopes


def central_difference__all_entries_at_once(f, x, h):
    """All entries moved together in your code, so they have the same slope. Move one entry at a time."""
    step = torch.full_like(x, h).detach()
    slopes = _differences(f, x, [(step, -step)])
    return _shaped(x, [slopes[0] / (2 * h)] * x.numel())


def central_difference__not_put_back(f, x, h):
    """Earlier entries were still moved when you moved the next one. For each entry, start from the values of x."""
    moved = x.detach().clone()
    slopes = torch.zeros_like(moved)
    for index in range(x.numel()):
        place = tuple(int(i) for i in torch.unravel_index(torch.tensor(index), x.shape))
        with torch.no_grad():
            moved[place] += h
            up = f(moved)
            moved[place] -= 2 * h
            slopes[place] = (up - f(moved)) / (2 * h)
    return slopes


def central_difference__a_copy_is_moved(f, x, h):
    """For a transposed x, your slopes are all 0. Write into the tensor itself, not into a flat copy of x or of your
    result."""
    moved = x.detach().clone()
    flat, slopes = moved.reshape(-1), []
    for index in range(x.numel()):
        with torch.no_grad():
            flat[index] += h
            up = f(moved).item()
            flat[index] -= 2 * h
            slopes.append((up - f(moved).item()) / (2 * h))
            flat[index] += h
    return _shaped(x, slopes)


def central_difference__viewed_in_one_row(f, x, h):
    """Your code called view() on a transposed tensor, which has no flat view. Use reshape() or flatten(), which
    copy if necessary."""
    flat = x.detach().clone().view(-1)
    slopes = []
    with torch.no_grad():
        for index in range(x.numel()):
            up, down = flat.clone(), flat.clone()
            up[index] += h
            down[index] -= h
            slopes.append((f(up.view(x.shape)) - f(down.view(x.shape))).item() / (2 * h))
    return _shaped(x, slopes)


def central_difference__rounding_left_in_the_input(f, x, h):
    """The slopes are right, but x has changed: adding and subtracting h leaves a rounding error. Work on a copy."""
    slopes = torch.zeros_like(x)
    for index in range(x.numel()):
        place = tuple(int(i) for i in torch.unravel_index(torch.tensor(index), x.shape))
        with torch.no_grad():
            x[place] += h
            up = f(x)
            x[place] -= 2 * h
            slopes[place] = (up - f(x)) / (2 * h)
            x[place] += h
    return slopes


def central_difference__recorded(f, x, h):
    """The slopes are right, but your result requires grad. Compute the differences under torch.no_grad()."""
    slopes = [(f(x + step) - f(x - step)) / (2 * h) for step in _steps(x, h)]
    return torch.stack(slopes).reshape(x.shape) if slopes else torch.zeros_like(x)


def central_difference__step_in_float32(f, x, h):
    """Your slopes are slightly off, because a value was rounded to float32. Keep your steps and all results in the
    dtype of x."""
    steps = h * torch.eye(x.numel(), device=x.device).reshape(x.numel(), *x.shape)
    return _shaped(x, [each / (2 * h) for each in _differences(f, x, [(step, -step) for step in steps])])


def central_difference__result_in_float32(f, x, h):
    """Your result is float32, which rounds the slopes. Give it the dtype of x."""
    slopes = [each / (2 * h) for each in _differences(f, x, [(step, -step) for step in _steps(x, h)])]
    return torch.tensor(slopes, device=x.device).reshape(x.shape)


def central_difference__the_exact_gradient(f, x, h):
    """Your result is the exact gradient at x. Compute the difference with the given h, even if h is large."""
    own = x.detach().clone().requires_grad_()
    return torch.autograd.grad(f(own), own)[0]


def passes_gradcheck__in_float32(f, x):
    """Right gradients fail in your check. Leave the tolerances unchanged, and let f compute in float64: float32 loses a
    step of 1e-6."""
    return torch.autograd.gradcheck(f, (x.detach().clone().requires_grad_(),), raise_exception=False)


def passes_gradcheck__wider_tolerance(f, x):
    """You accepted a gradient that is 1% off. Call gradcheck with its default tolerances."""
    probe = x.detach().to(torch.float64, copy=True).requires_grad_()
    return torch.autograd.gradcheck(f, (probe,), rtol=0.05, atol=0.05, raise_exception=False)


def passes_gradcheck__raises(f, x):
    """gradcheck raised an error for a wrong gradient. With raise_exception=False it returns False instead."""
    return torch.autograd.gradcheck(f, (x.detach().to(torch.float64, copy=True).requires_grad_(),))


def passes_gradcheck__not_tracked(f, x):
    """gradcheck raised an error, because no input requires grad. Call requires_grad_() on your copy of x."""
    return torch.autograd.gradcheck(f, (x.detach().to(torch.float64),), raise_exception=False)


def passes_gradcheck__at_another_place(f, x):
    """You missed a gradient that is wrong only at some values. Check it at all values of x, and at no others."""
    probe = torch.linspace(0.1, 0.9, x.numel(), dtype=torch.float64, device=x.device).reshape(x.shape)
    return torch.autograd.gradcheck(f, (probe.requires_grad_(),), raise_exception=False)


def passes_gradcheck__input_tracked(f, x):
    """The result is right, but x requires grad now. Call requires_grad_() on a copy."""
    x.requires_grad_()
    return torch.autograd.gradcheck(
        f, (x.detach().to(torch.float64, copy=True).requires_grad_(),), raise_exception=False
    )


def passes_gradcheck__float64_input_tracked(f, x):
    """The result is right, but a float64 x requires grad now: you used x itself, perhaps because double() returned
    it. Copy it first."""
    return torch.autograd.gradcheck(f, (x.double().requires_grad_(),), raise_exception=False)


def passes_gradcheck__on_the_cpu(f, x):
    """f got a tensor on the CPU, although x is on another device. Keep the device of x."""
    probe = x.detach().cpu().to(torch.float64, copy=True).requires_grad_()
    return torch.autograd.gradcheck(f, (probe,), raise_exception=False)


def passes_gradcheck__always_true(f, x):
    """You returned True for a wrong gradient. Return what gradcheck finds."""
    torch.autograd.gradcheck(f, (x.detach().to(torch.float64, copy=True).requires_grad_(),), raise_exception=False)
    return True


def _error(a, b):
    return (a - b).abs() / torch.maximum(a.abs(), b.abs()).clamp(min=1e-8)


def _check_shapes(by_hand, by_autograd):
    for name in by_hand:
        if by_hand[name].shape != by_autograd[name].shape:
            raise ValueError(name)


def largest_error__shapes_unchecked(by_hand, by_autograd):
    """Shapes that differ raised no ValueError, and PyTorch can broadcast some of them. Compare the two shapes
    first."""
    return torch.stack([_error(a, by_autograd[name]).max() for name, a in by_hand.items()]).max().item()


def largest_error__only_counted(by_hand, by_autograd):
    """Your code accepts some different shapes that have equally many entries. Compare the whole shapes."""
    for name in by_hand:
        if by_hand[name].numel() != by_autograd[name].numel():
            raise ValueError(name)
    pairs = [(a.flatten(), by_autograd[name].flatten()) for name, a in by_hand.items()]
    return torch.stack([_error(a, b).max() for a, b in pairs]).max().item()


def largest_error__asserted(by_hand, by_autograd):
    """Your code raises an AssertionError. Wrong arguments get a ValueError, because python -O skips every
    assert."""
    for name, a in by_hand.items():
        assert a.shape == by_autograd[name].shape
    return torch.stack([_error(a, by_autograd[name]).max() for name, a in by_hand.items()]).max().item()


def largest_error__paired_by_order(by_hand, by_autograd):
    """You paired the gradients by their order in the dicts. Look up each name in the other dict."""
    pairs = list(zip(by_hand.values(), by_autograd.values()))
    if any(a.shape != b.shape for a, b in pairs):
        raise ValueError("shapes differ")
    return torch.stack([_error(a, b).max() for a, b in pairs]).max().item()


def largest_error__absolute(by_hand, by_autograd):
    """Your result is the largest absolute difference. Divide each difference by max(|a|, |b|, 1e-8)."""
    _check_shapes(by_hand, by_autograd)
    return torch.stack([(a - by_autograd[name]).abs().max() for name, a in by_hand.items()]).max().item()


def largest_error__divided_by_the_sum(by_hand, by_autograd):
    """You divided by |a| + |b|. Divide by the larger of |a| and |b|."""
    _check_shapes(by_hand, by_autograd)
    errors = [
        ((a - b).abs() / (a.abs() + b.abs()).clamp(min=1e-8)).max()
        for a, b in ((a, by_autograd[name]) for name, a in by_hand.items())
    ]
    return torch.stack(errors).max().item()


def largest_error__divided_by_one_side(by_hand, by_autograd):
    """Your divisor is not always the larger of |a| and |b|. Use torch.maximum of the two sizes."""
    _check_shapes(by_hand, by_autograd)
    errors = [((a - by_autograd[n]).abs() / a.abs().clamp(min=1e-8)).max() for n, a in by_hand.items()]
    return torch.stack(errors).max().item()


def largest_error__divided_by_the_other_side(by_hand, by_autograd):
    """Your divisor is not always the larger of |a| and |b|. Use torch.maximum of the two sizes."""
    _check_shapes(by_hand, by_autograd)
    pairs = [(a, by_autograd[name]) for name, a in by_hand.items()]
    return torch.stack([((a - b).abs() / b.abs().clamp(min=1e-8)).max() for a, b in pairs]).max().item()


def largest_error__divided_by_a_negative_size(by_hand, by_autograd):
    """You divided by the larger of a and b, but a large entry may be negative. Divide by the larger of |a| and
    |b|."""
    _check_shapes(by_hand, by_autograd)
    pairs = [(a, by_autograd[name]) for name, a in by_hand.items()]
    return torch.stack([((a - b).abs() / torch.maximum(a, b).clamp(min=1e-8)).max() for a, b in pairs]).max().item()


def largest_error__sizes_of_other_entries(by_hand, by_autograd):
    """Your errors are not computed entry by entry, because one size serves for a whole tensor. Divide |a - b| by
    the size of the same entry."""
    _check_shapes(by_hand, by_autograd)
    pairs = [(a, by_autograd[name]) for name, a in by_hand.items()]
    sizes = [torch.maximum(a.abs().max(), b.abs().max()).clamp(min=1e-8) for a, b in pairs]
    return torch.stack([(a - b).abs().max() / size for (a, b), size in zip(pairs, sizes, strict=True)]).max().item()


def largest_error__added_to_the_size(by_hand, by_autograd):
    """You added 1e-8 to the size, which changes small relative errors. Divide by the larger of the size and
    1e-8."""
    _check_shapes(by_hand, by_autograd)
    pairs = [(a, by_autograd[name]) for name, a in by_hand.items()]
    errors = [((a - b).abs() / (torch.maximum(a.abs(), b.abs()) + 1e-8)).max() for a, b in pairs]
    return torch.stack(errors).max().item()


def largest_error__0_divided_by_0(by_hand, by_autograd):
    """Your result is nan if both entries are 0, because 0 / 0 is nan. Divide by 1e-8 at least."""
    _check_shapes(by_hand, by_autograd)
    errors = [
        ((a - by_autograd[n]).abs() / torch.maximum(a.abs(), by_autograd[n].abs())).max() for n, a in by_hand.items()
    ]
    return torch.stack(errors).max().item()


def largest_error__signs_kept(by_hand, by_autograd):
    """A negative difference counts as small in your code. Take the absolute value of a - b."""
    _check_shapes(by_hand, by_autograd)
    errors = [
        ((a - b) / torch.maximum(a.abs(), b.abs()).clamp(min=1e-8)).max()
        for a, b in ((a, by_autograd[name]) for name, a in by_hand.items())
    ]
    return torch.stack(errors).max().item()


def largest_error__mean(by_hand, by_autograd):
    """You took a mean, in which many right entries hide a wrong one. Take the maximum."""
    _check_shapes(by_hand, by_autograd)
    return torch.cat([_error(a, by_autograd[name]).flatten() for name, a in by_hand.items()]).mean().item()


def largest_error__sum(by_hand, by_autograd):
    """Your result adds up the errors of all names. Take the maximum."""
    _check_shapes(by_hand, by_autograd)
    return torch.stack([_error(a, by_autograd[name]).max() for name, a in by_hand.items()]).sum().item()


def largest_error__last_name_only(by_hand, by_autograd):
    """Your result is the error of the last name alone. Take the maximum over all names."""
    _check_shapes(by_hand, by_autograd)
    for name, a in by_hand.items():
        worst = _error(a, by_autograd[name]).max().item()
    return worst


def largest_error__nan_lost(by_hand, by_autograd):
    """Your result is a number although an entry is nan. A tensor's max() keeps nan, but Python's max() and
    comparisons lose it."""
    _check_shapes(by_hand, by_autograd)
    worst = 0.0
    for name, a in by_hand.items():
        worst = max(worst, _error(a, by_autograd[name]).max().item())
    return worst


def largest_error__a_tensor(by_hand, by_autograd):
    """The value is right, but it is a tensor. Return a Python float: item() gives you one."""
    _check_shapes(by_hand, by_autograd)
    return torch.stack([_error(a, by_autograd[name]).max() for name, a in by_hand.items()]).max()


def _autograds(by_hand, parameters, loss):
    gradients = torch.autograd.grad(loss, [parameters[name] for name in by_hand], materialize_grads=True)
    return [(name, by_hand[name], gradient) for name, gradient in zip(by_hand, gradients)]


def _is_wrong(mine, gradient):
    return mine.shape != gradient.shape or not torch.allclose(mine, gradient, rtol=1e-3, atol=1e-6)


def wrong_terms__grads_filled(by_hand, parameters, loss):
    """The names are right, but backward() added to .grad. Use torch.autograd.grad, which returns the gradients
    instead."""
    loss.backward()
    found = []
    for name, mine in by_hand.items():
        parameter = parameters[name]
        gradient = torch.zeros_like(parameter) if parameter.grad is None else parameter.grad
        if _is_wrong(mine, gradient):
            found.append(name)
    return found


def wrong_terms__grads_emptied(by_hand, parameters, loss):
    """The names are right, but the old gradient in .grad is gone. Use torch.autograd.grad, which does not change
    .grad."""
    for parameter in parameters.values():
        parameter.grad = None
    return [name for name, *pair in _autograds(by_hand, parameters, loss) if _is_wrong(*pair)]


def wrong_terms__paired_by_order(by_hand, parameters, loss):
    """You paired the gradients by their order in the dicts. Look up each parameter by its name."""
    gradients = torch.autograd.grad(loss, list(parameters.values()), materialize_grads=True)
    return [name for (name, mine), g in zip(by_hand.items(), gradients) if _is_wrong(mine, g)]


def wrong_terms__broadcast(by_hand, parameters, loss):
    """You counted a gradient of another shape as right, because PyTorch can broadcast it. Compare the shapes
    too."""
    found = []
    for name, mine, gradient in _autograds(by_hand, parameters, loss):
        try:
            if not torch.allclose(mine, gradient, rtol=1e-3, atol=1e-6):
                found.append(name)
        except RuntimeError:
            found.append(name)
    return found


def wrong_terms__nan_passes(by_hand, parameters, loss):
    """You counted nan as right. Each comparison with nan is False, so ask if all entries are close, not if one is
    far."""
    return [
        name
        for name, mine, gradient in _autograds(by_hand, parameters, loss)
        if mine.shape != gradient.shape or ((mine - gradient).abs() > 1e-6 + 1e-3 * gradient.abs()).any()
    ]


def wrong_terms__nan_equals_nan(by_hand, parameters, loss):
    """You counted nan as right if autograd's entry is nan too. An entry that is nan is always wrong."""
    return [
        name
        for name, mine, gradient in _autograds(by_hand, parameters, loss)
        if mine.shape != gradient.shape or not torch.allclose(mine, gradient, rtol=1e-3, atol=1e-6, equal_nan=True)
    ]


def wrong_terms__relative_only(by_hand, parameters, loss):
    """You counted a tiny error as wrong where autograd's gradient is 0. Allow 1e-6 in addition to the relative
    error."""
    return [
        name
        for name, mine, gradient in _autograds(by_hand, parameters, loss)
        if mine.shape != gradient.shape or not _error(mine, gradient).le(1e-3).all()
    ]


def wrong_terms__only_where_all_are_wrong(by_hand, parameters, loss):
    """You counted a gradient with one wrong entry as right. Every entry must be close."""
    return [
        name
        for name, mine, gradient in _autograds(by_hand, parameters, loss)
        if mine.shape != gradient.shape or not torch.isclose(mine, gradient, rtol=1e-3, atol=1e-6).any()
    ]


def wrong_terms__sums_compared(by_hand, parameters, loss):
    """Your code misses errors that cancel each other. Compare entry by entry."""
    return [
        name
        for name, mine, gradient in _autograds(by_hand, parameters, loss)
        if mine.shape != gradient.shape or not torch.allclose(mine.sum(), gradient.sum(), rtol=1e-3, atol=1e-6)
    ]


def wrong_terms__equal_to_the_last_bit(by_hand, parameters, loss):
    """You counted a rounding error as wrong. Allow a difference of 1e-6 + 1e-3 * |g|."""
    return [
        name
        for name, mine, gradient in _autograds(by_hand, parameters, loss)
        if mine.shape != gradient.shape or not torch.equal(mine, gradient)
    ]


def wrong_terms__tighter_tolerance(by_hand, parameters, loss):
    """You counted an error of 1e-4 * |g| as wrong. Allow 1e-6 + 1e-3 * |g|: allclose has the arguments rtol and
    atol."""
    return [
        name
        for name, mine, gradient in _autograds(by_hand, parameters, loss)
        if mine.shape != gradient.shape or not torch.allclose(mine, gradient)
    ]


def wrong_terms__wider_tolerance(by_hand, parameters, loss):
    """You counted an entry as right that is more than 1e-6 from 0, although g is 0. Allow 1e-6 + 1e-3 * |g| for each
    entry."""
    return [
        name
        for name, mine, gradient in _autograds(by_hand, parameters, loss)
        if mine.shape != gradient.shape or not torch.allclose(mine, gradient, rtol=1e-3, atol=1e-3)
    ]


def wrong_terms__booleans(by_hand, parameters, loss):
    """Your list holds True and False. Return the names of the wrong gradients."""
    return [_is_wrong(*pair) for _, *pair in _autograds(by_hand, parameters, loss)]


def wrong_terms__those_that_are_right(by_hand, parameters, loss):
    """You returned the names of the right gradients. Return the names of the wrong ones."""
    return [name for name, *pair in _autograds(by_hand, parameters, loss) if not _is_wrong(*pair)]


def wrong_terms__first_one_only(by_hand, parameters, loss):
    """Your list ends after the first wrong gradient. Check all names."""
    return [name for name, *pair in _autograds(by_hand, parameters, loss) if _is_wrong(*pair)][:1]


def wrong_terms__unused_refused(by_hand, parameters, loss):
    """Your code raises an error for a parameter that the loss does not use. Its gradient is zeros: see
    materialize_grads."""
    gradients = torch.autograd.grad(loss, [parameters[name] for name in by_hand])
    return [name for (name, mine), g in zip(by_hand.items(), gradients) if _is_wrong(mine, g)]


def _all_close(by_hand, gradients, shapes):
    pairs = zip(by_hand.items(), gradients, shapes)
    return [
        name
        for (name, mine), g, shape in pairs
        if mine.shape != shape or not torch.allclose(mine, g, rtol=1e-3, atol=1e-6)
    ]


def wrong_terms__unused_compared_with_none(by_hand, parameters, loss):
    """For a parameter that the loss does not use, PyTorch's gradient is None. Compare with zeros there."""
    leaves = [parameters[name] for name in by_hand]
    gradients = torch.autograd.grad(loss, leaves, allow_unused=True)
    return _all_close(by_hand, gradients, [each.shape for each in leaves])


def wrong_terms__shape_of_none(by_hand, parameters, loss):
    """For a parameter that the loss does not use, PyTorch's gradient is None. Compare with zeros there."""
    gradients = torch.autograd.grad(loss, [parameters[name] for name in by_hand], allow_unused=True)
    return _all_close(by_hand, gradients, [each.shape for each in gradients])


def _unused_as_none(by_hand, parameters, loss):
    gradients = torch.autograd.grad(loss, [parameters[name] for name in by_hand], allow_unused=True)
    return [(name, by_hand[name], gradient) for name, gradient in zip(by_hand, gradients)]


def wrong_terms__unused_skipped(by_hand, parameters, loss):
    """You did not check a parameter that the loss does not use. Compare its gradient by hand with zeros."""
    return [
        name for name, *pair in _unused_as_none(by_hand, parameters, loss) if pair[1] is not None and _is_wrong(*pair)
    ]


def wrong_terms__unused_always_wrong(by_hand, parameters, loss):
    """You counted zeros as wrong for a parameter that the loss does not use. Autograd's gradient is zeros there, in
    its shape."""
    return [name for name, mine, g in _unused_as_none(by_hand, parameters, loss) if g is None or _is_wrong(mine, g)]


def wrong_terms__unused_of_any_shape(by_hand, parameters, loss):
    """For a parameter that the loss does not use, you counted zeros of another shape as right. Compare the shapes
    there too."""
    return [
        name
        for name, mine, g in _unused_as_none(by_hand, parameters, loss)
        if (not mine.abs().le(1e-6).all() if g is None else _is_wrong(mine, g))
    ]


def root_mean_square__bare_root(errors):
    """If all errors are 0, your gradient is nan: the root's slope is inf at 0, and inf * 0 is nan. Keep 0 out of
    the root."""
    return errors.square().mean().sqrt()


def root_mean_square__too_much_added(errors):
    """Your result is off by more than 1e-6 for small errors. Under the root, add 1e-12 or less."""
    return (errors.square().mean() + 1e-6).sqrt()


def root_mean_square__a_little_too_much_added(errors):
    """Your result is off by more than 1e-6 for small errors. Under the root, add 1e-12 or less."""
    return (errors.square().mean() + 1e-8).sqrt()


def root_mean_square__clamped_too_high(errors):
    """Your result is off by more than 1e-6 for small errors. Under the root, add 1e-12 or less."""
    return errors.square().mean().clamp(min=1e-6).sqrt()


def root_mean_square__added_after_the_root(errors):
    """Your result is too large by a constant. A number added after the root comes too late: add 1e-12 under it."""
    return errors.square().mean().sqrt() + 1e-4


def root_mean_square__a_number_without_graph(errors):
    """The value is right, but your result has no graph. Compute it from the errors with operations that autograd
    records."""
    return (errors.square().mean() + 1e-12).sqrt().detach()


def root_mean_square__0_without_graph(errors):
    """If all errors are 0, your result has no graph. Compute it from the errors in this case too."""
    if not errors.any():
        return torch.zeros((), device=errors.device)
    return errors.square().mean().sqrt()


def root_mean_square__of_the_sum(errors):
    """Your result is the root of the sum of the squares. Take the root of their mean."""
    return (errors.square().sum() + 1e-12).sqrt()


def root_mean_square__by_row(errors):
    """Your result has one value for each row. Take the mean over all errors."""
    if errors.ndim < 2:
        return (errors.square().mean() + 1e-12).sqrt()
    return (errors.square().mean(dim=-1) + 1e-12).sqrt()


def root_mean_square__size_of_the_mean(errors):
    """Your result is the absolute value of the mean, in which errors cancel. Square the errors before you take the
    mean."""
    return (errors.mean() ** 2 + 1e-12).sqrt()


def root_mean_square__root_forgotten(errors):
    """Your result is the mean of the squares. Take its root."""
    return errors.square().mean() + 0.0


def root_mean_square__mean_of_sizes(errors):
    """Your result is the mean of the absolute values. Square the errors, and take the root of the mean."""
    return errors.abs().mean()


def safe_sqrt__chosen_afterwards(x):
    """The values are right, but the gradient below 0 is nan: the root of a negative number spoils it. Replace such
    entries before the root."""
    return torch.where(x > 0, x.sqrt(), 0.0)


def safe_sqrt__clamped(x):
    """The values are right, but gradients at or below 0 are inf or nan: the root met a 0. Put another number there
    first."""
    return x.clamp(min=0).sqrt()


def safe_sqrt__clamped_and_chosen(x):
    """The values are right, but the gradient at 0 is nan: the root's slope is inf, and inf * 0 is nan. Keep 0 out
    of the root."""
    return torch.where(x > 0, x.clip(0).sqrt(), 0)


def safe_sqrt__added_under_the_root(x):
    """Your result is not 0 at 0, and small entries are off. Add nothing under the root."""
    return (x.clamp(min=0) + 1e-8).sqrt()


def safe_sqrt__a_little_added_under_the_root(x):
    """Your very small entries are off, because you added a number under the root. Add nothing there."""
    positive = x > 0
    return torch.where(positive, (torch.where(positive, x, 1.0) + 1e-12).sqrt(), 0.0)


def safe_sqrt__root_of_the_size(x):
    """A negative entry became the root of its absolute value. It must become 0, with gradient 0."""
    return torch.where(x == 0, 1.0, x).abs().sqrt() * (x != 0)


def safe_sqrt__negative_entries_left(x):
    """Your result has the negative entries of x unchanged. They must become 0."""
    positive = x > 0
    return torch.where(positive, torch.where(positive, x, 1.0).sqrt(), x)


def safe_sqrt__ones_left(x):
    """Entries that are not above 0 became 1. Replace their results by 0, after the root."""
    return torch.where(x > 0, x, 1.0).sqrt()


def safe_sqrt__multiplied_by_0(x):
    """Entries below 0 became nan, because nan * 0 is nan. Replace these entries before you take the root."""
    return x.sqrt() * (x > 0)


def safe_sqrt__without_graph(x):
    """The values are right, but your result has no graph. Compute it from x with operations that autograd
    records."""
    return x.detach().clamp(min=0).sqrt()


def safe_sqrt__input_changed(x):
    """The result is right, but you changed the argument x. Work on a copy."""
    answer = torch.where(x > 0, torch.where(x > 0, x, 1.0).sqrt(), 0.0)
    x.data.clamp_(min=0)
    return answer


def safe_sqrt__small_entries_cut_off(x):
    """A small entry became 0. Every entry above 0 has a root."""
    large = x > 1e-6
    return torch.where(large, torch.where(large, x, 1.0).sqrt(), 0.0)


def safe_sqrt__clamped_to_a_small_number(x):
    """A very small entry became the root of a larger number. Every entry above 0 has its own root."""
    return x.clamp(min=1e-12).sqrt() * (x > 0)
