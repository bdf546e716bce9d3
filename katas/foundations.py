"""What you wrote in Foundations, in NumPy: given, to compare against. Nothing in here is for you to change.

Every function takes and returns NumPy arrays; float64 in, float64 out.
"""

import numpy as np


def standardize(features):
    """Give each column mean 0 and standard deviation 1. features: (N, D). Returns: (N, D)."""
    return (features - features.mean(axis=0)) / features.std(axis=0)


def softmax(scores):
    """Turn each row of scores into probabilities. scores: (N, K). Returns: (N, K), rows that sum to 1."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


def pairwise_distances(left, right):
    """The Euclidean distance of every row of `left` to every row of `right`. (N, D), (M, D). Returns: (N, M)."""
    return np.sqrt(((left[:, None, :] - right[None, :, :]) ** 2).sum(axis=2))


def predict(features, weights, bias):
    """The line's answer for each row. features: (N, D), weights: (D,), bias: a number. Returns: (N,)."""
    return features @ weights + bias


def mean_squared_error(predictions, targets):
    """The mean of the squared differences. Both: (N,). Returns: a number."""
    return ((predictions - targets) ** 2).mean()


def gradients(features, predictions, targets):
    """The gradient of the mean squared error. Returns: (D,) for the weights, and a number for the bias."""
    errors = predictions - targets
    return 2 * features.T @ errors / len(errors), 2 * errors.mean()


def descend(features, targets, weights, bias, learning_rate, steps):
    """Gradient descent on the mean squared error.

    Returns: weights of every step (steps + 1, D), biases (steps + 1,), and losses (steps + 1,); each begins with the
    state before the first update.
    """
    history = []
    for step in range(steps + 1):
        predictions = predict(features, weights, bias)
        history.append((weights, bias, mean_squared_error(predictions, targets)))
        if step < steps:
            weight_gradient, bias_gradient = gradients(features, predictions, targets)
            weights = weights - learning_rate * weight_gradient
            bias = bias - learning_rate * bias_gradient
    return tuple(np.array(column) for column in zip(*history, strict=True))


def net_predict(features, weights_1, bias_1, weights_2, bias_2):
    """A two-layer net: tanh(features @ weights_1 + bias_1) @ weights_2 + bias_2.

    features: (N, D), weights_1: (D, H), bias_1: (H,), weights_2: (H,), bias_2: a number. Returns: (N,).
    """
    hidden = np.tanh(features @ weights_1 + bias_1)
    return hidden @ weights_2 + bias_2


def net_gradients(features, targets, weights_1, bias_1, weights_2, bias_2):
    """Backprop by hand: the gradients of the net's mean squared error, from the last operation to the first.

    Returns: one array for each of weights_1, bias_1, weights_2 and bias_2, each with the shape of its parameter.
    """
    hidden = np.tanh(features @ weights_1 + bias_1)
    errors = hidden @ weights_2 + bias_2 - targets
    to_predictions = 2 * errors / len(errors)
    to_hidden = to_predictions[:, None] * weights_2
    to_sums = to_hidden * (1 - hidden**2)
    return features.T @ to_sums, to_sums.sum(axis=0), hidden.T @ to_predictions, to_predictions.sum()


def net_descend(features, targets, parameters, learning_rate, steps):
    """Gradient descent on the net's mean squared error.

    parameters: (weights_1, bias_1, weights_2, bias_2). Returns: a list of steps + 1 such tuples, and the losses
    (steps + 1,); both begin with the state before the first update.
    """
    states, losses = [tuple(parameters)], []
    for _ in range(steps):
        losses.append(mean_squared_error(net_predict(features, *states[-1]), targets))
        slopes = net_gradients(features, targets, *states[-1])
        states.append(tuple(p - learning_rate * slope for p, slope in zip(states[-1], slopes, strict=True)))
    losses.append(mean_squared_error(net_predict(features, *states[-1]), targets))
    return states, np.array(losses)
