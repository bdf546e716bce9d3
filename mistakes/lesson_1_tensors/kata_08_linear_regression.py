"""Wrong answers to katas/lesson_1_tensors/kata_08_linear_regression.py, with the sentence that corrects each belief."""

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
    """The bias is missing from your predictions: it is added once to each row's sum."""
    return features @ weights


def predict__bias_in_every_column(features, weights, bias):
    """Your bias was multiplied by the features, as if it were part of each weight: it is added after the sum."""
    return features @ (weights + bias)


def predict__not_summed(features, weights, bias):
    """A number for each feature is left over: a prediction is the sum of a row's products, one number a row."""
    return features * weights + bias


def predict__summed_down_the_columns(features, weights, bias):
    """A number for each column came out: the sum runs along a row, over its columns, not down the rows."""
    return (features * weights).sum(dim=0) + bias


def predict__a_column(features, weights, bias):
    """(N, 1) is a column, (N,) is not: subtract targets of shape (N,) from it, and all pairs come out, (N, N)."""
    return features @ weights[:, None] + bias


def predict__squeezed(features, weights, bias):
    """A dimension of size 1 was dropped that meant something: one row is a batch of one, and stays (1,)."""
    return (features @ weights[:, None]).squeeze() + bias


def predict__weights_first(features, weights, bias):
    """In a matrix product the order counts: (D,) before (N, D) does not fit, or fits by chance where N is D."""
    return weights @ features + bias


def predict__features_overwritten(features, weights, bias):
    """The caller's features are gone: an operation whose name ends in _ (or a *=) writes into what it is given."""
    return features.mul_(weights).sum(dim=1) + bias


def predict__started_on_the_cpu(features, weights, bias):
    """What you create yourself starts on the CPU: it can't be added to numbers that live on another device."""
    return torch.zeros(len(features)) + features @ weights + bias


def mean_squared_error__shapes_not_compared(predictions, targets):
    """(N, 1) and (N,) are lined up from the right, which pairs everyone with everyone: compare shapes first."""
    return ((predictions - targets) ** 2).mean()


def mean_squared_error__lengths_compared(predictions, targets):
    """As many numbers is not the same shape: (N, 1) and (N,) hold N each, and their difference holds N * N."""
    if len(predictions) != len(targets):
        raise ValueError("different lengths")
    return ((predictions - targets) ** 2).mean()


def mean_squared_error__quietly_reshaped(predictions, targets):
    """Shapes that differ are a mistake of the caller: making them fit hides it, so refuse with a ValueError."""
    return ((predictions - targets.reshape(predictions.shape)) ** 2).mean()


def mean_squared_error__asserted(predictions, targets):
    """A failed assert raises AssertionError, and Python may be told to skip it: ValueError is what is asked for."""
    assert predictions.shape == targets.shape
    return ((predictions - targets) ** 2).mean()


def mean_squared_error__summed(predictions, targets):
    """The sum grows with the number of rows: a mean is the sum divided by N."""
    if predictions.shape != targets.shape:
        raise ValueError("different shapes")
    return ((predictions - targets) ** 2).sum()


def mean_squared_error__halved(predictions, targets):
    """Half the mean makes a prettier gradient, but it is another loss: here nothing is halved."""
    if predictions.shape != targets.shape:
        raise ValueError("different shapes")
    return ((predictions - targets) ** 2).mean() / 2


def mean_squared_error__root(predictions, targets):
    """This is the root of the mean squared error: the mean itself is asked for, in squared units."""
    if predictions.shape != targets.shape:
        raise ValueError("different shapes")
    return ((predictions - targets) ** 2).mean().sqrt()


def mean_squared_error__mean_before_the_square(predictions, targets):
    """Errors of opposite sign cancel when the mean is taken first: square each error, and then average."""
    if predictions.shape != targets.shape:
        raise ValueError("different shapes")
    return (predictions - targets).mean() ** 2


def mean_squared_error__a_python_number(predictions, targets):
    """A plain number has left the tensors, and its device has to wait for it: return the tensor of shape ()."""
    if predictions.shape != targets.shape:
        raise ValueError("different shapes")
    return ((predictions - targets) ** 2).mean().item()


