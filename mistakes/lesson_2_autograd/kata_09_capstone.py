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
    """The parameters and the loss of every step, without a graph."""
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
    """Shapes that differ raised no error: PyTorch broadcast them, and the loss is wrong. Compare the two shapes and
    raise a ValueError."""
    return ((features @ weights + bias - targets) ** 2).mean()


def line_loss__only_counted(features, targets, weights, bias):
    """Your code accepts shapes that differ but have the same length, such as (4,) and (4, 1). Compare the whole
    shapes."""
    predictions = features @ weights + bias
    if len(predictions) != len(targets):
        raise ValueError
    return ((predictions - targets) ** 2).mean()


def line_loss__asserted(features, targets, weights, bias):
    """Your code raises an AssertionError. Wrong arguments get a ValueError, because python -O skips every
    assert."""
    predictions = features @ weights + bias
    assert predictions.shape == targets.shape
    return ((predictions - targets) ** 2).mean()


def line_loss__sum(features, targets, weights, bias):
    """Your result is the sum of the squares. The loss is their mean, so divide by N."""
    return _line_loss(features, targets, weights, bias) * len(targets)


def line_loss__dimensions_counted(features, targets, weights, bias):
    """Your code accepts different shapes with the same number of dimensions, such as (4,) and (1,). Compare the whole
    shapes."""
    predictions = features @ weights + bias
    if predictions.ndim != targets.ndim:
        raise ValueError
    return ((predictions - targets) ** 2).mean()


def line_loss__reshaped(features, targets, weights, bias):
    """Targets of shape (4, 1) raised no error, but your predictions have the shape (4,). Compare the whole shapes
    first, and change no shape."""
    predictions = features @ weights + bias
    return ((predictions - targets.reshape(predictions.shape)) ** 2).mean()


def line_loss__flattened(features, targets, weights, bias):
    """Targets of shape (4, 1) raised no error, but your predictions have the shape (4,). Compare the whole shapes
    first, and change no shape."""
    predictions = features @ weights + bias
    return _checked(predictions, targets.flatten())


def line_loss__bias_left_out(features, targets, weights, bias):
    """Your predictions lack the bias. Add it after features @ weights."""
    return _line_loss(features, targets, weights, 0 * bias)


def line_loss__bias_for_each_feature(features, targets, weights, bias):
    """You added the bias once for each feature. Sum the products first, then add the bias once."""
    return _checked((features * weights + bias).sum(dim=1), targets)


def line_loss__absolute_differences(features, targets, weights, bias):
    """Your result is the mean of the absolute differences. Square the differences instead."""
    predictions = features @ weights + bias
    if predictions.shape != targets.shape:
        raise ValueError
    return (predictions - targets).abs().mean()


def line_loss__not_recorded(features, targets, weights, bias):
    """The value is right, but your loss has no graph. Don't use detach(), item() or no_grad between the parameters
    and the loss."""
    return _line_loss(features, targets, weights, bias).detach()


def line_loss__bias_cut_off(features, targets, weights, bias):
    """No gradient reaches the bias. Compute the predictions with the bias itself, not with its value."""
    return _line_loss(features, targets, weights, bias.detach())


def line_loss__weights_cut_off(features, targets, weights, bias):
    """No gradient reaches the weights. Compute the predictions with the weights themselves, not with their values."""
    return _line_loss(features, targets, weights.detach(), bias)


def line_loss__sent_backward(features, targets, weights, bias):
    """Your code called backward(), which filled .grad and freed the graph. Return the loss and leave backward() to
    the caller."""
    loss = _line_loss(features, targets, weights, bias)
    loss.backward()
    return loss


def line_loss__ready_made(features, targets, weights, bias):
    """Your code used a loss or layer from torch.nn. Compute the loss from the differences."""
    predictions = features @ weights + bias
    if predictions.shape != targets.shape:
        raise ValueError
    return torch.nn.functional.mse_loss(predictions, targets)


def slopes__added_to_grad(loss, parameters):
    """You returned what .grad holds after backward(), with the old gradient in it. Use torch.autograd.grad, which
    returns gradients."""
    parameters = list(parameters)
    loss.backward()
    return [torch.zeros_like(p) if p.grad is None else p.grad.clone() for p in parameters]


