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
    """These are differences between x + h and x itself: a step back is to be taken too, the same way on both sides."""
    return _shaped(x, [each / h for each in _differences(f, x, [(step, 0 * step) for step in _steps(x, h)])])


def central_difference__divided_by_one_step(f, x, h):
    """Every slope is twice as steep as it should be: from one side to the other it is two steps, not one."""
    return _shaped(x, [each / h for each in _differences(f, x, [(step, -step) for step in _steps(x, h)])])


def central_difference__back_to_the_middle(f, x, h):
    """From f at x + h, f at x was taken, not f one step back. (An entry looked up in a tensor and kept is a view:
    write to its place, and what you kept changes as well.)"""
    return _shaped(x, [each / (2 * h) for each in _differences(f, x, [(step, 0 * step) for step in _steps(x, h)])])


def central_difference__times_h(f, x, h):
    """The difference was halved and multiplied by h: both the 2 and the h are to divide it, and in / 2 * h only
    the 2 does."""
    return _shaped(x, [each / 2 * h for each in _differences(f, x, [(step, -step) for step in _steps(x, h)])])


def central_difference__row_by_row(f, x, h):
    """All entries of a row moved together, and share a slope: one index picks a whole row of a matrix."""
    slopes = torch.zeros_like(x).detach()
    with torch.no_grad():
        for i in range(len(x)):
            up, down = x.clone(), x.clone()
            up[i] += h
            down[i] -= h
            slopes[i] = (f(up) - f(down)) / (2 * h)
    return slopes


def central_difference__all_entries_at_once(f, x, h):
    """All entries moved together, so that each slope holds the others too: move one and leave the others."""
    step = torch.full_like(x, h).detach()
    slopes = _differences(f, x, [(step, -step)])
    return _shaped(x, [slopes[0] / (2 * h)] * x.numel())


def central_difference__not_put_back(f, x, h):
    """An entry that was moved has stayed moved while the next ones had their turn: each is to move alone."""
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
    """All slopes are 0 for a matrix that is turned round: flattening it makes a copy, and a write to that is lost."""
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


def central_difference__no_slopes_to_stack(f, x, h):
    """An x without numbers has no slopes, and of none no stack can be made: the answer is empty there, shaped as x."""
    with torch.no_grad():
        slopes = [(f(x + step) - f(x - step)) / (2 * h) for step in _steps(x, h)]
        return torch.stack(slopes).reshape(x.shape)


def central_difference__viewed_in_one_row(f, x, h):
    """The numbers of a matrix turned round, or of its clone, don't lie in memory row after row: no view has them in
    one row."""
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
    """The numbers are right, but x is not what it was: adding h and taking it away again leaves a rounding behind."""
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
    """The numbers are right, but autograd recorded how they came about: this check needs no graph, so switch it off."""
    slopes = [(f(x + step) - f(x - step)) / (2 * h) for step in _steps(x, h)]
    return torch.stack(slopes).reshape(x.shape) if slopes else torch.zeros_like(x)


def central_difference__step_in_float32(f, x, h):
    """The slopes are a little off: h went through float32, which does not hold it exactly, and x is float64."""
    steps = h * torch.eye(x.numel(), device=x.device).reshape(x.numel(), *x.shape)
    return _shaped(x, [each / (2 * h) for each in _differences(f, x, [(step, -step) for step in steps])])


def central_difference__the_exact_gradient(f, x, h):
    """This is the slope at x itself, as autograd finds it: the step h is to be taken, as large as it is."""
    own = x.detach().clone().requires_grad_()
    return torch.autograd.grad(f(own), own)[0]


def _error(a, b):
    return (a - b).abs() / torch.maximum(a.abs(), b.abs()).clamp(min=1e-8)


def _check_shapes(by_hand, by_autograd):
    for name in by_hand:
        if by_hand[name].shape != by_autograd[name].shape:
            raise ValueError(name)