def mean_squared_error__predictions_overwritten(predictions, targets):
    """The caller's predictions have turned into something else: -= and names ending in _ write into the input."""
    if predictions.shape != targets.shape:
        raise ValueError("different shapes")
    return (predictions.sub_(targets) ** 2).mean()


def mean_squared_error__ready_made(predictions, targets):
    """The ready-made loss hides what you are to see once: difference, square, mean."""
    if predictions.shape != targets.shape:
        raise ValueError("different shapes")
    return torch.nn.functional.mse_loss(predictions, targets)


def explained__variance_over_n_minus_1(predictions, targets):
    """The two don't match: your error is a mean over N, your variance divides by N - 1, as PyTorch's does by itself."""
    return 1 - ((predictions - targets) ** 2).mean() / targets.var()


def explained__share_left_over(predictions, targets):
    """This is the share that is left unexplained: it is 0 for perfect predictions, and grows as they get worse."""
    return ((predictions - targets) ** 2).mean() / targets.var(correction=0)


def explained__variance_of_the_predictions(predictions, targets):
    """The measure is how much the targets vary, whatever was predicted: you divided by the predictions' variance."""
    return 1 - ((predictions - targets) ** 2).mean() / predictions.var(correction=0)


def explained__squared_correlation(predictions, targets):
    """A squared correlation asks whether the two rise and fall together: predictions twice too high still get 1."""
    return torch.corrcoef(torch.stack([predictions, targets]))[0, 1] ** 2


def explained__ratio_of_variances(predictions, targets):
    """Predictions may vary as much as the targets and still miss every one: what counts is the error between them."""
    return predictions.var(correction=0) / targets.var(correction=0)


def explained__divided_by_std(predictions, targets):
    """A squared error beside a standard deviation depends on the unit: squared belongs beside squared, the variance."""
    return 1 - ((predictions - targets) ** 2).mean() / targets.std(correction=0)


def explained__sum_over_mean(predictions, targets):
    """Your errors are summed, the variance is a mean: the ratio grows with the number of rows."""
    return 1 - ((predictions - targets) ** 2).sum() / targets.var(correction=0)


def explained__python_number(predictions, targets):
    """A Python number has left its device, and the result is to be a tensor of shape (): no item() here."""
    return (1 - ((predictions - targets) ** 2).mean() / targets.var(correction=0)).item()


def explained__targets_centred_in_place(predictions, targets):
    """The caller's targets have lost their mean: -= writes into what you were given."""
    error = ((predictions - targets) ** 2).mean()
    targets -= targets.mean()
    return 1 - error / (targets**2).mean()


def gradients__sign_turned(features, predictions, targets):
    """Both signs are turned: the error is prediction minus target. A step against this gradient makes it worse."""
    return _gradients(features, targets, predictions)


def gradients__two_forgotten(features, predictions, targets):
    """Your gradient is half of what it should be: the derivative of error squared is 2 * error."""
    weights, bias = _gradients(features, predictions, targets)
    return weights / 2, bias / 2


def gradients__summed(features, predictions, targets):
    """This is the gradient of the sum of squares, N times too long: that of the mean is divided by N."""
    weights, bias = _gradients(features, predictions, targets)
    return weights * len(targets), bias * len(targets)


def gradients__bias_summed(features, predictions, targets):
    """For the weights you divide by N, for the bias you don't: both are means over the rows."""
    weights, bias = _gradients(features, predictions, targets)
    return weights, bias * len(targets)


def gradients__bias_not_doubled(features, predictions, targets):
    """The bias's gradient is half of what it should be: the 2 comes from the square, so both gradients have it."""
    weights, bias = _gradients(features, predictions, targets)
    return weights, bias / 2


def gradients__divided_by_the_columns(features, predictions, targets):
    """You divided by the number of features: the mean runs over the rows, of which there are N."""
    errors = predictions - targets
    return 2 * features.T @ errors / features.shape[1], 2 * errors.mean()


