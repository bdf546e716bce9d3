"""Wrong answers to katas/lesson_1_tensors/kata_08_linear_regression.py, each with the sentence that corrects it."""

import torch


def _gradients(features, predictions, targets):
    errors = predictions - targets
    return 2 * features.T @ errors / len(errors), 2 * errors.mean()


def _walk(features, targets, weights, bias, learning_rate, steps):
    """Yield the weights, the bias and the loss of every step."""
    for _ in range(steps + 1):
        predictions = features @ weights + bias
        yield weights, bias, ((predictions - targets) ** 2).mean()
        weight_gradient, bias_gradient = _gradients(features, predictions, targets)
        weights, bias = weights - learning_rate * weight_gradient, bias - learning_rate * bias_gradient


def _stacked(history):
    return tuple(torch.stack(column) for column in zip(*history, strict=True))


def _last(features, targets, learning_rate, steps):
    start = torch.zeros_like(features[0])
    return list(_walk(features, targets, start, start.sum(), learning_rate, steps))[-1]


def predict__bias_left_out(features, weights, bias):
    """Your predictions lack the bias. Add it once to the sum of each row."""
    return features @ weights


def predict__bias_in_every_column(features, weights, bias):
    """In your result the bias is multiplied by the features. Add it once to the sum of each row."""
    return features @ (weights + bias)


def predict__not_summed(features, weights, bias):
    """You returned one number for each feature. Add up the products of each row: features @ weights multiplies and
    adds."""
    # nan stands for any values.
    return features * weights * float("nan")


def predict__summed_down_the_columns(features, weights, bias):
    """You returned one number for each column. Sum along each row, over its columns."""
    return (features * weights).sum(dim=0) + bias


def predict__a_column(features, weights, bias):
    """Your result is a column of shape (N, 1). Return shape (N,): a column minus targets of shape (N,) has shape (N,
    N)."""
    return features @ weights[:, None] + bias


def predict__squeezed(features, weights, bias):
    """A single row lost its dimension, so your result has shape (). Return shape (1,): one row is still a batch."""
    return (features @ weights[:, None]).squeeze() + bias


def predict__weights_first(features, weights, bias):
    """In your matrix product, the weights come first: (D,) @ (N, D). Write the features first: (N, D) @ (D,)."""
    return weights @ features + bias


def predict__features_overwritten(features, weights, bias):
    """You changed the argument features. Operations such as *= or mul_ write into it, so compute a new tensor."""
    return features.mul_(weights).sum(dim=1) + bias


def predict__started_on_the_cpu(features, weights, bias):
    """One of your tensors is on the CPU, but the inputs are on another device. Create tensors on features.device, and
    don't move the inputs."""
    return torch.zeros(len(features)) + features @ weights + bias


def predict__averaged(features, weights, bias):
    """Your predictions contain the mean of a row's products. Use their sum."""
    return (features * weights).mean(dim=1) + bias


def mean_squared_error__shapes_not_compared(predictions, targets):
    """Your code accepts two shapes that differ. Compare the shapes first, and raise a ValueError."""
    return ((predictions - targets) ** 2).mean()


def mean_squared_error__lengths_compared(predictions, targets):
    """Your code accepts (N, 1) and (N,), which have the same length. Compare the whole shapes."""
    if len(predictions) != len(targets):
        raise ValueError("different lengths")
    return ((predictions - targets) ** 2).mean()


def mean_squared_error__quietly_reshaped(predictions, targets):
    """Your code reshapes an argument that does not fit, which hides the caller's mistake. Raise a ValueError
    instead."""
    return ((predictions - targets.reshape(predictions.shape)) ** 2).mean()


def mean_squared_error__asserted(predictions, targets):
    """Your code raises an AssertionError. Use `if` and `raise ValueError`: Python can be told to skip asserts."""
    assert predictions.shape == targets.shape
    return ((predictions - targets) ** 2).mean()


def mean_squared_error__summed(predictions, targets):
    """You returned the sum of the squared errors. Divide it by N."""
    if predictions.shape != targets.shape:
        raise ValueError("different shapes")
    return ((predictions - targets) ** 2).sum()


def mean_squared_error__halved(predictions, targets):
    """Your result is half the mean of the squared errors. Don't divide by 2."""
    if predictions.shape != targets.shape:
        raise ValueError("different shapes")
    return ((predictions - targets) ** 2).mean() / 2


def mean_squared_error__root(predictions, targets):
    """You returned the square root of the mean squared error. Leave the root out."""
    if predictions.shape != targets.shape:
        raise ValueError("different shapes")
    return ((predictions - targets) ** 2).mean().sqrt()