def slopes__old_gradient_counted(loss, parameters):
    """Your result includes the old gradient in .grad, because backward() adds to it. Use torch.autograd.grad, which
    returns gradients."""
    parameters = list(parameters)
    before = [None if parameter.grad is None else parameter.grad.clone() for parameter in parameters]
    loss.backward(inputs=parameters)
    answer = [torch.zeros_like(p) if p.grad is None else p.grad.clone() for p in parameters]
    for parameter, grad in zip(parameters, before, strict=True):
        parameter.grad = grad
    return answer


def slopes__grad_cleared_and_used(loss, parameters):
    """The gradients are right, but the old gradient in .grad is gone. Use torch.autograd.grad, which does not
    change .grad."""
    parameters = list(parameters)
    for parameter in parameters:
        parameter.grad = None
    loss.backward()
    return [torch.zeros_like(p) if p.grad is None else p.grad.clone() for p in parameters]


def slopes__old_gradient_lost(loss, parameters):
    """The gradients are right, but the old gradient in .grad is gone. Use torch.autograd.grad, which does not change
    .grad."""
    parameters = list(parameters)
    for parameter in parameters:
        parameter.grad = None
    return list(torch.autograd.grad(loss, parameters, materialize_grads=True))


def slopes__other_leaves_filled(loss, parameters):
    """The gradients are right, but a leaf that is not among the parameters has a .grad now. Use torch.autograd.grad
    instead of backward()."""
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
    """Your list contains None for a parameter that the loss does not use. Return zeros with the shape of the
    parameter."""
    return list(torch.autograd.grad(loss, list(parameters), allow_unused=True))


def slopes__unused_left_out(loss, parameters):
    """Your list has no entry for a parameter that the loss does not use. Return zeros with the shape of the
    parameter."""
    found = torch.autograd.grad(loss, list(parameters), allow_unused=True)
    return [gradient for gradient in found if gradient is not None]


def slopes__zero_of_another_shape(loss, parameters):
    """Your zeros for a parameter that the loss does not use have a wrong shape. Use torch.zeros_like."""
    parameters = list(parameters)
    found = torch.autograd.grad(loss, parameters, allow_unused=True)
    return [p.new_zeros(()) if g is None else g for p, g in zip(parameters, found, strict=True)]


def slopes__generator_used_up(loss, parameters):
    """Your list is too short for a generator, because a generator can be read only once. Make a list of the
    parameters first."""
    found = torch.autograd.grad(loss, parameters, allow_unused=True)
    return [torch.zeros_like(p) if g is None else g for p, g in zip(parameters, found)]


def slopes__zero_as_a_number(loss, parameters):
    """For a parameter that the loss does not use, you returned a number. Return zeros with the shape of the
    parameter."""
    found = torch.autograd.grad(loss, list(parameters), allow_unused=True)
    return [0.0 if gradient is None else gradient for gradient in found]


def slopes__first_alone(loss, parameters):
    """Your list holds only the first gradient. Return one gradient for each parameter."""
    return [torch.autograd.grad(loss, list(parameters), materialize_grads=True)[0]]


def slopes__unused_refused(loss, parameters):
    """Your code raises an error for a parameter that the loss does not use. Return zeros: see materialize_grads."""
    return list(torch.autograd.grad(loss, list(parameters)))


def slopes__tracked(loss, parameters):
    """The values are right, but your gradients require grad. Don't pass create_graph, or detach the results."""
    parameters = list(parameters)
    return list(torch.autograd.grad(loss, parameters, create_graph=True, materialize_grads=True))


def slopes__zeros_made_of_the_parameter(loss, parameters):
    """Your zeros for a parameter that the loss does not use require grad. Use torch.zeros_like, or detach them."""
    parameters = list(parameters)
    found = torch.autograd.grad(loss, parameters, allow_unused=True)
    return [p * 0 if g is None else g for p, g in zip(parameters, found, strict=True)]


def slopes__a_tuple(loss, parameters):
    """You returned a tuple, as torch.autograd.grad does. Return a list."""
    return torch.autograd.grad(loss, list(parameters), materialize_grads=True)