def largest_error__shapes_unchecked(by_hand, by_autograd):
    """Shapes that differ are often broadcast without a word, and all pairs are compared: check the shapes first."""
    return torch.stack([_error(a, by_autograd[name]).max() for name, a in by_hand.items()]).max().item()


def largest_error__only_counted(by_hand, by_autograd):
    """Equally many numbers can stand in two shapes that differ: compare the shapes, not how many there are."""
    for name in by_hand:
        if by_hand[name].numel() != by_autograd[name].numel():
            raise ValueError(name)
    pairs = [(a.flatten(), by_autograd[name].flatten()) for name, a in by_hand.items()]
    return torch.stack([_error(a, b).max() for a, b in pairs]).max().item()


def largest_error__paired_by_order(by_hand, by_autograd):
    """The first was compared with the first, whatever their names: two dicts may hold the same names in two orders."""
    pairs = list(zip(by_hand.values(), by_autograd.values()))
    if any(a.shape != b.shape for a, b in pairs):
        raise ValueError("shapes differ")
    return torch.stack([_error(a, b).max() for a, b in pairs]).max().item()


def largest_error__absolute(by_hand, by_autograd):
    """This is the largest difference itself: 10 is little beside 100 and much beside 1, so divide by their size."""
    _check_shapes(by_hand, by_autograd)
    return torch.stack([(a - by_autograd[name]).abs().max() for name, a in by_hand.items()]).max().item()


def largest_error__divided_by_the_sum(by_hand, by_autograd):
    """This is half of what was asked for, or a little more: divide by the larger of the two sizes, not by their sum."""
    _check_shapes(by_hand, by_autograd)
    errors = [
        ((a - b).abs() / (a.abs() + b.abs()).clamp(min=1e-8)).max()
        for a, b in ((a, by_autograd[name]) for name, a in by_hand.items())
    ]
    return torch.stack(errors).max().item()


def largest_error__divided_by_one_side(by_hand, by_autograd):
    """The two sides do not count alike: only the sizes of one were divided by, and the larger of both is asked for."""
    _check_shapes(by_hand, by_autograd)
    errors = [((a - by_autograd[n]).abs() / a.abs().clamp(min=1e-8)).max() for n, a in by_hand.items()]
    return torch.stack(errors).max().item()


def largest_error__0_divided_by_0(by_hand, by_autograd):
    """0 divided by 0 is nan: where both gradients are 0 they agree, and the 1e-8 is there for that."""
    _check_shapes(by_hand, by_autograd)
    errors = [
        ((a - by_autograd[n]).abs() / torch.maximum(a.abs(), by_autograd[n].abs())).max() for n, a in by_hand.items()
    ]
    return torch.stack(errors).max().item()


def largest_error__signs_kept(by_hand, by_autograd):
    """An error below zero was taken for a small one: it is the size of a difference that counts, not its sign."""
    _check_shapes(by_hand, by_autograd)
    errors = [
        ((a - b) / torch.maximum(a.abs(), b.abs()).clamp(min=1e-8)).max()
        for a, b in ((a, by_autograd[name]) for name, a in by_hand.items())
    ]
    return torch.stack(errors).max().item()


def largest_error__mean(by_hand, by_autograd):
    """Many right entries hide a wrong one in a mean: the error of the worst entry is asked for."""
    _check_shapes(by_hand, by_autograd)
    return torch.cat([_error(a, by_autograd[name]).flatten() for name, a in by_hand.items()]).mean().item()


def largest_error__last_name_only(by_hand, by_autograd):
    """This is the error of the last name alone: the worst entry may stand under any of them."""
    _check_shapes(by_hand, by_autograd)
    for name, a in by_hand.items():
        worst = _error(a, by_autograd[name]).max().item()
    return worst


def largest_error__nan_lost(by_hand, by_autograd):
    """Every comparison with nan is false, so that one nan went by unseen among the numbers: see that it comes out."""
    _check_shapes(by_hand, by_autograd)
    worst = 0.0
    for name, a in by_hand.items():
        worst = max(worst, _error(a, by_autograd[name]).max().item())
    return worst