def mean_squared_error__mean_before_the_square(predictions, targets):
    """You squared the mean of the errors, so errors of opposite sign cancel. Square each error first."""
    if predictions.shape != targets.shape:
        raise ValueError("different shapes")
    return (predictions - targets).mean() ** 2


def mean_squared_error__a_python_number(predictions, targets):
    """You returned a Python number. Return a tensor of shape (), on the device of the inputs."""
    if predictions.shape != targets.shape:
        raise ValueError("different shapes")
    return ((predictions - targets) ** 2).mean().item()


def mean_squared_error__predictions_overwritten(predictions, targets):
    """You changed the argument predictions. Operations such as -= or sub_ write into it, so compute a new tensor."""
    if predictions.shape != targets.shape:
        raise ValueError("different shapes")
    return (predictions.sub_(targets) ** 2).mean()


def mean_squared_error__ready_made(predictions, targets):
    """You used PyTorch's own loss. Write out its three operations: difference, square, mean."""
    if predictions.shape != targets.shape:
        raise ValueError("different shapes")
    return torch.nn.functional.mse_loss(predictions, targets)


def mean_squared_error__absolute(predictions, targets):
    """You returned the mean of the absolute errors. Square each error instead."""
    if predictions.shape != targets.shape:
        raise ValueError("different shapes")
    return (predictions - targets).abs().mean()


def mean_squared_error__over_n_minus_1(predictions, targets):
    """You divided the sum of the squared errors by N - 1. Divide it by N."""
    if predictions.shape != targets.shape:
        raise ValueError("different shapes")
    return ((predictions - targets) ** 2).sum() / (len(targets) - 1)


def mean_squared_error__second_size(predictions, targets):
    """You read shape[1] of a tensor that has one dimension. Compare the whole shapes."""
    if predictions.shape[0] != targets.shape[0] or predictions.shape[1] != targets.shape[1]:
        raise ValueError("different shapes")
    return ((predictions - targets) ** 2).mean()


def gradients__sign_turned(features, predictions, targets):
    """Both gradients have the wrong sign. The error is prediction - target."""
    return _gradients(features, targets, predictions)


def gradients__two_forgotten(features, predictions, targets):
    """Both gradients are half as large as they must be. The derivative of error**2 is 2 * error."""
    weights, bias = _gradients(features, predictions, targets)
    return weights / 2, bias / 2


def gradients__summed(features, predictions, targets):
    """These are the gradients of the summed squares. Divide both by N, because the loss is a mean."""
    weights, bias = _gradients(features, predictions, targets)
    return weights * len(targets), bias * len(targets)


def gradients__bias_summed(features, predictions, targets):
    """The weight gradient is right, but the bias gradient is N times too large. Both are means over the rows."""
    weights, bias = _gradients(features, predictions, targets)
    return weights, bias * len(targets)


def gradients__bias_not_doubled(features, predictions, targets):
    """The weight gradient is right, but the bias gradient is half as large as it must be. It also has the factor 2."""
    weights, bias = _gradients(features, predictions, targets)
    return weights, bias / 2


def gradients__divided_by_the_columns(features, predictions, targets):
    """You divided the weight gradient by the number of columns. Divide it by the number of rows, N."""
    errors = predictions - targets
    return 2 * features.T @ errors / features.shape[1], 2 * errors.mean()


def gradients__product_of_means(features, predictions, targets):
    """Your weight gradient is the product of two means. Multiply feature and error row by row first, and then take the
    mean."""
    errors = predictions - targets
    return 2 * features.mean(dim=0) * errors.mean(), 2 * errors.mean()


def gradients__one_number_for_all_weights(features, predictions, targets):
    """Your weight gradient is one number. Each weight has its own gradient, so take the mean over the rows only."""
    errors = predictions - targets
    # nan stands for any number.
    return errors.sum() * float("nan"), 2 * errors.mean()


def gradients__a_column(features, predictions, targets):
    """Your weight gradient is a column of shape (D, 1). Return shape (D,), the shape of the weights."""
    errors = predictions - targets
    return 2 * features.T @ errors[:, None] / len(errors), 2 * errors.mean()


def gradients__errors_along_the_columns(features, predictions, targets):
    """You multiplied the features (N, D) by the errors (N,), which matches errors with columns. Give the errors the
    shape (N, 1), or use @."""
    errors = predictions - targets
    return (2 * features * errors).mean(dim=0), 2 * errors.mean()


def gradients__bias_as_a_number(features, predictions, targets):
    """Your bias gradient is a Python number. Return a tensor of shape ()."""
    weights, bias = _gradients(features, predictions, targets)
    return weights, bias.item()


