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