def gradients__product_of_means(features, predictions, targets):
    """The mean of products is not the product of means: multiply row by row first, and average then."""
    errors = predictions - targets
    return 2 * features.mean(dim=0) * errors.mean(), 2 * errors.mean()


def gradients__one_number_for_all_weights(features, predictions, targets):
    """You averaged over the columns too: each weight has a gradient of its own, so only the rows are averaged."""
    errors = predictions - targets
    return (2 * features * errors[:, None]).mean(), 2 * errors.mean()


def gradients__a_column(features, predictions, targets):
    """The weights have shape (D,), so their gradient has it too: a column (D, 1) would make weights of (D, D)."""
    errors = predictions - targets
    return 2 * features.T @ errors[:, None] / len(errors), 2 * errors.mean()


def gradients__errors_along_the_columns(features, predictions, targets):
    """(N, D) times (N,) lines up the errors with the columns: an error belongs to a row, and needs shape (N, 1)."""
    errors = predictions - targets
    return (2 * features * errors).mean(dim=0), 2 * errors.mean()


def gradients__bias_as_a_number(features, predictions, targets):
    """A plain number has left the tensors: the gradient for the bias is a tensor too, of shape ()."""
    weights, bias = _gradients(features, predictions, targets)
    return weights, bias.item()


def gradients__row_by_row(features, predictions, targets):
    """The numbers are right, but you go through the rows one at a time: a product with the matrix sums them all."""
    errors = predictions - targets
    weights = sum(2 * error * row for error, row in zip(errors, features, strict=True)) / len(errors)
    return weights, 2 * errors.mean()


def gradients__predictions_overwritten(features, predictions, targets):
    """The caller's predictions have turned into something else: -= and names ending in _ write into the input."""
    predictions -= targets
    return 2 * features.T @ predictions / len(predictions), 2 * predictions.mean()


def update__uphill(weights, bias, weight_gradient, bias_gradient, learning_rate):
    """The gradient points to where the loss grows: you go against it, or the loss gets larger at every step."""
    return weights + learning_rate * weight_gradient, bias + learning_rate * bias_gradient


def update__learning_rate_left_out(weights, bias, weight_gradient, bias_gradient, learning_rate):
    """The step is as long as the gradient, whatever the learning rate is: the rate scales it, for both."""
    return weights - weight_gradient, bias - bias_gradient


def update__bias_left_behind(weights, bias, weight_gradient, bias_gradient, learning_rate):
    """The bias has not moved: it is a parameter like the weights, and takes its step with them."""
    return weights - learning_rate * weight_gradient, bias.clone()


def update__bias_by_the_weights_gradient(weights, bias, weight_gradient, bias_gradient, learning_rate):
    """Your bias has become a vector: it has a gradient of its own, of shape ()."""
    return weights - learning_rate * weight_gradient, bias - learning_rate * weight_gradient


def update__learning_rate_for_the_weights_only(weights, bias, weight_gradient, bias_gradient, learning_rate):
    """The bias jumps by its whole gradient: the learning rate scales the step of both."""
    return weights - learning_rate * weight_gradient, bias - bias_gradient


def update__in_place(weights, bias, weight_gradient, bias_gradient, learning_rate):
    """-= writes into the caller's own weights: whoever kept them, as a history does, finds them changed."""
    weights -= learning_rate * weight_gradient
    bias -= learning_rate * bias_gradient
    return weights, bias


def update__bias_in_place(weights, bias, weight_gradient, bias_gradient, learning_rate):
    """The weights are new, but the caller's bias was changed: a tensor of shape () is no plain number, -= keeps it."""
    new_weights = weights - learning_rate * weight_gradient
    bias -= learning_rate * bias_gradient
    return new_weights, bias


def update__gradient_scaled_in_place(weights, bias, weight_gradient, bias_gradient, learning_rate):
    """The gradient you were given is another now: *= and names ending in _ write into their tensor."""
    weight_gradient *= learning_rate
    bias_gradient *= learning_rate
    return weights - weight_gradient, bias - bias_gradient