def gradients__row_by_row(features, predictions, targets):
    """The gradients are right, but your code runs many operations, like a loop over the rows. Use one matrix
    product."""
    errors = predictions - targets
    weights = sum(2 * error * row for error, row in zip(errors, features, strict=True)) / len(errors)
    return weights, 2 * errors.mean()


def gradients__predictions_overwritten(features, predictions, targets):
    """You changed the argument predictions. Operations such as -= or sub_ write into it, so compute a new tensor."""
    predictions -= targets
    return 2 * features.T @ predictions / len(predictions), 2 * predictions.mean()


def gradients__squeezed(features, predictions, targets):
    """For a single column, your weight gradient has shape (). Return shape (D,), also if D is 1."""
    weights, bias = _gradients(features, predictions, targets)
    return weights.squeeze(), bias


def gradients__of_squared_errors(features, predictions, targets):
    """You put squared errors into the formula. The derivative of error**2 is 2 * error."""
    squares = (predictions - targets) ** 2
    return 2 * features.T @ squares / len(squares), 2 * squares.mean()


def gradients__swapped(features, predictions, targets):
    """You returned the gradients in the wrong order. The weight gradient comes first."""
    return _gradients(features, predictions, targets)[::-1]


def update__uphill(weights, bias, weight_gradient, bias_gradient, learning_rate):
    """You added the gradients, so the loss grows. Subtract them."""
    return weights + learning_rate * weight_gradient, bias + learning_rate * bias_gradient


def update__learning_rate_left_out(weights, bias, weight_gradient, bias_gradient, learning_rate):
    """You subtracted the whole gradients. Multiply both by the learning rate."""
    return weights - weight_gradient, bias - bias_gradient


def update__bias_left_behind(weights, bias, weight_gradient, bias_gradient, learning_rate):
    """The weights are right, but the bias has not changed. Update it in the same way."""
    return weights - learning_rate * weight_gradient, bias.clone()


def update__bias_by_the_weights_gradient(weights, bias, weight_gradient, bias_gradient, learning_rate):
    """Your bias is a vector now. Update it with its own gradient, which has shape ()."""
    return weights - learning_rate * weight_gradient, bias - learning_rate * weight_gradient


def update__learning_rate_for_the_weights_only(weights, bias, weight_gradient, bias_gradient, learning_rate):
    """The weights are right, but you subtracted the whole gradient from the bias. Multiply it by the learning rate."""
    return weights - learning_rate * weight_gradient, bias - bias_gradient


def update__in_place(weights, bias, weight_gradient, bias_gradient, learning_rate):
    """You changed the given weights in place, for example with -=. Compute new tensors: weights - …"""
    weights -= learning_rate * weight_gradient
    bias -= learning_rate * bias_gradient
    return weights, bias


def update__bias_in_place(weights, bias, weight_gradient, bias_gradient, learning_rate):
    """You changed the given bias in place, for example with -=. Compute a new tensor: bias - …"""
    new_weights = weights - learning_rate * weight_gradient
    bias -= learning_rate * bias_gradient
    return new_weights, bias


def update__gradient_scaled_in_place(weights, bias, weight_gradient, bias_gradient, learning_rate):
    """You changed a given gradient in place, for example with *=. Compute a new tensor."""
    weight_gradient *= learning_rate
    bias_gradient *= learning_rate
    return weights - weight_gradient, bias - bias_gradient


def update__same_tensor_where_nothing_changes(weights, bias, weight_gradient, bias_gradient, learning_rate):
    """If the gradients are 0, your result shares memory with the given tensors. Always return new tensors."""
    if not weight_gradient.any() and not bias_gradient.any():
        return weights, bias
    return weights - learning_rate * weight_gradient, bias - learning_rate * bias_gradient


def update__rebuilt_from_numbers(weights, bias, weight_gradient, bias_gradient, learning_rate):
    """Your tensors are float32 even if the given ones are float64. Compute with the given tensors, which keeps dtype
    and device."""
    numbers = (weights - learning_rate * weight_gradient).tolist()
    return torch.tensor(numbers), torch.tensor((bias - learning_rate * bias_gradient).item())


def update__steps_alone(weights, bias, weight_gradient, bias_gradient, learning_rate):
    """You returned only learning rate times gradient. Subtract this from the weights and the bias."""
    return learning_rate * weight_gradient, learning_rate * bias_gradient


def update__swapped(weights, bias, weight_gradient, bias_gradient, learning_rate):
    """You returned the bias first. Return the weights, then the bias."""
    return bias - learning_rate * bias_gradient, weights - learning_rate * weight_gradient


