"""Wrong answers to katas/lesson_2_autograd/kata_09_capstone.py, each with the sentence that corrects the belief."""

import torch


def _checked(predictions, targets):
    if predictions.shape != targets.shape:
        raise ValueError
    return ((predictions - targets) ** 2).mean()


def _line_loss(features, targets, weights, bias):
    return _checked(features @ weights + bias, targets)


def _net_loss(features, targets, weights_1, bias_1, weights_2, bias_2):
    return _line_loss(torch.tanh(features @ weights_1 + bias_1), targets, weights_2, bias_2)


def _walk(loss_of, features, targets, parameters, learning_rate, steps):
    """The parameters and the loss of every step, untracked."""
    for _ in range(steps + 1):
        parameters = [parameter.detach().clone().requires_grad_() for parameter in parameters]
        loss = loss_of(features, targets, *parameters)
        yield [each.detach() for each in (*parameters, loss)]
        slopes = torch.autograd.grad(loss, parameters)
        parameters = [parameter - learning_rate * slope for parameter, slope in zip(parameters, slopes, strict=True)]


def _stacked(history):
    return tuple(torch.stack(column) for column in zip(*history, strict=True))


def _net_history(history):
    history = list(history)
    return [tuple(state[:4]) for state in history], torch.stack([state[4] for state in history])


def line_loss__shapes_not_compared(features, targets, weights, bias):
    """Shapes that differ passed: a column and a row, one minus the other, make a table of all pairs, and its mean is
    no loss of these predictions. Refuse them."""
    return ((features @ weights + bias - targets) ** 2).mean()


def line_loss__only_counted(features, targets, weights, bias):
    """Equally many rows were enough for you, but (4,) and (4, 1) have that in common: compare the whole shapes."""
    predictions = features @ weights + bias
    if len(predictions) != len(targets):
        raise ValueError
    return ((predictions - targets) ** 2).mean()


def line_loss__asserted(features, targets, weights, bias):
    """An AssertionError, as assert raises it, is for your own slips, and python -O leaves every assert out: wrong
    arguments are refused with a ValueError."""
    predictions = features @ weights + bias
    assert predictions.shape == targets.shape
    return ((predictions - targets) ** 2).mean()


def line_loss__sum(features, targets, weights, bias):
    """This is the sum of the squares, and its gradient is N times as large: the mean was asked for."""
    return _line_loss(features, targets, weights, bias) * len(targets)


def line_loss__not_recorded(features, targets, weights, bias):
    """Your loss has the right value and no graph: nothing can flow back to the parameters."""
    return _line_loss(features, targets, weights, bias).detach()


def line_loss__bias_cut_off(features, targets, weights, bias):
    """No gradient comes to the bias: in your graph it is a constant, not a node."""
    return _line_loss(features, targets, weights, bias.detach())


def line_loss__sent_backward(features, targets, weights, bias):
    """The loss was to be handed over with its graph: you have gone backward, and the graph is used up."""
    loss = _line_loss(features, targets, weights, bias)
    loss.backward()
    return loss


def line_loss__ready_made(features, targets, weights, bias):
    """The loss came out of torch.nn: the step is to work it out from the differences."""
    predictions = features @ weights + bias
    if predictions.shape != targets.shape:
        raise ValueError
    return torch.nn.functional.mse_loss(predictions, targets)


def slopes__added_to_grad(loss, parameters):
    """You went backward into .grad: what was there before counts too, and whoever kept it finds it changed."""
    parameters = list(parameters)
    loss.backward()
    return [torch.zeros_like(p) if p.grad is None else p.grad.clone() for p in parameters]


def slopes__grad_cleared_and_used(loss, parameters):
    """The gradients are right, but .grad was emptied and filled on the way: it holds what you left there."""
    parameters = list(parameters)
    for parameter in parameters:
        parameter.grad = None
    loss.backward()
    return [torch.zeros_like(p) if p.grad is None else p.grad.clone() for p in parameters]


def slopes__other_leaves_filled(loss, parameters):
    """You put the parameters' .grad back, but a backward pass fills that of every leaf it meets, given or not."""
    parameters = list(parameters)
    before = [parameter.grad for parameter in parameters]
    for parameter in parameters:
        parameter.grad = None
    loss.backward()
    answer = [torch.zeros_like(p) if p.grad is None else p.grad for p in parameters]
    for parameter, grad in zip(parameters, before, strict=True):
        parameter.grad = grad
    return answer


def slopes__none_where_unused(loss, parameters):
    """None is no number to step by: a loss that does not depend on a parameter has the gradient zero there."""
    return list(torch.autograd.grad(loss, list(parameters), allow_unused=True))


def slopes__generator_used_up(loss, parameters):
    """A generator gives its parameters once: whatever goes through it a second time finds none. Put them in a list
    first."""
    found = torch.autograd.grad(loss, parameters, allow_unused=True)
    return [torch.zeros_like(p) if g is None else g for p, g in zip(parameters, found)]