def update__same_tensor_where_nothing_changes(weights, bias, weight_gradient, bias_gradient, learning_rate):
    """With a gradient of zeros you hand the caller's own tensor back: new ones are asked for, whatever the step."""
    if not weight_gradient.any() and not bias_gradient.any():
        return weights, bias
    return weights - learning_rate * weight_gradient, bias - learning_rate * bias_gradient


def update__rebuilt_from_numbers(weights, bias, weight_gradient, bias_gradient, learning_rate):
    """Made anew, a tensor is float32 on the CPU whatever the old one was: arithmetic alone keeps dtype and device."""
    numbers = (weights - learning_rate * weight_gradient).tolist()
    return torch.tensor(numbers), torch.tensor((bias - learning_rate * bias_gradient).item())


def descend__snapshots_share_memory(features, targets, weights, bias, learning_rate, steps):
    """Every row of your history is the last one: what you kept was one tensor, many times, and -= went on with it."""
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
    """The caller's own weights have been taken downhill: -= writes into the tensor that you were given."""
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
    """Your bias steps by predictions of the weights already moved: both steps come from the same predictions."""
    history = []
    for _ in range(steps + 1):
        predictions = features @ weights + bias
        history.append((weights, bias, ((predictions - targets) ** 2).mean()))
        weights = weights - learning_rate * _gradients(features, predictions, targets)[0]
        bias = bias - learning_rate * _gradients(features, features @ weights + bias, targets)[1]
    return _stacked(history)


def descend__weights_after_the_bias(features, targets, weights, bias, learning_rate, steps):
    """Your weights step by predictions of the bias already moved: both steps come from the same predictions."""
    history = []
    for _ in range(steps + 1):
        predictions = features @ weights + bias
        history.append((weights, bias, ((predictions - targets) ** 2).mean()))
        bias = bias - learning_rate * _gradients(features, predictions, targets)[1]
        weights = weights - learning_rate * _gradients(features, features @ weights + bias, targets)[0]
    return _stacked(history)


def descend__predictions_never_renewed(features, targets, weights, bias, learning_rate, steps):
    """Each of your steps goes the way of the first: the predictions must be made anew once the weights have moved."""
    predictions = features @ weights + bias
    weight_gradient, bias_gradient = _gradients(features, predictions, targets)
    history = []
    for _ in range(steps + 1):
        history.append((weights, bias, ((features @ weights + bias - targets) ** 2).mean()))
        weights, bias = weights - learning_rate * weight_gradient, bias - learning_rate * bias_gradient
    return _stacked(history)


def descend__losses_never_renewed(features, targets, weights, bias, learning_rate, steps):
    """The loss is the same again after a step: each state has its own, computed anew from the weights it has then."""
    history = list(_walk(features, targets, weights, bias, learning_rate, steps))
    return _stacked([(*state, history[0][2]) for *state, _ in history])


def descend__start_left_out(features, targets, weights, bias, learning_rate, steps):
    """You have one state for each step; the start belongs to the history too, before the first update."""
    history = list(_walk(features, targets, weights, bias, learning_rate, steps))
    # The slice keeps the shapes where no step is taken.
    return tuple(column[1:] for column in _stacked(history))


def descend__recorded_after_the_update(features, targets, weights, bias, learning_rate, steps):
    """Your history begins one step late, after the first update: record the state, and then move on."""
    history = list(_walk(features, targets, weights, bias, learning_rate, steps + 1))
    return _stacked(history[1:])


def descend__losses_one_step_ahead(features, targets, weights, bias, learning_rate, steps):
    """Each loss belongs to the weights of the next row: the loss of a row is that of the weights beside it."""
    history = list(_walk(features, targets, weights, bias, learning_rate, steps + 1))
    weights, biases, losses = _stacked(history)
    return weights[:-1], biases[:-1], losses[1:]


def descend__losses_over_all_pairs(features, targets, weights, bias, learning_rate, steps):
    """The weights are right, the losses not: a column (N, 1) less targets (N,) compares each row with every target."""
    history = []
    for state in _walk(features, targets, weights, bias, learning_rate, steps):
        predictions = features @ state[0][:, None] + state[1]
        history.append((state[0], state[1], ((predictions - targets) ** 2).mean()))
    return _stacked(history)