def descend__snapshots_share_memory(features, targets, weights, bias, learning_rate, steps):
    """All rows of your history are equal. If you update in place, append copies, or compute new tensors instead."""
    weights, bias = weights.clone(), bias.clone()
    history = []
    for step in range(steps + 1):
        predictions = features @ weights + bias
        history.append((weights, bias, ((predictions - targets) ** 2).mean()))
        if step < steps:
            weight_gradient, bias_gradient = _gradients(features, predictions, targets)
            weights -= learning_rate * weight_gradient
            bias -= learning_rate * bias_gradient
    return _stacked(history)


def descend__given_tensors_updated(features, targets, weights, bias, learning_rate, steps):
    """You changed the given weights. Update copies, or compute new tensors: weights - …"""
    history = []
    for step in range(steps + 1):
        predictions = features @ weights + bias
        history.append((weights.clone(), bias.clone(), ((predictions - targets) ** 2).mean()))
        if step < steps:
            weight_gradient, bias_gradient = _gradients(features, predictions, targets)
            weights -= learning_rate * weight_gradient
            bias -= learning_rate * bias_gradient
    return _stacked(history)


def descend__bias_after_the_weights(features, targets, weights, bias, learning_rate, steps):
    """Your bias gradient belongs to the weights after their update. Compute both gradients from the same
    predictions."""
    history = []
    for _ in range(steps + 1):
        predictions = features @ weights + bias
        history.append((weights, bias, ((predictions - targets) ** 2).mean()))
        weights = weights - learning_rate * _gradients(features, predictions, targets)[0]
        bias = bias - learning_rate * _gradients(features, features @ weights + bias, targets)[1]
    return _stacked(history)


def descend__weights_after_the_bias(features, targets, weights, bias, learning_rate, steps):
    """Your weight gradient belongs to the bias after its update. Compute both gradients from the same predictions."""
    history = []
    for _ in range(steps + 1):
        predictions = features @ weights + bias
        history.append((weights, bias, ((predictions - targets) ** 2).mean()))
        bias = bias - learning_rate * _gradients(features, predictions, targets)[1]
        weights = weights - learning_rate * _gradients(features, features @ weights + bias, targets)[0]
    return _stacked(history)


def descend__predictions_never_renewed(features, targets, weights, bias, learning_rate, steps):
    """Every update uses the gradients of the start. Compute predictions and gradients anew in each round of the
    loop."""
    predictions = features @ weights + bias
    weight_gradient, bias_gradient = _gradients(features, predictions, targets)
    history = []
    for _ in range(steps + 1):
        history.append((weights, bias, ((features @ weights + bias - targets) ** 2).mean()))
        weights, bias = weights - learning_rate * weight_gradient, bias - learning_rate * bias_gradient
    return _stacked(history)


def descend__losses_never_renewed(features, targets, weights, bias, learning_rate, steps):
    """A loss in your history is the loss of an earlier state. Compute the loss anew for each state."""
    history = list(_walk(features, targets, weights, bias, learning_rate, steps))
    return _stacked([(*state, history[0][2]) for *state, _ in history])


def descend__start_left_out(features, targets, weights, bias, learning_rate, steps):
    """Your history lacks the start. Record the state before the first update too: steps + 1 rows."""
    history = list(_walk(features, targets, weights, bias, learning_rate, steps))
    # The slice keeps the shapes where no step is taken.
    return tuple(column[1:] for column in _stacked(history))


def descend__recorded_after_the_update(features, targets, weights, bias, learning_rate, steps):
    """Your history begins after the first update. Record each state before you update it."""
    history = list(_walk(features, targets, weights, bias, learning_rate, steps + 1))
    return _stacked(history[1:])


def descend__losses_one_step_ahead(features, targets, weights, bias, learning_rate, steps):
    """The states are right, but each loss belongs to the next state. Compute the loss before the update."""
    history = list(_walk(features, targets, weights, bias, learning_rate, steps + 1))
    weights, biases, losses = _stacked(history)
    return weights[:-1], biases[:-1], losses[1:]


def descend__losses_over_all_pairs(features, targets, weights, bias, learning_rate, steps):
    """The states are right, but each loss compares every prediction with every target. Give both the shape (N,) before
    you subtract."""
    history = []
    for state in _walk(features, targets, weights, bias, learning_rate, steps):
        predictions = features @ state[0][:, None] + state[1]
        history.append((state[0], state[1], ((predictions - targets) ** 2).mean()))
    return _stacked(history)