def slopes__unused_refused(loss, parameters):
    """A parameter that the loss does not depend on is no error here: its gradient is zeros."""
    return list(torch.autograd.grad(loss, list(parameters)))


def slopes__tracked(loss, parameters):
    """Your gradients carry a graph of their own: it was recorded how they came about, and here none is needed."""
    parameters = list(parameters)
    return list(torch.autograd.grad(loss, parameters, create_graph=True, materialize_grads=True))


def line_descend__gradients_add_up(features, targets, weights, bias, learning_rate, steps):
    """From the second step on you go too far: the gradients of all the steps before are still in .grad."""
    parameters = [parameter.clone().requires_grad_() for parameter in (weights, bias)]
    history = []
    for _ in range(steps + 1):
        loss = _line_loss(features, targets, *parameters)
        history.append([each.detach().clone() for each in (*parameters, loss)])
        loss.backward()
        with torch.no_grad():
            for parameter in parameters:
                parameter -= learning_rate * parameter.grad
    return _stacked(history)


def line_descend__snapshots_share_memory(features, targets, weights, bias, learning_rate, steps):
    """Every row of your history is the last one: what you kept shares its memory with what you went on changing."""
    parameters = [parameter.clone().requires_grad_() for parameter in (weights, bias)]
    history = []
    for step in range(steps + 1):
        loss = _line_loss(features, targets, *parameters)
        history.append([each.detach() for each in (*parameters, loss)])
        if step < steps:
            with torch.no_grad():
                for parameter, slope in zip(parameters, torch.autograd.grad(loss, parameters), strict=True):
                    parameter -= learning_rate * slope
    return _stacked(history)


def line_descend__snapshots_move_on(features, targets, weights, bias, learning_rate, steps):
    """Every row of your history is the same, one step past the last: what you kept shares its memory with what you
    went on changing."""
    history = list(_walk(_line_loss, features, targets, (weights, bias), learning_rate, steps + 1))
    weights, biases, losses = _stacked(history)
    rows = steps + 1
    return weights[-1:].repeat(rows, 1), biases[-1:].repeat(rows), losses[:-1]


def line_descend__given_tensors_tracked(features, targets, weights, bias, learning_rate, steps):
    """The caller's tensors are tracked now: a name that ends in _ changes the very tensor that you were given."""
    weights.requires_grad_()
    bias.requires_grad_()
    return _stacked(_walk(_line_loss, features, targets, (weights, bias), learning_rate, steps))


def line_descend__given_tensors_updated(features, targets, weights, bias, learning_rate, steps):
    """The caller's own weights have been taken downhill: the update wrote into the tensors that you were given."""
    history = list(_walk(_line_loss, features, targets, (weights, bias), learning_rate, steps))
    weights.copy_(history[-1][0])
    bias.copy_(history[-1][1])
    return _stacked(history)


def line_descend__graph_kept(features, targets, weights, bias, learning_rate, steps):
    """The numbers are right, and behind them hangs the graph of the whole descent: keep values, not graphs."""
    parameters = [parameter.clone().requires_grad_() for parameter in (weights, bias)]
    history = []
    for _ in range(steps + 1):
        loss = _line_loss(features, targets, *parameters)
        history.append((*parameters, loss))
        slopes = torch.autograd.grad(loss, parameters, retain_graph=True)
        parameters = [parameter - learning_rate * slope for parameter, slope in zip(parameters, slopes, strict=True)]
    return _stacked(history)


def line_descend__start_left_out(features, targets, weights, bias, learning_rate, steps):
    """You have one state for each step; the start belongs to the history too, before the first update."""
    history = _stacked(_walk(_line_loss, features, targets, (weights, bias), learning_rate, steps))
    return tuple(column[1:] for column in history)


def line_descend__one_after_the_other(features, targets, weights, bias, learning_rate, steps):
    """The second of the two moved by a loss of the first already moved: weights and bias step from the same loss."""
    parameters, history = [weights, bias], []
    for _ in range(steps + 1):
        history.append([*parameters, _line_loss(features, targets, *parameters)])
        for place in range(2):
            parameter = parameters[place] = parameters[place].detach().requires_grad_()
            (slope,) = torch.autograd.grad(_line_loss(features, targets, *parameters), parameter)
            parameters[place] = (parameter - learning_rate * slope).detach()
    return _stacked(history)


def line_descend__by_the_formula(features, targets, weights, bias, learning_rate, steps):
    """Right numbers, without a backward pass: they come from a formula, and here the graph was to give them."""
    history = []
    for _ in range(steps + 1):
        errors = features @ weights + bias - targets
        history.append((weights, bias, (errors**2).mean()))
        weights = weights - learning_rate * 2 * (errors @ features) / len(errors)
        bias = bias - learning_rate * 2 * errors.mean()
    return _stacked(history)