def largest_error__a_tensor(by_hand, by_autograd):
    """The value is right, but it is still a tensor: a Python float is asked for."""
    _check_shapes(by_hand, by_autograd)
    return torch.stack([_error(a, by_autograd[name]).max() for name, a in by_hand.items()]).max()


def _backward(features, targets, weights_1, bias_1, weights_2, bias_2):
    """What the way back begins with: hidden, errors, and the gradient of the predictions."""
    hidden = torch.tanh(features @ weights_1 + bias_1)
    errors = hidden @ weights_2 + bias_2 - targets
    return hidden, errors, 2 * errors / len(errors)


def _finish(features, hidden, weights_2, to_predictions):
    to_sums = to_predictions[:, None] * weights_2 * (1 - hidden**2)
    return features.T @ to_sums, to_sums.sum(0), hidden.T @ to_predictions, to_predictions.sum()


def net_gradients__of_the_sum(features, targets, weights_1, bias_1, weights_2, bias_2):
    """All are exactly N times as large as they should be: the loss is the mean of N squares, not their sum."""
    hidden, errors, _ = _backward(features, targets, weights_1, bias_1, weights_2, bias_2)
    return _finish(features, hidden, weights_2, 2 * errors)


def net_gradients__half_as_large(features, targets, weights_1, bias_1, weights_2, bias_2):
    """All are exactly half as large as they should be: the slope of a square is twice what is squared."""
    hidden, errors, _ = _backward(features, targets, weights_1, bias_1, weights_2, bias_2)
    return _finish(features, hidden, weights_2, errors / len(errors))


def net_gradients__other_sign(features, targets, weights_1, bias_1, weights_2, bias_2):
    """All have the wrong sign: a prediction above its target has a loss that grows with it."""
    hidden, _, to_predictions = _backward(features, targets, weights_1, bias_1, weights_2, bias_2)
    return _finish(features, hidden, weights_2, -to_predictions)


def net_gradients__averaged_once_more(features, targets, weights_1, bias_1, weights_2, bias_2):
    """The biases' gradients are N times too small: their 1/N came in with the loss, and the rows add up from there."""
    hidden, _, to_predictions = _backward(features, targets, weights_1, bias_1, weights_2, bias_2)
    to_w1, to_b1, to_w2, to_b2 = _finish(features, hidden, weights_2, to_predictions)
    return to_w1, to_b1 / len(features), to_w2, to_b2 / len(features)


def net_gradients__tanh_left_out(features, targets, weights_1, bias_1, weights_2, bias_2):
    """The gradient has passed tanh unchanged, but tanh is a node as any other: multiply by its local derivative."""
    hidden, _, to_predictions = _backward(features, targets, weights_1, bias_1, weights_2, bias_2)
    to_sums = to_predictions[:, None] * weights_2
    return features.T @ to_sums, to_sums.sum(0), hidden.T @ to_predictions, to_predictions.sum()


def net_gradients__slope_from_what_went_in(features, targets, weights_1, bias_1, weights_2, bias_2):
    """The local derivative of tanh is 1 less the square of what came out of it: here what went in was squared."""
    hidden, _, to_predictions = _backward(features, targets, weights_1, bias_1, weights_2, bias_2)
    sums = features @ weights_1 + bias_1
    to_sums = to_predictions[:, None] * weights_2 * (1 - sums**2)
    return features.T @ to_sums, to_sums.sum(0), hidden.T @ to_predictions, to_predictions.sum()


def net_gradients__slope_of_the_sigmoid(features, targets, weights_1, bias_1, weights_2, bias_2):
    """hidden * (1 - hidden) is the local derivative of another function, the sigmoid: that of tanh has a square."""
    hidden, _, to_predictions = _backward(features, targets, weights_1, bias_1, weights_2, bias_2)
    to_sums = to_predictions[:, None] * weights_2 * hidden * (1 - hidden)
    return features.T @ to_sums, to_sums.sum(0), hidden.T @ to_predictions, to_predictions.sum()