def descend__lists(features, targets, weights, bias, learning_rate, steps):
    """You returned lists. Combine each list of tensors into one tensor with a new first dimension."""
    history = list(_walk(features, targets, weights, bias, learning_rate, steps))
    return tuple(list(column) for column in zip(*history, strict=True))


def descend__through_plain_numbers(features, targets, weights, bias, learning_rate, steps):
    """Your history is float32 even for float64 inputs. Combine the tensors with torch.stack, which keeps dtype and
    device."""
    history = list(_walk(features, targets, weights, bias, learning_rate, steps))
    return tuple(torch.tensor([part.tolist() for part in column]) for column in zip(*history, strict=True))


def descend__tensor_of_tensors(features, targets, weights, bias, learning_rate, steps):
    """You converted a tensor with several elements to one number, for example by torch.tensor of a list. Use
    torch.stack."""
    history = list(_walk(features, targets, weights, bias, learning_rate, steps))
    return tuple(torch.tensor(column) for column in zip(*history, strict=True))


def descend__biases_made_anew(features, targets, weights, bias, learning_rate, steps):
    """The weights are right, but your tensor of biases is on the CPU. Combine the biases with torch.stack, which keeps
    the device."""
    all_weights, biases, losses = _stacked(list(_walk(features, targets, weights, bias, learning_rate, steps)))
    return all_weights, torch.tensor(list(biases)), torch.tensor(list(losses))


def descend__with_backward(features, targets, weights, bias, learning_rate, steps):
    """You let PyTorch compute the gradients. Compute them with your own formula."""
    history = []
    for _ in range(steps + 1):
        weights, bias = weights.clone().requires_grad_(), bias.clone().requires_grad_()
        loss = ((features @ weights + bias - targets) ** 2).mean()
        history.append((weights.detach(), bias.detach(), loss.detach()))
        loss.backward()
        weights = weights.detach() - learning_rate * weights.grad
        bias = bias.detach() - learning_rate * bias.grad
    return _stacked(history)


def descend__losses_as_numbers(features, targets, weights, bias, learning_rate, steps):
    """Your losses are float32 even for float64 inputs. Combine tensors with torch.stack, which keeps dtype and
    device."""
    all_weights, biases, losses = _stacked(list(_walk(features, targets, weights, bias, learning_rate, steps)))
    return all_weights, biases, torch.tensor(losses.tolist())


def descend__uphill(features, targets, weights, bias, learning_rate, steps):
    """Your updates go along the gradients, so the loss grows. Subtract them."""
    return _stacked(list(_walk(features, targets, weights, bias, -learning_rate, steps)))


def descend__half_of_the_gradient(features, targets, weights, bias, learning_rate, steps):
    """Your updates are half as large as they must be. The derivative of error**2 is 2 * error."""
    return _stacked(list(_walk(features, targets, weights, bias, learning_rate / 2, steps)))


def descend__summed_gradients(features, targets, weights, bias, learning_rate, steps):
    """Your updates are N times too large. Both gradients are means over the rows, so divide by N."""
    return _stacked(list(_walk(features, targets, weights, bias, learning_rate * len(targets), steps)))


def descend__bias_never_updated(features, targets, weights, bias, learning_rate, steps):
    """Your bias keeps its first value. Update it in each round, like the weights."""
    history = []
    for _ in range(steps + 1):
        predictions = features @ weights + bias
        history.append((weights, bias, ((predictions - targets) ** 2).mean()))
        weights = weights - learning_rate * _gradients(features, predictions, targets)[0]
    return _stacked(history)


def compare_lines__as_it_was(features, targets, weights, biases):
    """Your losses average over all pairs of a prediction and a target. Give both the shape (N,) before you subtract."""
    losses = []
    for line in range(len(weights)):
        column = weights[line].unsqueeze(1)
        predictions = features @ column + biases[line]
        losses.append(((predictions - targets) ** 2).mean())
    return torch.stack(losses)


def compare_lines__no_column_of_targets(features, targets, weights, biases):
    """You subtracted targets of shape (N,) from predictions of shape (N, K). Use targets[:, None], of shape (N, 1)."""
    return ((features @ weights.T + biases - targets) ** 2).mean(dim=0)


def compare_lines__column_of_biases(features, targets, weights, biases):
    """You added a column of biases to predictions of shape (N, K). Add biases (K,): one for each column."""
    return ((features @ weights.T + biases[:, None] - targets[:, None]) ** 2).mean(dim=0)


def compare_lines__mean_over_the_lines(features, targets, weights, biases):
    """You returned one loss for each row of features. Take the mean over the rows, for each line."""
    return ((features @ weights.T + biases - targets[:, None]) ** 2).mean(dim=1)