def slopes__turned_off(loss, parameters):
    """The gradients are right, but a parameter no longer requires grad. Leave requires_grad unchanged."""
    parameters = list(parameters)
    found = torch.autograd.grad(loss, parameters, materialize_grads=True)
    for parameter in parameters:
        parameter.requires_grad_(False)
    return list(found)


def line_descend__gradients_add_up(features, targets, weights, bias, learning_rate, steps):
    """From the second update on, your steps include the gradients of earlier updates, which are still in .grad.
    Clear .grad each time."""
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
    """Your weights and biases are the same in every row. You kept tensors that a later update changed: keep
    copies."""
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
    """Your weights and biases are the same in every row. You kept tensors that a later update changed: keep
    copies."""
    history = list(_walk(_line_loss, features, targets, (weights, bias), learning_rate, steps + 1))
    weights, biases, losses = _stacked(history)
    rows = steps + 1
    return weights[-1:].repeat(rows, 1), biases[-1:].repeat(rows), losses[:-1]


def line_descend__given_tensors_tracked(features, targets, weights, bias, learning_rate, steps):
    """The arguments weights and bias require grad now. Set requires_grad only on copies, for example on the results of
    clone()."""
    weights.requires_grad_()
    bias.requires_grad_()
    return _stacked(_walk(_line_loss, features, targets, (weights, bias), learning_rate, steps))


def line_descend__given_tensors_updated(features, targets, weights, bias, learning_rate, steps):
    """You changed the arguments weights and bias. Work on copies."""
    history = list(_walk(_line_loss, features, targets, (weights, bias), learning_rate, steps))
    weights.copy_(history[-1][0])
    bias.copy_(history[-1][1])
    return _stacked(history)


def line_descend__graph_kept(features, targets, weights, bias, learning_rate, steps):
    """The numbers are right, but your result requires grad, so a graph is kept. Detach what you put into the
    history."""
    parameters = [parameter.clone().requires_grad_() for parameter in (weights, bias)]
    history = []
    for _ in range(steps + 1):
        loss = _line_loss(features, targets, *parameters)
        history.append((*parameters, loss))
        slopes = torch.autograd.grad(loss, parameters, retain_graph=True)
        parameters = [parameter - learning_rate * slope for parameter, slope in zip(parameters, slopes, strict=True)]
    return _stacked(history)


def line_descend__uphill(features, targets, weights, bias, learning_rate, steps):
    """Your parameters move uphill, so the loss rises. Subtract learning_rate * gradient."""
    return _stacked(_walk(_line_loss, features, targets, (weights, bias), -learning_rate, steps))


def line_descend__losses_after_the_updates(features, targets, weights, bias, learning_rate, steps):
    """The weights and biases are right, but your losses are one update late. Row i holds the loss after i updates."""
    history = _stacked(_walk(_line_loss, features, targets, (weights, bias), learning_rate, steps + 1))
    return history[0][:-1], history[1][:-1], history[2][1:]


def line_descend__given_tensors_trained(features, targets, weights, bias, learning_rate, steps):
    """You trained the arguments weights and bias themselves. Copy them with clone() first."""
    history = []
    parameters = [weights.requires_grad_(), bias.requires_grad_()]
    for _ in range(steps + 1):
        loss = _line_loss(features, targets, *parameters)
        history.append([each.detach().clone() for each in (*parameters, loss)])
        with torch.no_grad():
            for parameter, slope in zip(parameters, torch.autograd.grad(loss, parameters), strict=True):
                parameter -= learning_rate * slope
    return _stacked(history)


def line_descend__losses_with_a_graph(features, targets, weights, bias, learning_rate, steps):
    """The numbers are right, but your losses require grad. Detach each loss before you keep it."""
    history = _stacked(_walk(_line_loss, features, targets, (weights, bias), learning_rate, steps))
    return history[0], history[1], history[2].requires_grad_()


def line_descend__without_the_learning_rate(features, targets, weights, bias, learning_rate, steps):
    """Your updates subtract the whole gradient. Multiply it by learning_rate."""
    return _stacked(_walk(_line_loss, features, targets, (weights, bias), 1.0, steps))