def net_gradients__outputs_first(features, targets, weights_1, bias_1, weights_2, bias_2):
    """The gradient of weights_1 is turned round, (H, D): a gradient has the layout of its parameter, here (D, H)."""
    hidden, _, to_predictions = _backward(features, targets, weights_1, bias_1, weights_2, bias_2)
    to_w1, *others = _finish(features, hidden, weights_2, to_predictions)
    return to_w1.T, *others


def net_gradients__bias_of_every_row(features, targets, weights_1, bias_1, weights_2, bias_2):
    """The biases were broadcast to all N rows on the way there, so on the way back the rows must be summed up."""
    hidden, _, to_predictions = _backward(features, targets, weights_1, bias_1, weights_2, bias_2)
    to_w1, _, to_w2, _ = _finish(features, hidden, weights_2, to_predictions)
    return to_w1, to_predictions[:, None] * weights_2 * (1 - hidden**2), to_w2, to_predictions


def net_gradients__targets_in_a_column(features, targets, weights_1, bias_1, weights_2, bias_2):
    """Each prediction was compared with every target: one of the two stood in a column, (N, 1), the other did not."""
    hidden = torch.tanh(features @ weights_1 + bias_1)
    errors = hidden @ weights_2 + bias_2 - targets[:, None]
    return _finish(features, hidden, weights_2, 2 * errors.mean(dim=0) / len(targets))


def net_gradients__rows_met_columns(features, targets, weights_1, bias_1, weights_2, bias_2):
    """A gradient for each of N rows met a weight for each of H columns entry by entry: every one should meet every."""
    hidden, _, to_predictions = _backward(features, targets, weights_1, bias_1, weights_2, bias_2)
    to_sums = to_predictions * weights_2 * (1 - hidden**2)
    return features.T @ to_sums, to_sums.sum(0), hidden.T @ to_predictions, to_predictions.sum()


def net_gradients__by_autograd(features, targets, weights_1, bias_1, weights_2, bias_2):
    """The numbers are right, but autograd worked them out: here the chain rule was to be applied by hand."""
    parameters = [each.clone().requires_grad_() for each in (weights_1, bias_1, weights_2, bias_2)]
    w1, b1, w2, b2 = parameters
    loss = (torch.tanh(features @ w1 + b1) @ w2 + b2 - targets).square().mean()
    return torch.autograd.grad(loss, parameters)


def _autograds(by_hand, parameters, loss):
    gradients = torch.autograd.grad(loss, [parameters[name] for name in by_hand], materialize_grads=True)
    return [(name, by_hand[name], gradient) for name, gradient in zip(by_hand, gradients)]


def _is_wrong(mine, gradient):
    return mine.shape != gradient.shape or not torch.allclose(mine, gradient, rtol=1e-3, atol=1e-6)


def wrong_terms__grads_filled(by_hand, parameters, loss):
    """The names are right, but .grad is not what it was: backward adds to it, and the next update would use that."""
    loss.backward()
    found = []
    for name, mine in by_hand.items():
        parameter = parameters[name]
        gradient = torch.zeros_like(parameter) if parameter.grad is None else parameter.grad
        if _is_wrong(mine, gradient):
            found.append(name)
    return found


def wrong_terms__grads_emptied(by_hand, parameters, loss):
    """What stood in .grad is gone: it was emptied to make room, and somebody may still have needed it."""
    for parameter in parameters.values():
        parameter.grad = None
    return [name for name, *pair in _autograds(by_hand, parameters, loss) if _is_wrong(*pair)]