def compare_lines__mean_of_everything(features, targets, weights, biases):
    """You returned one number for all lines. Take the mean over the rows only, so that each line keeps its loss."""
    return ((features @ weights.T + biases - targets[:, None]) ** 2).mean()


def compare_lines__summed(features, targets, weights, biases):
    """You returned the sum of the squared errors of each line. Divide it by N."""
    return ((features @ weights.T + biases - targets[:, None]) ** 2).sum(dim=0)


def compare_lines__mean_before_the_square(features, targets, weights, biases):
    """You squared the mean error of each line, so errors of opposite sign cancel. Square each error first."""
    return (features @ weights.T + biases - targets[:, None]).mean(dim=0) ** 2


def compare_lines__a_list(features, targets, weights, biases):
    """You returned a list. Combine the losses into one tensor of shape (K,)."""
    lines = zip(weights, biases, strict=True)
    return [((features @ line + bias - targets) ** 2).mean() for line, bias in lines]


def compare_lines__made_anew(features, targets, weights, biases):
    """Your losses are float32 even for float64 inputs. Combine the tensors with torch.stack, which keeps dtype and
    device."""
    lines = zip(weights, biases, strict=True)
    return torch.tensor([((features @ line + bias - targets) ** 2).mean().item() for line, bias in lines])


def compare_lines__columns_of_losses(features, targets, weights, biases):
    """Your result has shape (K, 1). Return shape (K,), one loss for each line."""
    return ((features @ weights.T + biases - targets[:, None]) ** 2).mean(dim=0)[:, None]


def compare_lines__not_reduced(features, targets, weights, biases):
    """You returned one number for each line and row. Take the mean over the rows."""
    return torch.full((len(weights), len(features)), float("nan"), dtype=features.dtype, device=features.device)


def compare_lines__best_line(features, targets, weights, biases):
    """You returned the index of a line. Return the losses of all lines."""
    return ((features @ weights.T + biases - targets[:, None]) ** 2).mean(dim=0).argmin()


def compare_lines__pairs_over_n(features, targets, weights, biases):
    """Your sums run over all pairs of a prediction and a target. Give both the shape (N,) before you subtract."""
    losses = []
    for line in range(len(weights)):
        predictions = features @ weights[line].unsqueeze(1) + biases[line]
        losses.append(((predictions - targets) ** 2).sum() / len(targets))
    return torch.stack(losses)


def compare_lines__first_line_alone(features, targets, weights, biases):
    """You returned the loss of one line. Return the losses of all K lines, and if you use a loop, return after it."""
    return ((features @ weights[:1].T + biases[:1] - targets[:, None]) ** 2).mean(dim=0)


def compare_lines__absolute(features, targets, weights, biases):
    """You averaged the absolute errors. Square each error instead."""
    return (features @ weights.T + biases - targets[:, None]).abs().mean(dim=0)


def explained__variance_over_n_minus_1(predictions, targets):
    """You divided by a variance over N - 1, PyTorch's default. Use correction=0, which divides by N."""
    return 1 - ((predictions - targets) ** 2).mean() / targets.var()


def explained__share_left_over(predictions, targets):
    """You returned the unexplained fraction, error / variance. Subtract it from 1."""
    return ((predictions - targets) ** 2).mean() / targets.var(correction=0)


def explained__variance_of_the_predictions(predictions, targets):
    """You divided by the variance of the predictions. Divide by the variance of the targets."""
    return 1 - ((predictions - targets) ** 2).mean() / predictions.var(correction=0)


def explained__squared_correlation(predictions, targets):
    """Your result equals the squared correlation, which ignores scale and offset. Compare with the mean squared
    error."""
    return torch.corrcoef(torch.stack([predictions, targets]))[0, 1] ** 2


def explained__ratio_of_variances(predictions, targets):
    """You divided two variances, so the errors do not matter. Divide the mean squared error by the variance of the
    targets."""
    return predictions.var(correction=0) / targets.var(correction=0)


def explained__divided_by_std(predictions, targets):
    """You divided by the standard deviation. Divide by the variance, its square."""
    return 1 - ((predictions - targets) ** 2).mean() / targets.std(correction=0)


def explained__sum_over_mean(predictions, targets):
    """You divided the summed squared errors by the variance, so the ratio grows with N. Use the mean of the squared
    errors."""
    return 1 - ((predictions - targets) ** 2).sum() / targets.var(correction=0)


def explained__python_number(predictions, targets):
    """You returned a Python number. Return a tensor of shape ()."""
    return (1 - ((predictions - targets) ** 2).mean() / targets.var(correction=0)).item()