def line_descend__recorded_after_the_update(features, targets, weights, bias, learning_rate, steps):
    """Your weights and biases are one update ahead of your losses. Record them before the update."""
    history = _stacked(_walk(_line_loss, features, targets, (weights, bias), learning_rate, steps + 1))
    return history[0][1:], history[1][1:], history[2][:-1]


def line_descend__by_an_optimizer(features, targets, weights, bias, learning_rate, steps):
    """Your code used torch.optim, which updates the parameters for you. Write the update yourself."""
    torch.optim.SGD([weights.clone().requires_grad_()], lr=learning_rate)
    return _stacked(_walk(_line_loss, features, targets, (weights, bias), learning_rate, steps))


def line_descend__start_left_out(features, targets, weights, bias, learning_rate, steps):
    """Your history lacks the state before the first update. It must have steps + 1 rows, the start included."""
    history = _stacked(_walk(_line_loss, features, targets, (weights, bias), learning_rate, steps))
    return tuple(column[1:] for column in history)


def line_descend__one_after_the_other(features, targets, weights, bias, learning_rate, steps):
    """You updated one parameter before you computed the gradient of the other. Compute both gradients from one
    loss."""
    parameters, history = [weights, bias], []
    for _ in range(steps + 1):
        history.append([*parameters, _line_loss(features, targets, *parameters)])
        for place in range(2):
            parameter = parameters[place] = parameters[place].detach().requires_grad_()
            (slope,) = torch.autograd.grad(_line_loss(features, targets, *parameters), parameter)
            parameters[place] = (parameter - learning_rate * slope).detach()
    return _stacked(history)


def line_descend__by_the_formula(features, targets, weights, bias, learning_rate, steps):
    """The numbers are right, but they come from a formula. Compute the gradients from the loss with autograd."""
    history = []
    for _ in range(steps + 1):
        errors = features @ weights + bias - targets
        history.append((weights, bias, (errors**2).mean()))
        weights = weights - learning_rate * 2 * (errors @ features) / len(errors)
        bias = bias - learning_rate * 2 * errors.mean()
    return _stacked(history)


def net_loss__without_tanh(features, targets, weights_1, bias_1, weights_2, bias_2):
    """Your hidden values did not go through tanh. Apply torch.tanh to them: without it, two layers are only one
    line."""
    return _line_loss(features @ weights_1 + bias_1, targets, weights_2, bias_2)


def net_loss__tanh_at_the_end(features, targets, weights_1, bias_1, weights_2, bias_2):
    """Your predictions went through tanh, so they stay between -1 and 1. Apply tanh only to the hidden values."""
    hidden = torch.tanh(features @ weights_1 + bias_1)
    return _checked(torch.tanh(hidden @ weights_2 + bias_2), targets)


def net_loss__hidden_layer_cut_off(features, targets, weights_1, bias_1, weights_2, bias_2):
    """The value is right, but no gradient reaches the first layer. Compute the hidden values without detach(), .data or
    no_grad()."""
    hidden = torch.tanh(features @ weights_1 + bias_1).detach()
    return _line_loss(hidden, targets, weights_2, bias_2)


def net_loss__bias_after_tanh(features, targets, weights_1, bias_1, weights_2, bias_2):
    """You added bias_1 after tanh. Add it before: tanh(features @ weights_1 + bias_1)."""
    return _line_loss(torch.tanh(features @ weights_1) + bias_1, targets, weights_2, bias_2)


def net_loss__sigmoid(features, targets, weights_1, bias_1, weights_2, bias_2):
    """Your hidden values went through a sigmoid. This net has tanh there."""
    return _line_loss(torch.sigmoid(features @ weights_1 + bias_1), targets, weights_2, bias_2)


def net_loss__second_bias_left_out(features, targets, weights_1, bias_1, weights_2, bias_2):
    """Your predictions lack bias_2. Add it after the second layer's weights."""
    return _line_loss(torch.tanh(features @ weights_1 + bias_1), targets, weights_2, bias_2 * 0)


def net_loss__relu(features, targets, weights_1, bias_1, weights_2, bias_2):
    """Your hidden values went through relu. This net has tanh there."""
    return _line_loss(torch.relu(features @ weights_1 + bias_1), targets, weights_2, bias_2)