def wrong_terms__paired_by_order(by_hand, parameters, loss):
    """The first was compared with the first, whatever their names: two dicts may hold the same names in two orders."""
    gradients = torch.autograd.grad(loss, list(parameters.values()), materialize_grads=True)
    return [name for (name, mine), g in zip(by_hand.items(), gradients) if _is_wrong(mine, g)]


def wrong_terms__broadcast(by_hand, parameters, loss):
    """A gradient of another shape was broadcast and counted as right, but it would not fit its parameter."""
    found = []
    for name, mine, gradient in _autograds(by_hand, parameters, loss):
        try:
            if not torch.allclose(mine, gradient, rtol=1e-3, atol=1e-6):
                found.append(name)
        except RuntimeError:
            found.append(name)
    return found


def wrong_terms__nan_passes(by_hand, parameters, loss):
    """Every comparison with nan is false, so that nan is never too far off: ask whether all entries are close."""
    return [
        name
        for name, mine, gradient in _autograds(by_hand, parameters, loss)
        if mine.shape != gradient.shape or ((mine - gradient).abs() > 1e-6 + 1e-3 * gradient.abs()).any()
    ]


def wrong_terms__nan_equals_nan(by_hand, parameters, loss):
    """nan on both sides was counted as right: a gradient that is nan is wrong, even if autograd's is nan as well."""
    return [
        name
        for name, mine, gradient in _autograds(by_hand, parameters, loss)
        if mine.shape != gradient.shape or not torch.allclose(mine, gradient, rtol=1e-3, atol=1e-6, equal_nan=True)
    ]


def wrong_terms__relative_only(by_hand, parameters, loss):
    """A tiny number was called wrong where autograd has 0: beside 0 any error is large, and 1e-6 is forgiven there."""
    return [
        name
        for name, mine, gradient in _autograds(by_hand, parameters, loss)
        if mine.shape != gradient.shape or not _error(mine, gradient).le(1e-3).all()
    ]


def wrong_terms__only_where_all_are_wrong(by_hand, parameters, loss):
    """A gradient with one wrong entry was counted as right: for that, each of its entries must be close."""
    return [
        name
        for name, mine, gradient in _autograds(by_hand, parameters, loss)
        if mine.shape != gradient.shape or not torch.isclose(mine, gradient, rtol=1e-3, atol=1e-6).any()
    ]


def wrong_terms__sums_compared(by_hand, parameters, loss):
    """Errors that cancel each other went unseen: compare entry with entry, not one number for each gradient."""
    return [
        name
        for name, mine, gradient in _autograds(by_hand, parameters, loss)
        if mine.shape != gradient.shape or not torch.allclose(mine.sum(), gradient.sum(), rtol=1e-3, atol=1e-6)
    ]


def wrong_terms__equal_to_the_last_bit(by_hand, parameters, loss):
    """Rounding was counted as an error: two ways to one gradient are seldom equal to the last bit."""
    return [
        name
        for name, mine, gradient in _autograds(by_hand, parameters, loss)
        if mine.shape != gradient.shape or not torch.equal(mine, gradient)
    ]


def wrong_terms__those_that_are_right(by_hand, parameters, loss):
    """These are the names whose gradients are right: those that are wrong are asked for."""
    return [name for name, *pair in _autograds(by_hand, parameters, loss) if not _is_wrong(*pair)]


def wrong_terms__first_one_only(by_hand, parameters, loss):
    """The search ended at the first that is wrong: there may be more."""
    return [name for name, *pair in _autograds(by_hand, parameters, loss) if _is_wrong(*pair)][:1]


def wrong_terms__unused_refused(by_hand, parameters, loss):
    """A parameter that the loss does not use has gradient 0, but unless told so autograd raises an error."""
    gradients = torch.autograd.grad(loss, [parameters[name] for name in by_hand])
    return [name for (name, mine), g in zip(by_hand.items(), gradients) if _is_wrong(mine, g)]


def _unused_as_none(by_hand, parameters, loss):
    gradients = torch.autograd.grad(loss, [parameters[name] for name in by_hand], allow_unused=True)
    return [(name, by_hand[name], gradient) for name, gradient in zip(by_hand, gradients)]