def descend__lists(features, targets, weights, bias, learning_rate, steps):
    """A list of tensors is no tensor yet: the states have to be put together, along a new first dimension."""
    history = list(_walk(features, targets, weights, bias, learning_rate, steps))
    return tuple(list(column) for column in zip(*history, strict=True))


def descend__through_plain_numbers(features, targets, weights, bias, learning_rate, steps):
    """A history made anew is float32 on the CPU, whatever went in: it must keep the dtype and device of the input."""
    history = list(_walk(features, targets, weights, bias, learning_rate, steps))
    return tuple(torch.tensor([part.tolist() for part in column]) for column in zip(*history, strict=True))


def descend__tensor_of_tensors(features, targets, weights, bias, learning_rate, steps):
    """torch.tensor is made for Python numbers: it refuses tensors of several, and takes the shape away from those
    of one. Put them together along a new dimension."""
    history = list(_walk(features, targets, weights, bias, learning_rate, steps))
    return tuple(torch.tensor(column) for column in zip(*history, strict=True))


def descend__biases_made_anew(features, targets, weights, bias, learning_rate, steps):
    """The history of the biases was made anew, on the CPU: like that of the weights, it belongs where the input is."""
    all_weights, biases, losses = _stacked(list(_walk(features, targets, weights, bias, learning_rate, steps)))
    return all_weights, torch.tensor(list(biases)), torch.tensor(list(losses))


def descend__with_backward(features, targets, weights, bias, learning_rate, steps):
    """PyTorch worked out this gradient: the point here is that your own formula takes the same way."""
    history = []
    for _ in range(steps + 1):
        weights, bias = weights.clone().requires_grad_(), bias.clone().requires_grad_()
        loss = ((features @ weights + bias - targets) ** 2).mean()
        history.append((weights.detach(), bias.detach(), loss.detach()))
        loss.backward()
        weights = weights.detach() - learning_rate * weights.grad
        bias = bias.detach() - learning_rate * bias.grad
    return _stacked(history)


def destandardize__weights_left_as_they_were(weights, bias, mean, std):
    """Raw features are not divided by their std any more, so the weights have to be: yours are those given."""
    return weights.clone(), bias - weights @ (mean / std)


def destandardize__multiplied(weights, bias, mean, std):
    """Features were divided by std, and the weight stands before the fraction: raw weights are smaller by std too."""
    return weights * std, bias - (weights * std) @ mean


def destandardize__bias_left_as_it_was(weights, bias, mean, std):
    """The mean is not taken off raw features any more, so the bias has to make up for it: yours has not changed."""
    return weights / std, bias.clone()


def destandardize__bias_of_the_wrong_sign(weights, bias, mean, std):
    """The mean was taken off the features, so what it contributes is taken off the bias: you have added it."""
    return weights / std, bias + (weights / std) @ mean


def destandardize__mean_not_divided(weights, bias, mean, std):
    """You took mean times the standardized weights off; but in w * (x - mean) / std the mean is divided too."""
    return weights / std, bias - weights @ mean


def destandardize__divided_twice(weights, bias, mean, std):
    """The mean's share of the bias was divided by std twice: once with the weights, and once more by itself."""
    return weights / std, bias - (weights / std) @ (mean / std)


def destandardize__bias_for_each_column(weights, bias, mean, std):
    """There is one bias, and every column has its share in it: the shares are to be summed."""
    return weights / std, bias - weights * mean / std


def destandardize__bias_by_the_average(weights, bias, mean, std):
    """The columns' shares of the bias add up, as in a prediction: you have averaged them."""
    return weights / std, bias - (weights * mean / std).mean()


def destandardize__in_place(weights, bias, mean, std):
    """The caller's weights were changed: they no longer fit the standardized features that they were found on."""
    weights /= std
    return weights, bias - weights @ mean


def fit__std_over_n_minus_1(features, targets, learning_rate, steps):
    """Your columns have been divided by a slightly larger std: PyTorch's divides by N - 1, NumPy's by N."""
    mean, std = features.mean(dim=0), features.std(dim=0)
    weights, bias, _ = _last((features - mean) / std, targets, learning_rate, steps)
    return weights / std, bias - (weights / std) @ mean