def net_loss__first_bias_left_out(features, targets, weights_1, bias_1, weights_2, bias_2):
    """Your hidden values lack bias_1. Add it before tanh."""
    return _line_loss(torch.tanh(features @ weights_1 + 0 * bias_1), targets, weights_2, bias_2)


def net_loss__second_bias_for_each_unit(features, targets, weights_1, bias_1, weights_2, bias_2):
    """You added bias_2 once for each hidden value. Sum the products first, then add bias_2 once."""
    hidden = torch.tanh(features @ weights_1 + bias_1)
    return _checked((hidden * weights_2 + bias_2).sum(dim=1), targets)


def net_loss__ready_made(features, targets, weights_1, bias_1, weights_2, bias_2):
    """Your code used a loss or layer from torch.nn. Compute the loss from the formula of the net."""
    hidden = torch.tanh(features @ weights_1 + bias_1)
    return torch.nn.functional.mse_loss(hidden @ weights_2 + bias_2, targets)


def net_loss__first_weights_cut_off(features, targets, weights_1, bias_1, weights_2, bias_2):
    """The value is right, but no gradient reaches weights_1. Compute with the parameter itself, not with its value."""
    return _net_loss(features, targets, weights_1.detach(), bias_1, weights_2, bias_2)


def net_loss__sent_backward(features, targets, weights_1, bias_1, weights_2, bias_2):
    """Your code called backward(), which filled .grad and freed the graph. Return the loss and leave backward() to the
    caller."""
    loss = _net_loss(features, targets, weights_1, bias_1, weights_2, bias_2)
    loss.backward()
    return loss


def net_loss__given_tensors_tracked(features, targets, weights_1, bias_1, weights_2, bias_2):
    """A given parameter requires grad now, although it did not before. Leave requires_grad unchanged."""
    for parameter in (weights_1, bias_1, weights_2, bias_2):
        parameter.requires_grad_()
    return _net_loss(features, targets, weights_1, bias_1, weights_2, bias_2)


def net_loss__sum(features, targets, weights_1, bias_1, weights_2, bias_2):
    """Your result is the sum of the squares. The loss is their mean, so divide by N."""
    hidden = torch.tanh(features @ weights_1 + bias_1)
    return _line_loss(hidden, targets, weights_2, bias_2) * len(targets)


def net_loss__all_pairs(features, targets, weights_1, bias_1, weights_2, bias_2):
    """Your result compares each prediction with every target: shapes (N, 1) and (N,) broadcast. Give the
    predictions the shape (N,)."""
    hidden = torch.tanh(features @ weights_1 + bias_1)
    return ((hidden @ weights_2[:, None] + bias_2 - targets) ** 2).mean()


def _trained(features, targets, parameters, learning_rate, steps):
    """The history of the net: only parameters that require grad are updated."""
    parameters = [p.detach().clone().requires_grad_(p.requires_grad) for p in parameters]
    trained = [parameter for parameter in parameters if parameter.requires_grad]
    history = []
    for _ in range(steps + 1):
        loss = _net_loss(features, targets, *parameters)
        history.append([each.detach().clone() for each in (*parameters, loss)])
        with torch.no_grad():
            for parameter, slope in zip(trained, torch.autograd.grad(loss, trained), strict=True):
                parameter -= learning_rate * slope
    return _net_history(history)


def net_descend__gradients_add_up(features, targets, parameters, learning_rate, steps):
    """From the second update on, your steps include the gradients of earlier updates, which are still in .grad.
    Clear .grad each time."""
    parameters = [p.detach().clone().requires_grad_(p.requires_grad) for p in parameters]
    history = []
    for _ in range(steps + 1):
        loss = _net_loss(features, targets, *parameters)
        history.append([each.detach().clone() for each in (*parameters, loss)])
        loss.backward()
        with torch.no_grad():
            for parameter in parameters:
                if parameter.requires_grad:
                    parameter -= learning_rate * parameter.grad
    return _net_history(history)


