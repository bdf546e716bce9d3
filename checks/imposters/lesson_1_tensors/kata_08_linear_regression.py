"""Wrong answers that behave like a mistake of kata_08_linear_regression.py for another reason."""

import torch


def _states(features, targets, weights, bias, learning_rate, steps):
    for _ in range(steps + 1):
        errors = features @ weights + bias - targets
        yield weights, bias, (errors**2).mean()
        weights = weights - learning_rate * 2 * features.T @ errors / len(errors)
        bias = bias - learning_rate * 2 * errors.mean()


def predict__bias_in_every_column__added_before_the_sum(features, weights, bias):
    """The bias becomes a second set of weights, the same for all columns."""
    return features @ weights + features @ bias.expand_as(weights)


def mean_squared_error__shapes_not_compared__flattened(predictions, targets):
    """Both are flattened, so (N, 1) and (N,) fit, and so do (N,) and (1,)."""
    return ((predictions.flatten() - targets.flatten()) ** 2).mean()


def update__rebuilt_from_numbers__cast(weights, bias, weight_gradient, bias_gradient, learning_rate):
    """The result is converted to float32."""
    return (weights - learning_rate * weight_gradient).float(), (bias - learning_rate * bias_gradient).float()


def descend__snapshots_share_memory__last_state_expanded(features, targets, weights, bias, learning_rate, steps):
    """Only the last state is kept, and repeated at the end."""
    history = list(_states(features, targets, weights, bias, learning_rate, steps))
    last_weights, last_bias, _ = history[-1]
    losses = torch.stack([loss for *_, loss in history])
    return last_weights.expand(steps + 1, -1), last_bias.expand(steps + 1), losses


def descend__through_plain_numbers__cast(features, targets, weights, bias, learning_rate, steps):
    """The history is converted to float32."""
    history = _states(features, targets, weights, bias, learning_rate, steps)
    return tuple(torch.stack(column).float() for column in zip(*history, strict=True))


def compare_lines__as_it_was__means_apart(features, targets, weights, biases):
    """All pairs in one expression: the mean over the pairs is a difference of means and two variances."""
    predictions = features @ weights.T + biases
    spread = predictions.var(dim=0, correction=0) + targets.var(correction=0)
    return (predictions.mean(dim=0) - targets.mean()) ** 2 + spread


def compare_lines__made_anew__cast(features, targets, weights, biases):
    """The losses are converted to float32."""
    return ((features @ weights.T + biases - targets[:, None]) ** 2).mean(dim=0).float()


def fit__first_state__never_updated(features, targets, learning_rate, steps):
    """Each update is computed from a copy of the start, and thrown away."""
    weights, bias = torch.zeros_like(features[0]), torch.zeros_like(targets[0])
    for _ in range(steps):
        list(_states(features, targets, weights, bias, learning_rate, 1))
    return weights, bias


def fit__not_standardized__in_effect(features, targets, learning_rate, steps):
    """The columns are standardized, but the descent gets the raw ones."""
    scaled = (features - features.mean(dim=0)) / features.std(dim=0, correction=0)
    start = torch.zeros_like(scaled[0])
    return list(_states(features, targets, start, start.sum(), learning_rate, steps))[-1][:2]