def explained__targets_centred_in_place(predictions, targets):
    """You changed the argument targets. Operations such as -= or sub_ write into it, so compute a new tensor."""
    error = ((predictions - targets) ** 2).mean()
    targets -= targets.mean()
    return 1 - error / (targets**2).mean()


def explained__variance_not_centred(predictions, targets):
    """You divided by the mean of target**2. Subtract the mean of the targets before you square: that is the
    variance."""
    return 1 - ((predictions - targets) ** 2).mean() / (targets**2).mean()


def explained__variance_of_the_errors(predictions, targets):
    """You used the variance of the errors, which ignores a constant offset. Use the mean of their squares."""
    return 1 - (predictions - targets).var(correction=0) / targets.var(correction=0)


def explained__never_negative(predictions, targets):
    """Your result is 0 if the mean would predict better. Return the negative number."""
    return (1 - ((predictions - targets) ** 2).mean() / targets.var(correction=0)).clamp(min=0)


def explained__variance_over_error(predictions, targets):
    """You divided the variance by the error. Divide the error by the variance, and subtract the fraction from 1."""
    return targets.var(correction=0) / ((predictions - targets) ** 2).mean()


def explained__percentage(predictions, targets):
    """Your result is 100 times too large: a percentage. Return a fraction, 1 for a perfect fit."""
    return 100 * (1 - ((predictions - targets) ** 2).mean() / targets.var(correction=0))


def destandardize__weights_left_as_they_were(weights, bias, mean, std):
    """You returned the given weights. Divide them by std, and use the divided weights for the bias, too."""
    return weights.clone(), bias - weights @ (mean / std)


def destandardize__multiplied(weights, bias, mean, std):
    """You multiplied the weights by std. Divide them: weights * (raw - mean) / std has weights / std in front of
    raw."""
    return weights * std, bias - (weights * std) @ mean


def destandardize__bias_left_as_it_was(weights, bias, mean, std):
    """The weights are right, but you returned the given bias. Subtract the part that comes from the mean: (weights /
    std) @ mean."""
    return weights / std, bias.clone()


def destandardize__bias_of_the_wrong_sign(weights, bias, mean, std):
    """You added the part of the mean to the bias. Subtract it."""
    return weights / std, bias + (weights / std) @ mean


def destandardize__mean_not_divided(weights, bias, mean, std):
    """You subtracted weights @ mean from the bias. Divide the weights by std first."""
    return weights / std, bias - weights @ mean


def destandardize__divided_twice(weights, bias, mean, std):
    """You divided the mean's part of the bias by std twice. The raw weights already contain this division."""
    return weights / std, bias - (weights / std) @ (mean / std)


def destandardize__bias_for_each_column(weights, bias, mean, std):
    """You returned one bias for each column. There is one bias, so sum over the columns."""
    # nan stands for any values.
    return weights / std, bias - weights * mean / std * float("nan")


def destandardize__bias_by_the_average(weights, bias, mean, std):
    """You averaged the columns' parts of the bias. Add them up, and subtract the sum."""
    return weights / std, bias - (weights * mean / std).mean()


def destandardize__in_place(weights, bias, mean, std):
    """You changed the given weights. Divide into a new tensor: weights / std."""
    weights /= std
    return weights, bias - weights @ mean


def destandardize__means_without_weights(weights, bias, mean, std):
    """You subtracted the means themselves from the bias. Multiply each one by its raw weight first."""
    return weights / std, bias - mean.sum()


def fit__std_over_n_minus_1(features, targets, learning_rate, steps):
    """You standardized with a std over N - 1, PyTorch's default. Use correction=0, which divides by N."""
    mean, std = features.mean(dim=0), features.std(dim=0)
    weights, bias, _ = _last((features - mean) / std, targets, learning_rate, steps)
    return weights / std, bias - (weights / std) @ mean


def fit__weights_for_standardized_features(features, targets, learning_rate, steps):
    """You returned a line for standardized features. Convert it to raw features."""
    mean, std = features.mean(dim=0), features.std(dim=0, correction=0)
    return _last((features - mean) / std, targets, learning_rate, steps)[:2]


def fit__bias_for_standardized_features(features, targets, learning_rate, steps):
    """The weights are right, but the bias belongs to standardized features. Convert both."""
    mean, std = features.mean(dim=0), features.std(dim=0, correction=0)
    weights, bias, _ = _last((features - mean) / std, targets, learning_rate, steps)
    return weights / std, bias


def fit__not_standardized(features, targets, learning_rate, steps):
    """Your columns still have their raw means and scales when you descend. Standardize each column first."""
    return _last(features, targets, learning_rate, steps)[:2]