def fit__weights_for_standardized_features(features, targets, learning_rate, steps):
    """These fit the standardized features: the raw ones need other weights and another bias."""
    mean, std = features.mean(dim=0), features.std(dim=0, correction=0)
    return _last((features - mean) / std, targets, learning_rate, steps)[:2]


def fit__bias_for_standardized_features(features, targets, learning_rate, steps):
    """Your weights are for raw features, your bias is not yet: the mean of the features has its share in it."""
    mean, std = features.mean(dim=0), features.std(dim=0, correction=0)
    weights, bias, _ = _last((features - mean) / std, targets, learning_rate, steps)
    return weights / std, bias


def fit__not_standardized(features, targets, learning_rate, steps):
    """Raw columns of very different scale: the step that suits the one throws the other ever further away."""
    return _last(features, targets, learning_rate, steps)[:2]


def fit__not_centred(features, targets, learning_rate, steps):
    """Your columns have been divided by std, but their mean was never taken off: both belong to standardizing."""
    std = features.std(dim=0, correction=0)
    weights, bias, _ = _last(features / std, targets, learning_rate, steps)
    return weights / std, bias


def fit__one_scale_for_all_columns(features, targets, learning_rate, steps):
    """One mean and one std for the whole matrix leave its columns as unequal as before: each has its own."""
    mean = features.mean().expand(features.shape[1])
    std = features.std(correction=0).expand(features.shape[1])
    weights, bias, _ = _last((features - mean) / std, targets, learning_rate, steps)
    return weights / std, bias - (weights / std) @ mean


def fit__targets_standardized(features, targets, learning_rate, steps):
    """Your line is for targets of mean 0 and std 1: only the features are standardized here."""
    mean, std = features.mean(dim=0), features.std(dim=0, correction=0)
    scaled = (targets - targets.mean()) / targets.std(correction=0)
    weights, bias, _ = _last((features - mean) / std, scaled, learning_rate, steps)
    return weights / std, bias - (weights / std) @ mean


def fit__first_state(features, targets, learning_rate, steps):
    """You returned the start: the first row of a history is the state before any step, the last the one wanted."""
    weights = torch.zeros_like(features[0])
    return weights, weights.sum()


def fit__one_step_short(features, targets, learning_rate, steps):
    """This is the state one step before the end: a history of steps + 1 states has the last at index -1, or steps."""
    mean, std = features.mean(dim=0), features.std(dim=0, correction=0)
    weights, bias, _ = _last((features - mean) / std, targets, learning_rate, max(steps - 1, 0))
    return weights / std, bias - (weights / std) @ mean


def fit__start_on_the_cpu(features, targets, learning_rate, steps):
    """The zeros that you start from are made on the CPU: they must live where the features live."""
    mean, std = features.mean(dim=0), features.std(dim=0, correction=0)
    start = torch.zeros(features.shape[1], dtype=features.dtype)
    scaled = (features - mean) / std
    weights, bias, _ = list(_walk(scaled, targets, start, start.sum(), learning_rate, steps))[-1]
    return weights / std, bias - (weights / std) @ mean


def fit__start_in_float32(features, targets, learning_rate, steps):
    """The zeros that you start from are float32, and float64 features refuse them: give them the features' dtype."""
    mean, std = features.mean(dim=0), features.std(dim=0, correction=0)
    start = torch.zeros(features.shape[1], device=features.device)
    scaled = (features - mean) / std
    weights, bias, _ = list(_walk(scaled, targets, start, start.sum(), learning_rate, steps))[-1]
    return weights / std, bias - (weights / std) @ mean


def fit__features_standardized_in_place(features, targets, learning_rate, steps):
    """The caller's features have been standardized: -=, /= and names ending in _ write into what you were given."""
    mean, std = features.mean(dim=0), features.std(dim=0, correction=0)
    features -= mean
    features /= std
    weights, bias, _ = _last(features, targets, learning_rate, steps)
    return weights / std, bias - (weights / std) @ mean