def net_descend__snapshots_share_memory(features, targets, parameters, learning_rate, steps):
    """Your states are all the same. You kept tensors that a later update changed: keep copies."""
    states, losses = _trained(features, targets, parameters, learning_rate, steps)
    return [states[-1]] * (steps + 1), losses


def net_descend__snapshots_move_on(features, targets, parameters, learning_rate, steps):
    """Your states are all the same, one update past the last one. You kept tensors that a later update changed: keep
    copies."""
    states, losses = _trained(features, targets, parameters, learning_rate, steps + 1)
    return [states[-1]] * (steps + 1), losses[:-1]


def net_descend__frozen_ones_trained(features, targets, parameters, learning_rate, steps):
    """You updated a parameter that does not require grad. Keep each parameter's requires_grad and update only those
    that require grad."""
    return _net_history(_walk(_net_loss, features, targets, parameters, learning_rate, steps))


def net_descend__frozen_ones_refused(features, targets, parameters, learning_rate, steps):
    """You asked autograd for the gradient of a tensor that does not require grad. Ask only for the others."""
    parameters = [p.detach().clone().requires_grad_(p.requires_grad) for p in parameters]
    history = []
    for _ in range(steps + 1):
        loss = _net_loss(features, targets, *parameters)
        history.append([each.detach().clone() for each in (*parameters, loss)])
        with torch.no_grad():
            for parameter, slope in zip(parameters, torch.autograd.grad(loss, parameters), strict=True):
                parameter -= learning_rate * slope
    return _net_history(history)


def net_descend__grad_of_the_frozen_used(features, targets, parameters, learning_rate, steps):
    """You used the .grad of a frozen parameter, which is None. Update only parameters that require grad."""
    parameters = [p.detach().clone().requires_grad_(p.requires_grad) for p in parameters]
    history = []
    for _ in range(steps + 1):
        loss = _net_loss(features, targets, *parameters)
        history.append([each.detach().clone() for each in (*parameters, loss)])
        loss.backward()
        with torch.no_grad():
            for parameter in parameters:
                parameter -= learning_rate * parameter.grad
                parameter.grad = None
    return _net_history(history)


def net_descend__frozen_ones_not_copied(features, targets, parameters, learning_rate, steps):
    """Your states share the memory of a frozen parameter. It does not change, but return copies of it too."""
    states, losses = _trained(features, targets, parameters, learning_rate, steps)
    pairs = [[g if not g.requires_grad else s for g, s in zip(parameters, state, strict=True)] for state in states]
    return [tuple(pair) for pair in pairs], losses


def net_descend__start_is_the_given(features, targets, parameters, learning_rate, steps):
    """Your first state shares memory with the given parameters. Return copies."""
    states, losses = _trained(features, targets, parameters, learning_rate, steps)
    return [tuple(parameter.detach() for parameter in parameters), *states[1:]], losses


def net_descend__given_leaves_trained(features, targets, parameters, learning_rate, steps):
    """You trained the given parameters themselves, so their values have changed. Copy them with detach().clone()
    first."""
    history = []
    for _ in range(steps + 1):
        loss = _net_loss(features, targets, *parameters)
        history.append([each.detach().clone() for each in (*parameters, loss)])
        loss.backward()
        with torch.no_grad():
            for parameter in parameters:
                if parameter.grad is not None:
                    parameter -= learning_rate * parameter.grad
                    parameter.grad = None
    return _net_history(history)


def net_descend__nothing_updated(features, targets, parameters, learning_rate, steps):
    """Your parameters never change. Update tensors that require grad, in place or with new leaves, and copy with
    detach().clone()."""
    states, losses = _trained(features, targets, parameters, 0.0, steps)
    return states, losses


def net_descend__gradients_of_others(features, targets, parameters, learning_rate, steps):
    """If a parameter is frozen, you pair gradients with the wrong parameters. Pair them only with those that
    require grad, in order."""
    parameters = [p.detach().clone().requires_grad_(p.requires_grad) for p in parameters]
    history = []
    for _ in range(steps + 1):
        loss = _net_loss(features, targets, *parameters)
        history.append([each.detach().clone() for each in (*parameters, loss)])
        slopes = torch.autograd.grad(loss, [parameter for parameter in parameters if parameter.requires_grad])
        with torch.no_grad():
            for parameter, slope in zip(parameters, slopes):
                parameter -= learning_rate * slope
    return _net_history(history)