def wrong_terms__unused_skipped(by_hand, parameters, loss):
    """A parameter that the loss does not use was left out: autograd's gradient is 0 there, and yours may be wrong."""
    return [
        name for name, *pair in _unused_as_none(by_hand, parameters, loss) if pair[1] is not None and _is_wrong(*pair)
    ]


def wrong_terms__unused_always_wrong(by_hand, parameters, loss):
    """A parameter that the loss does not use was called wrong, though its gradient by hand is 0 everywhere: so is
    autograd's, in the parameter's own shape."""
    return [name for name, mine, g in _unused_as_none(by_hand, parameters, loss) if g is None or _is_wrong(mine, g)]


def wrong_terms__unused_of_any_shape(by_hand, parameters, loss):
    """Zeros of another shape were counted as right for a parameter that the loss does not use: there too, a gradient
    has the shape of its parameter."""
    return [
        name
        for name, mine, g in _unused_as_none(by_hand, parameters, loss)
        if (not mine.abs().le(1e-6).all() if g is None else _is_wrong(mine, g))
    ]


def passes_gradcheck__in_float32(f, x):
    """Right gradients are refused: in float32 a step of 1e-6 is lost in rounding, so the check needs float64."""
    return torch.autograd.gradcheck(f, (x.detach().clone().requires_grad_(),), raise_exception=False)


def passes_gradcheck__wider_tolerance(f, x):
    """A gradient that is a hundredth off was accepted: more precision is what the check needs, not more tolerance."""
    probe = x.detach().to(torch.float64, copy=True).requires_grad_()
    return torch.autograd.gradcheck(f, (probe,), rtol=0.05, atol=0.05, raise_exception=False)


def passes_gradcheck__raises(f, x):
    """For a wrong gradient gradcheck raises an error, unless told not to: here the answer is to be False."""
    return torch.autograd.gradcheck(f, (x.detach().to(torch.float64, copy=True).requires_grad_(),))


def passes_gradcheck__not_tracked(f, x):
    """gradcheck wants at least one input that is tracked: detaching, or starting from untracked x, leaves none."""
    return torch.autograd.gradcheck(f, (x.detach().to(torch.float64),), raise_exception=False)


def passes_gradcheck__at_another_place(f, x):
    """The check was made elsewhere than at x: a gradient can be right in one place and wrong in another."""
    probe = torch.linspace(0.1, 0.9, x.numel(), dtype=torch.float64, device=x.device).reshape(x.shape)
    return torch.autograd.gradcheck(f, (probe.requires_grad_(),), raise_exception=False)


def passes_gradcheck__input_tracked(f, x):
    """The answer is right, but x itself is tracked now: track a tensor of your own."""
    x.requires_grad_()
    return torch.autograd.gradcheck(
        f, (x.detach().to(torch.float64, copy=True).requires_grad_(),), raise_exception=False
    )


def passes_gradcheck__float64_input_tracked(f, x):
    """The answer is right, but x itself is tracked now if it is float64: turned into what it is already, it stays the
    same tensor, not a copy."""
    return torch.autograd.gradcheck(f, (x.double().requires_grad_(),), raise_exception=False)


def passes_gradcheck__on_the_cpu(f, x):
    """The check was made on the CPU: a function may work otherwise, or not at all, away from the device of x."""
    probe = x.detach().cpu().to(torch.float64, copy=True).requires_grad_()
    return torch.autograd.gradcheck(f, (probe,), raise_exception=False)


def passes_gradcheck__always_true(f, x):
    """A wrong gradient passes here as well: what gradcheck found must come out as False."""
    torch.autograd.gradcheck(f, (x.detach().to(torch.float64, copy=True).requires_grad_(),), raise_exception=False)
    return True