def net_loss__without_tanh(features, targets, weights_1, bias_1, weights_2, bias_2):
    """Without tanh between them, two layers are one line: your net has no bend in it."""
    return _line_loss(features @ weights_1 + bias_1, targets, weights_2, bias_2)


def net_loss__tanh_at_the_end(features, targets, weights_1, bias_1, weights_2, bias_2):
    """Your predictions went through tanh too, and never leave -1 to 1: it belongs to the hidden layer alone."""
    hidden = torch.tanh(features @ weights_1 + bias_1)
    return _checked(torch.tanh(hidden @ weights_2 + bias_2), targets)


def net_loss__hidden_layer_cut_off(features, targets, weights_1, bias_1, weights_2, bias_2):
    """The value is right, but no gradient comes to the first layer: the graph ends at the hidden numbers."""
    hidden = torch.tanh(features @ weights_1 + bias_1).detach()
    return _line_loss(hidden, targets, weights_2, bias_2)


def net_loss__bias_after_tanh(features, targets, weights_1, bias_1, weights_2, bias_2):
    """Your first bias comes after tanh: it belongs to the sums that go into it."""
    return _line_loss(torch.tanh(features @ weights_1) + bias_1, targets, weights_2, bias_2)


def net_loss__sum(features, targets, weights_1, bias_1, weights_2, bias_2):
    """This is the sum of the squares, and its gradient is N times as large: the mean was asked for."""
    hidden = torch.tanh(features @ weights_1 + bias_1)
    return _line_loss(hidden, targets, weights_2, bias_2) * len(targets)


def net_loss__all_pairs(features, targets, weights_1, bias_1, weights_2, bias_2):
    """Your predictions are a column (N, 1): less targets (N,), each is compared with every target."""
    hidden = torch.tanh(features @ weights_1 + bias_1)
    return ((hidden @ weights_2[:, None] + bias_2 - targets) ** 2).mean()


def net_descend__gradients_add_up(features, targets, parameters, learning_rate, steps):
    """From the second step on you go too far: the gradients of all the steps before are still in .grad."""
    parameters = [parameter.clone().requires_grad_() for parameter in parameters]
    history = []
    for _ in range(steps + 1):
        loss = _net_loss(features, targets, *parameters)
        history.append([each.detach().clone() for each in (*parameters, loss)])
        loss.backward()
        with torch.no_grad():
            for parameter in parameters:
                parameter -= learning_rate * parameter.grad
    return _net_history(history)


def net_descend__snapshots_share_memory(features, targets, parameters, learning_rate, steps):
    """All your states are the last one: what you kept shares its memory with what you went on changing."""
    parameters = [parameter.clone().requires_grad_() for parameter in parameters]
    history = []
    for step in range(steps + 1):
        loss = _net_loss(features, targets, *parameters)
        history.append([each.detach() for each in (*parameters, loss)])
        if step < steps:
            with torch.no_grad():
                for parameter, slope in zip(parameters, torch.autograd.grad(loss, parameters), strict=True):
                    parameter -= learning_rate * slope
    return _net_history(history)


def net_descend__snapshots_move_on(features, targets, parameters, learning_rate, steps):
    """All your states are the same, one step past the last: what you kept shares its memory with what you went on
    changing."""
    states, losses = _net_history(_walk(_net_loss, features, targets, parameters, learning_rate, steps + 1))
    return [states[-1]] * (steps + 1), losses[:-1]


def net_descend__start_is_the_given(features, targets, parameters, learning_rate, steps):
    """Your first state shares memory with the tensors given: whoever changes those changes your history too."""
    states, losses = _net_history(_walk(_net_loss, features, targets, parameters, learning_rate, steps))
    return [tuple(parameters), *states[1:]], losses


def net_descend__given_tensors_updated(features, targets, parameters, learning_rate, steps):
    """The caller's own parameters have been taken downhill: the update wrote into the tensors that you were given."""
    states, losses = _net_history(_walk(_net_loss, features, targets, parameters, learning_rate, steps))
    for parameter, last in zip(parameters, states[-1], strict=True):
        parameter.copy_(last)
    return states, losses


def net_descend__layer_by_layer(features, targets, parameters, learning_rate, steps):
    """Your parameters move one after the other, each by a loss of those already moved: all step from the same loss."""
    parameters = [parameter.clone() for parameter in parameters]
    history = []
    for _ in range(steps + 1):
        history.append([*parameters, _net_loss(features, targets, *parameters)])
        for place in range(4):
            parameter = parameters[place] = parameters[place].detach().requires_grad_()
            (slope,) = torch.autograd.grad(_net_loss(features, targets, *parameters), parameter)
            parameters[place] = (parameter - learning_rate * slope).detach()
    return _net_history(history)


def net_descend__losses_one_short(features, targets, parameters, learning_rate, steps):
    """There is a state without its loss: the last one has a loss too, although no step follows it."""
    states, losses = _net_history(_walk(_net_loss, features, targets, parameters, learning_rate, steps))
    return states, losses[:-1]