def net_descend__by_an_optimizer(features, targets, parameters, learning_rate, steps):
    """Your code used torch.optim, which updates the parameters for you. Write the update yourself."""
    torch.optim.SGD([parameters[0].detach().clone().requires_grad_()], lr=learning_rate)
    return _trained(features, targets, parameters, learning_rate, steps)


def net_descend__uphill(features, targets, parameters, learning_rate, steps):
    """Your parameters move uphill, so the loss rises. Subtract learning_rate * gradient."""
    return _trained(features, targets, parameters, -learning_rate, steps)


def net_descend__given_tensors_updated(features, targets, parameters, learning_rate, steps):
    """You changed the given parameters. Work on copies."""
    states, losses = _trained(features, targets, parameters, learning_rate, steps)
    with torch.no_grad():
        for parameter, last in zip(parameters, states[-1], strict=True):
            parameter.copy_(last)
    return states, losses


def net_descend__grads_of_the_given_filled(features, targets, parameters, learning_rate, steps):
    """The numbers are right, but a given parameter's .grad has changed. Run backward() on copies, or use slopes."""
    answer = _trained(features, targets, parameters, learning_rate, steps)
    _net_loss(features, targets, *parameters).backward()
    return answer


def net_descend__layer_by_layer(features, targets, parameters, learning_rate, steps):
    """Each of your gradients comes from a new loss, after other parameters were updated. Compute all gradients from
    one loss."""
    trains = [parameter.requires_grad for parameter in parameters]
    parameters = [parameter.detach().clone() for parameter in parameters]
    history = []
    for _ in range(steps + 1):
        history.append([*parameters, _net_loss(features, targets, *parameters)])
        for place in range(4):
            if trains[place]:
                parameter = parameters[place] = parameters[place].detach().requires_grad_()
                (slope,) = torch.autograd.grad(_net_loss(features, targets, *parameters), parameter)
                parameters[place] = (parameter - learning_rate * slope).detach()
    return _net_history(history)


def net_descend__losses_one_short(features, targets, parameters, learning_rate, steps):
    """Your losses have one entry too few. The last state has a loss too, so return steps + 1 of them."""
    states, losses = _trained(features, targets, parameters, learning_rate, steps)
    return states, losses[:-1]


def net_descend__start_left_out(features, targets, parameters, learning_rate, steps):
    """Your history lacks the state before the first update. It must have steps + 1 entries, the start included."""
    states, losses = _trained(features, targets, parameters, learning_rate, steps)
    return states[1:], losses[:-1]


def net_descend__states_are_lists(features, targets, parameters, learning_rate, steps):
    """Each of your states is a list. Make it a tuple, as `parameters` is."""
    states, losses = _trained(features, targets, parameters, learning_rate, steps)
    return [list(state) for state in states], losses


def net_descend__graph_kept(features, targets, parameters, learning_rate, steps):
    """The numbers are right, but a tensor that you returned requires grad. Detach all states and losses."""
    states, losses = _trained(features, targets, parameters, learning_rate, steps)
    return [tuple(each.requires_grad_() for each in state) for state in states], losses