def fit__not_centred(features, targets, learning_rate, steps):
    """You divided the columns by their std, but did not subtract their means. Do both."""
    std = features.std(dim=0, correction=0)
    weights, bias, _ = _last(features / std, targets, learning_rate, steps)
    return weights / std, bias


def fit__one_scale_for_all_columns(features, targets, learning_rate, steps):
    """You used one mean and one std for all columns. Use those of each column."""
    mean = features.mean().expand(features.shape[1])
    std = features.std(correction=0).expand(features.shape[1])
    weights, bias, _ = _last((features - mean) / std, targets, learning_rate, steps)
    return weights / std, bias - (weights / std) @ mean


def fit__targets_standardized(features, targets, learning_rate, steps):
    """Your line predicts standardized targets. Standardize only the features."""
    mean, std = features.mean(dim=0), features.std(dim=0, correction=0)
    scaled = (targets - targets.mean()) / targets.std(correction=0)
    weights, bias, _ = _last((features - mean) / std, scaled, learning_rate, steps)
    return weights / std, bias - (weights / std) @ mean


def fit__first_state(features, targets, learning_rate, steps):
    """Your result is the start, where all parameters are 0. Return the state after the last update, at index -1."""
    weights = torch.zeros_like(features[0])
    return weights, weights.sum()


def fit__one_step_short(features, targets, learning_rate, steps):
    """You returned the state one update too early. Make `steps` updates, and return the last state."""
    mean, std = features.mean(dim=0), features.std(dim=0, correction=0)
    weights, bias, _ = _last((features - mean) / std, targets, learning_rate, max(steps - 1, 0))
    return weights / std, bias - (weights / std) @ mean


def fit__start_on_the_cpu(features, targets, learning_rate, steps):
    """One of your tensors is on the CPU, but the features are on another device. Create the zeros on
    features.device."""
    mean, std = features.mean(dim=0), features.std(dim=0, correction=0)
    start = torch.zeros(features.shape[1], dtype=features.dtype)
    scaled = (features - mean) / std
    weights, bias, _ = list(_walk(scaled, targets, start, start.sum(), learning_rate, steps))[-1]
    return weights / std, bias - (weights / std) @ mean


def fit__start_in_float32(features, targets, learning_rate, steps):
    """One of your tensors is float32, but the features are float64. Create the zeros with the dtype of the features."""
    mean, std = features.mean(dim=0), features.std(dim=0, correction=0)
    start = torch.zeros(features.shape[1], device=features.device)
    scaled = (features - mean) / std
    weights, bias, _ = list(_walk(scaled, targets, start, start.sum(), learning_rate, steps))[-1]
    return weights / std, bias - (weights / std) @ mean


def fit__features_standardized_in_place(features, targets, learning_rate, steps):
    """You changed the argument features. Operations such as -= or sub_ write into it, so compute a new tensor."""
    mean, std = features.mean(dim=0), features.std(dim=0, correction=0)
    features -= mean
    features /= std
    weights, bias, _ = _last(features, targets, learning_rate, steps)
    return weights / std, bias - (weights / std) @ mean


def fit__one_update_too_many(features, targets, learning_rate, steps):
    """You returned the state one update too late. Make `steps` updates."""
    mean, std = features.mean(dim=0), features.std(dim=0, correction=0)
    weights, bias, _ = _last((features - mean) / std, targets, learning_rate, steps + 1)
    return weights / std, bias - (weights / std) @ mean


def fit__best_line(features, targets, learning_rate, steps):
    """You returned the best line, whatever `steps` is. Return the line that `steps` updates reach."""
    rows = torch.cat([features, torch.ones_like(features[:, :1])], dim=1).double().cpu()
    best = torch.linalg.lstsq(rows, targets[:, None].double().cpu()).solution[:, 0].to(features)
    return best[:-1], best[-1]


def fit__epsilon(features, targets, learning_rate, steps):
    """Your result is slightly wrong, as if std had a small number added. No column is constant, so divide by std
    itself."""
    mean, std = features.mean(dim=0), features.std(dim=0, correction=0)
    weights, bias, _ = _last((features - mean) / (std + 1e-5), targets, learning_rate, steps)
    return weights / std, bias - (weights / std) @ mean


def fit__weights_multiplied(features, targets, learning_rate, steps):
    """Your weights are the standardized ones times std. Divide by std to convert them."""
    mean, std = features.mean(dim=0), features.std(dim=0, correction=0)
    weights, bias, _ = _last((features - mean) / std, targets, learning_rate, steps)
    return weights * std, bias - (weights * std) @ mean