def root_mean_square__bare_root(errors):
    """The slope of the root is infinite at 0, and inf times the 0 behind it is nan: the root must not meet a 0."""
    return errors.square().mean().sqrt()


def root_mean_square__too_much_added(errors):
    """What was added under the root shows in the answer: 1e-6 under it is 1e-3 after it, where all errors are 0."""
    return (errors.square().mean() + 1e-6).sqrt()


def root_mean_square__added_after_the_root(errors):
    """A small number was added after the root, where it comes too late: the slope at 0 is infinite by then."""
    return errors.square().mean().sqrt() + 1e-4


def root_mean_square__a_number_without_graph(errors):
    """The value is right, but no graph leads from it to the errors: no gradient can flow back."""
    return (errors.square().mean() + 1e-12).sqrt().detach()


def root_mean_square__0_without_graph(errors):
    """Where all errors are 0, a new 0 was returned: it has no graph, so that no gradient comes back from it."""
    if not errors.any():
        return torch.zeros((), device=errors.device)
    return errors.square().mean().sqrt()


def root_mean_square__of_the_sum(errors):
    """This is the root of the sum of the squares: it grows with how many errors there are, a mean does not."""
    return (errors.square().sum() + 1e-12).sqrt()


def root_mean_square__root_forgotten(errors):
    """This is the mean of the squares: the root is still to be taken."""
    return errors.square().mean() + 0.0


def root_mean_square__mean_of_sizes(errors):
    """This is the mean of the sizes: it weighs large errors less than the root of the mean of squares does."""
    return errors.abs().mean()


def safe_sqrt__chosen_afterwards(x):
    """The values are right, the gradient is nan: a root taken below 0 gives nan to it, whatever replaces it later."""
    return torch.where(x > 0, x.sqrt(), 0.0)


def safe_sqrt__clamped(x):
    """The values are right, the gradient is not: entries at or below 0 became 0, where the root's slope is infinite."""
    return x.clamp(min=0).sqrt()


def safe_sqrt__clamped_and_chosen(x):
    """The gradient at 0 is nan: the root's slope is inf there, and 0 times inf is nan, whatever replaces the value."""
    return torch.where(x > 0, x.clip(0).sqrt(), 0)


def safe_sqrt__added_under_the_root(x):
    """A small number under the root shows where x is small or 0, in the values and far more in the gradient."""
    return (x.clamp(min=0) + 1e-8).sqrt()


def safe_sqrt__root_of_the_size(x):
    """An entry below 0 got the root of its size: it is to be 0, with gradient 0."""
    return torch.where(x == 0, 1.0, x).abs().sqrt() * (x != 0)


def safe_sqrt__ones_left(x):
    """Entries at or below 0 came out as 1: what stood in for them under the root must be replaced again."""
    return torch.where(x > 0, x, 1.0).sqrt()


def safe_sqrt__multiplied_by_0(x):
    """The root of a number below 0 is nan, and 0 times nan is nan: it cannot be wiped out afterwards."""
    return x.sqrt() * (x > 0)


def safe_sqrt__without_graph(x):
    """The values are right, but no graph leads from them to x: no gradient can flow back."""
    return x.detach().clamp(min=0).sqrt()


def safe_sqrt__input_changed(x):
    """The answer is right, but x itself has changed: an in-place operation writes to the caller's tensor."""
    answer = torch.where(x > 0, torch.where(x > 0, x, 1.0).sqrt(), 0.0)
    x.data.clamp_(min=0)
    return answer


def safe_sqrt__small_entries_cut_off(x):
    """Small entries came out as 0, or with a gradient that is too small: every entry above 0 has a root."""
    large = x > 1e-6
    return torch.where(large, torch.where(large, x, 1.0).sqrt(), 0.0)


def safe_sqrt__clamped_to_a_small_number(x):
    """Very small entries came out as the root of a larger number, with gradient 0: every entry above 0 has a root
    of its own."""
    return x.clamp(min=1e-12).sqrt() * (x > 0)