def fit_cooling__as_it_was(measured, first, keep, learning_rate, steps):
    """No gradient reaches `first`, and the gradient of `keep` counts only the last multiplication. Don't cut the graph
    between two minutes."""
    parameters = [first.clone().requires_grad_(), keep.clone().requires_grad_()]
    losses = []
    for _ in range(steps):
        temperature, predictions = parameters[0], []
        for _ in range(len(measured)):
            temperature = parameters[1] * temperature.detach()
            predictions.append(temperature)
        loss = ((torch.stack(predictions) - measured) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            for parameter in parameters:
                if parameter.grad is not None:
                    parameter -= learning_rate * parameter.grad
                    parameter.grad = None
    return parameters[0].detach(), parameters[1].detach(), losses


def _fit(predictions_of, first, keep, measured, learning_rate, steps, clear=True):
    """The fit with other predictions, or without clearing the gradients."""
    parameters = [first.clone().requires_grad_(), keep.clone().requires_grad_()]
    losses = []
    for _ in range(steps):
        loss = ((torch.stack(predictions_of(*parameters, len(measured))) - measured) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            for parameter in parameters:
                if parameter.grad is not None:
                    parameter -= learning_rate * parameter.grad
                    parameter.grad = None if clear else parameter.grad
    return parameters[0].detach(), parameters[1].detach(), losses


def _powers(first, keep, count):
    return [first * keep ** (minute + 1) for minute in range(count)]


def fit_cooling__cut_after_the_first_minute(measured, first, keep, learning_rate, steps):
    """A gradient reaches `first` only from the first minute. Don't cut the graph between any two minutes."""

    def predictions_of(first, keep, count):
        temperature, found = first, []
        for minute in range(count):
            temperature = keep * (temperature.detach() if minute else temperature)
            found.append(temperature)
        return found

    return _fit(predictions_of, first, keep, measured, learning_rate, steps)


def fit_cooling__each_minute_from_the_start(measured, first, keep, learning_rate, steps):
    """All of your predictions are keep * first. Multiply the temperature of the minute before by `keep`."""
    return _fit(
        lambda first, keep, count: [keep * first for _ in range(count)], first, keep, measured, learning_rate, steps
    )


def fit_cooling__first_reached_alone(measured, first, keep, learning_rate, steps):
    """Now `keep` never changes, because no gradient reaches it. Let the graph reach both values."""
    return _fit(
        lambda first, keep, count: _powers(first, keep.detach(), count), first, keep, measured, learning_rate, steps
    )


def fit_cooling__keep_reached_alone(measured, first, keep, learning_rate, steps):
    """The gradient of `keep` is right, but still none reaches `first`. Let the graph begin at both values."""
    return _fit(
        lambda first, keep, count: _powers(first.detach(), keep, count), first, keep, measured, learning_rate, steps
    )


def fit_cooling__everything_cut(measured, first, keep, learning_rate, steps):
    """Your loss has no graph, so backward() raises an error. Compute it from tensors that require grad, and join them
    with torch.stack."""
    return _fit(
        lambda first, keep, count: _powers(first.detach(), keep.detach(), count),
        first,
        keep,
        measured,
        learning_rate,
        steps,
    )


def fit_cooling__gradients_add_up(measured, first, keep, learning_rate, steps):
    """From the second update on, your steps include the gradients of earlier updates, which are still in .grad.
    Clear .grad each time."""
    return _fit(_powers, first, keep, measured, learning_rate, steps, clear=False)


def fit_cooling__results_with_a_graph(measured, first, keep, learning_rate, steps):
    """The numbers are right, but the values that you returned require grad. Detach them."""
    first, keep, losses = _fit(_powers, first, keep, measured, learning_rate, steps)
    return first.requires_grad_(), keep.requires_grad_(), losses


def fit_cooling__given_values_updated(measured, first, keep, learning_rate, steps):
    """You changed the arguments first and keep. Work on copies."""
    fitted = _fit(_powers, first, keep, measured, learning_rate, steps)
    first.copy_(fitted[0])
    keep.copy_(fitted[1])
    return fitted


def fit_cooling__given_values_tracked(measured, first, keep, learning_rate, steps):
    """The arguments first and keep require grad now. Set requires_grad only on copies, for example on the results of
    clone()."""
    fitted = _fit(_powers, first, keep, measured, learning_rate, steps)
    first.requires_grad_()
    keep.requires_grad_()
    return fitted


def fit_cooling__losses_are_tensors(measured, first, keep, learning_rate, steps):
    """Your losses are tensors. Return Python floats: loss.item() gives you one."""
    first, keep, losses = _fit(_powers, first, keep, measured, learning_rate, steps)
    return first, keep, [torch.tensor(loss, requires_grad=True) for loss in losses]


def fit_cooling__begins_at_minute_0(measured, first, keep, learning_rate, steps):
    """Your predictions begin at minute 0, with `first` itself. The first measurement is from minute 1."""
    return _fit(
        lambda first, keep, count: [first * keep**minute for minute in range(count)],
        first,
        keep,
        measured,
        learning_rate,
        steps,
    )
