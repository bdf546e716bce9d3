"""Other right answers to katas/lesson_1_tensors/kata_08_linear_regression.py: the tests must accept them."""

import torch


def predict__summed_products(features, weights, bias):
    return (features * weights).sum(dim=1) + bias


def predict__matmul(features, weights, bias):
    return torch.matmul(features, weights).add(bias)


def predict__column_then_squeezed(features, weights, bias):
    return bias + torch.mm(features, weights.unsqueeze(1)).squeeze(1)


def predict__row_by_row(features, weights, bias):
    return torch.stack([row @ weights + bias for row in features])


def mean_squared_error__dot(predictions, targets):
    if predictions.size() != targets.size():
        raise ValueError("the shapes differ")
    errors = targets - predictions
    return errors @ errors / errors.numel()


def mean_squared_error__square_and_divide(predictions, targets):
    if list(predictions.shape) != list(targets.shape):
        raise ValueError("the shapes differ")
    return torch.square(predictions - targets).sum() / len(targets)


def gradients__errors_as_a_column(features, predictions, targets):
    errors = predictions - targets
    return (2 * errors[:, None] * features).mean(dim=0), (2 * errors).mean()


def gradients__vector_first(features, predictions, targets):
    scaled = (predictions - targets) * (2 / len(features))
    return scaled @ features, scaled.sum()


def gradients__column_by_column(features, predictions, targets):
    errors = predictions - targets
    return torch.stack([2 * (column * errors).mean() for column in features.T]), 2 * errors.mean()


def update__alpha(weights, bias, weight_gradient, bias_gradient, learning_rate):
    return (
        torch.sub(weights, weight_gradient, alpha=learning_rate),
        torch.sub(bias, bias_gradient, alpha=learning_rate),
    )


def update__copies_in_place(weights, bias, weight_gradient, bias_gradient, learning_rate):
    weights, bias = weights.clone(), bias.clone()
    weights -= learning_rate * weight_gradient
    bias -= learning_rate * bias_gradient
    return weights, bias


def descend__filled_rows(features, targets, weights, bias, learning_rate, steps):
    all_weights = features.new_zeros(steps + 1, len(weights))
    biases, losses = features.new_zeros(steps + 1), features.new_zeros(steps + 1)
    all_weights[0], biases[0] = weights, bias
    for step in range(steps + 1):
        errors = features @ all_weights[step] + biases[step] - targets
        losses[step] = (errors**2).mean()
        if step < steps:
            all_weights[step + 1] = all_weights[step] - learning_rate * (2 * features.T @ errors / len(errors))
            biases[step + 1] = biases[step] - learning_rate * 2 * errors.mean()
    return all_weights, biases, losses


def descend__cloned_snapshots(features, targets, weights, bias, learning_rate, steps):
    weights, bias = weights.clone(), bias.clone()
    all_weights, biases, losses = [], [], []
    for _ in range(steps + 1):
        errors = features @ weights + bias - targets
        all_weights.append(weights.clone())
        biases.append(bias.clone())
        losses.append(errors.square().mean())
        weights -= learning_rate * 2 * (errors[:, None] * features).mean(dim=0)
        bias -= learning_rate * 2 * errors.mean()
    return torch.stack(all_weights), torch.stack(biases), torch.stack(losses)


def descend__bias_as_a_last_weight(features, targets, weights, bias, learning_rate, steps):
    rows = torch.cat([features, torch.ones_like(features[:, :1])], dim=1)
    state = torch.cat([weights, bias.reshape(1)])
    states, losses = [], []
    for _ in range(steps + 1):
        errors = rows @ state - targets
        states.append(state)
        losses.append((errors**2).mean())
        state = state - learning_rate * 2 * rows.T @ errors / len(errors)
    return torch.stack(states)[:, :-1], torch.stack(states)[:, -1], torch.stack(losses)


def compare_lines__squeezed(features, targets, weights, biases):
    losses = []
    for line in range(len(weights)):
        predictions = (features @ weights[line].unsqueeze(1)).squeeze(1) + biases[line]
        losses.append(((predictions - targets) ** 2).mean())
    return torch.stack(losses)


def compare_lines__all_columns(features, targets, weights, biases):
    losses = []
    for line in range(len(weights)):
        predictions = features @ weights[line].unsqueeze(1) + biases[line]
        losses.append(((predictions - targets.unsqueeze(1)) ** 2).mean())
    return torch.stack(losses)


def compare_lines__all_lines_at_once(features, targets, weights, biases):
    return ((features @ weights.T + biases - targets[:, None]) ** 2).mean(dim=0)


def compare_lines__lines_as_rows(features, targets, weights, biases):
    return (weights @ features.T + biases[:, None] - targets).square().mean(1)


def compare_lines__diagonals(features, targets, weights, biases):
    losses = []
    for line in range(len(weights)):
        predictions = features @ weights[line].unsqueeze(1) + biases[line]
        losses.append(((predictions - targets) ** 2).diagonal().mean())
    return torch.stack(losses)


def explained__ratio_of_sums(predictions, targets):
    left, whole = targets - predictions, targets - targets.mean()
    return 1 - left @ left / (whole @ whole)


def explained__var_mean(predictions, targets):
    variance, _ = torch.var_mean(targets, correction=0)
    return (variance - torch.square(predictions - targets).mean()) / variance


def explained__std_squared(predictions, targets):
    return 1 - ((predictions - targets) / targets.std(unbiased=False)).pow(2).mean()


def destandardize__part_of_each_column(weights, bias, mean, std):
    return weights / std, bias - (weights * mean / std).sum()


def destandardize__predicted_at_zero(weights, bias, mean, std):
    return weights / std, bias + weights @ ((torch.zeros_like(mean) - mean) / std)


def _descended(features, targets, learning_rate, steps):
    weights = features.new_zeros(features.shape[1])
    bias = features.new_zeros(())
    for _ in range(steps):
        errors = features @ weights + bias - targets
        weights = weights - learning_rate * 2 * features.T @ errors / len(errors)
        bias = bias - learning_rate * 2 * errors.mean()
    return weights, bias


def fit__no_history(features, targets, learning_rate, steps):
    mean, variance = features.mean(dim=0), features.var(dim=0, correction=0)
    weights, bias = _descended((features - mean) / variance.sqrt(), targets, learning_rate, steps)
    weights = weights / variance.sqrt()
    return weights, bias - (weights * mean).sum()


def fit__std_by_hand(features, targets, learning_rate, steps):
    mean = features.sum(dim=0) / len(features)
    std = ((features - mean) ** 2).mean(dim=0) ** 0.5
    weights, bias = _descended((features - mean) / std, targets, learning_rate, steps)
    return weights / std, bias - weights @ (mean / std)


def fit__keepdim(features, targets, learning_rate, steps):
    std, mean = torch.std_mean(features, dim=0, correction=0, keepdim=True)
    weights, bias = _descended((features - mean) / std, targets, learning_rate, steps)
    raw = weights / std[0]
    return raw, bias - raw.dot(mean[0])
