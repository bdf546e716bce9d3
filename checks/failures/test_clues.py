"""Clues: each sentence is true of the values that it is shown for, and no sentence is shown for values that only agree
by chance."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from dojo.failures.clues.compute import clue_for
from dojo.failures.clues.evidence import Evidence

X = torch.tensor([[1.0, 2.5, -3.25], [4.5, 0.75, 6.0]])
ROW = torch.tensor([0.5, 1.25, 2.0, 4.75])
LOSSES = [4.0, 1.7, 0.9, 0.35, 0.11]


def sentence(actual, expected, kind="value", **more):
    found = clue_for(Evidence(actual, expected, **more), kind)
    return found and found.sentence


TABLE = [
    # Factors and offsets.
    (2 * X, X, {}, "Every entry of your result is 2 times the expected one."),
    (-X, X, {}, "Every entry of your result is the expected one with the opposite sign."),
    (0.5 * ROW, ROW, {}, "Every entry of your result is half the expected one."),
    (0.3 * X, X, {}, "Every entry of your result is 0.3 times the expected one."),
    (
        0.3 * X,
        X,
        {"arguments": {"lr": 0.3}},
        "Every entry of your result is 0.3 times the expected one, and lr is 0.3.",
    ),
    (torch.tensor(2.0), torch.tensor(1.0), {}, "Your result is 2 times the expected one."),
    (torch.tensor(3.0), torch.tensor(1.0), {}, None),
    (
        torch.tensor(3.0),
        torch.tensor(1.0),
        {"arguments": {"x": torch.rand(3), "y": torch.rand(3)}},
        "Your result is 3 times the expected one, and len(x) is 3.",
    ),
    (torch.tensor(3.0), torch.tensor(1.0), {"arguments": {"x": torch.rand(3), "y": torch.rand(2, 3)}}, None),
    (
        ROW * math.sqrt(5 / 4),
        ROW,
        {"arguments": {"x": torch.rand(5, 4)}},
        "Every entry of your result is 1.118 times the expected one. The factor is sqrt(5/4), and len(x) is 5.",
    ),
    (X + 0.5, X, {}, "Every entry of your result is 0.5 more than the expected one."),
    (
        X - 0.3,
        X,
        {"arguments": {"eps": 0.3}},
        "Every entry of your result is 0.3 less than the expected one, and eps is 0.3.",
    ),
    (X - ROW[:3], X, {"arguments": {"bias": ROW[:3]}}, "Your result is the expected one minus bias."),
    (X * ROW[:3], X, {"arguments": {"weight": ROW[:3]}}, "Your result is the expected one times weight."),
    # Functions and rounding.
    (X**2, X, {}, "Every entry of your result is the square of the expected one."),
    (ROW, ROW.sqrt(), {}, "Every entry of your result is the square of the expected one."),
    (1 - X, X, {}, "Every entry of your result is 1 minus the expected one."),
    (torch.tanh(X), X, {}, "Every entry of your result is the tanh of the expected one."),
    (X, torch.sigmoid(X), {}, "Every expected entry is the sigmoid of yours."),
    (X.softmax(1), X, {}, "Your result is the softmax of the expected one along dimension 1."),
    (ROW.floor(), ROW, {}, "Every entry of your result is the expected one rounded down to an integer."),
    (ROW, ROW.softmax(0), {}, "The expected value is the softmax of your result along dimension 0."),
    (
        torch.tensor([0.5, 1.25, 2.002]),
        torch.tensor([0.5001, 1.2501, 2.0015]),
        {"atol": 1e-6},
        None,
    ),
    # nan.
    (
        ROW / torch.tensor([1.0, 1.0, 0.0, 0.0]),
        ROW,
        {},
        "2 of 4 entries of your result are infinite where a finite number was expected. All other entries are right.",
    ),
    (
        torch.tensor([np.inf, np.inf, 1.0, 2.0]),
        torch.tensor([np.inf, 5.0, 1.0, 3.0]),
        {},
        "1 of 4 entries of your result is infinite where a finite number was expected.",
    ),
    (torch.tensor(float("nan")), torch.tensor(1.0), {}, "Your result is nan, but a finite number was expected."),
    # Another arrangement.
    (X.T, X, {}, "Your result is the expected one transposed."),
    (torch.arange(9.0).view(3, 3).T, torch.arange(9.0).view(3, 3), {}, "Your result is the expected one transposed."),
    (
        torch.arange(24.0).view(2, 3, 4).permute(1, 2, 0),
        torch.arange(24.0).view(2, 3, 4),
        {},
        "Your result is the expected one with its dimensions in the order [1, 2, 0].",
    ),
    (ROW.flip(0), ROW, {}, "Your result is the expected one in reverse order."),
    (ROW[[0, 1, 3, 2]], ROW, {}, "Your result has the expected entries in another order."),
    (ROW[[2, 1]], ROW[[1, 2]], {}, None),
    (X[:, :, None], X, {}, "The numbers are right, but your result has one dimension of size 1 too many."),
    (X[0], X[:1], {}, "The numbers are right, but your result lacks one dimension of size 1."),
    (X.reshape(3, 2), X, {}, "The numbers and their order are right, but the shape of your result is not."),
    (X[:1], X, {}, "Your result lacks one row at the end. The other rows are right."),
    (
        torch.arange(24.0).view(2, 3, 4)[:, :2],
        torch.arange(24.0).view(2, 3, 4),
        {},
        "Your result lacks one slice at the end of dimension 1. The other slices are right.",
    ),
    (X[:, 1:], X, {}, "Your result lacks one column at the beginning. The other columns are right."),
    (ROW.expand(3, 4), ROW, {}, "Your result holds the expected numbers 3 times."),
    (X[:1].expand(2, 2, 3), X[:1], {}, "Your result holds the expected numbers 4 times."),
    (X, X.sum(1), {}, "The sum of your result along dimension 1 is the expected value."),
    (X.mean(), X[0], {}, None),
    (X.mean(), X, {}, "Your result is the mean of the expected entries."),
    (
        X.exp() / X.exp().sum(0),
        X.exp() / X.exp().sum(1, keepdim=True),
        {},
        "The columns of your result sum to 1, but the rows should sum to 1.",
    ),
    (X - X.mean(), X - X.mean(0), {}, "Your result as a whole has mean 0, but the columns should have mean 0."),
    (
        torch.zeros(4, 4),
        torch.arange(4.0),
        {},
        "Your result has an entry for each pair (i, j), but one entry for each i was expected.",
    ),
    (
        torch.rand(2, 3),
        torch.rand(5, 3) + 2,
        {"arguments": {"x": torch.rand(2, 7), "y": torch.rand(5, 7)}},
        "Dimension 0 of your result has size 2, which is len(x). The expected size is 5, which is len(y).",
    ),
    # Arguments and other steps.
    (X, X + ROW[:3], {"arguments": {"x": X, "b": ROW}}, "Your result equals x, as it was passed in."),
    (X.mean(1), X.sum(1), {"arguments": {}}, None),
    (
        X[0],
        X[1],
        {"results": {"entry [1] of your result": X[1]}},
        "Entry [1] of your result is the value that was expected here.",
    ),
    (
        X + 0.2 * X**2,
        X - 0.1 * X**2,
        {"arguments": {"w": X}, "returned": False},
        "The change from w (as passed in) to your value is -2 times the expected change.",
    ),
    (
        X + X**2,
        X - X**2,
        {"arguments": {"w": X}, "returned": False},
        "The change from w (as passed in) to your value is the expected change with the opposite sign.",
    ),
    # Places.
    (torch.where(X < 0, 9.0, X.exp()), X.exp(), {"arguments": {"x": X}}, None),
    (
        torch.where(ROW == 2, 9.0, ROW.exp()),
        ROW.exp(),
        {"arguments": {"x": ROW - 2}},
        "Your result is right except where x is 0.",
    ),
    # Lists over time.
    (
        [LOSSES[0], *LOSSES[:-1]],
        LOSSES,
        {},
        "Your result is one entry late: its entry [1] is the expected entry [0], and so on.",
    ),
    (
        [*LOSSES[1:], 0.01],
        LOSSES,
        {},
        "Your result is one entry early: its entry [0] is the expected entry [1], and so on.",
    ),
    (LOSSES[:-1], LOSSES, {}, "Your result lacks one entry at the end. The other entries are right."),
    ([*LOSSES, 0.02], LOSSES, {}, "Your result has one entry too many at the end. The other entries are right."),
    (
        [4.0] * 5,
        LOSSES,
        {},
        "Every entry of your result equals the first expected entry, but the expected entries are not all equal.",
    ),
    (
        [0.11] * 5,
        LOSSES,
        {},
        "Every entry of your result equals the last expected entry, but the expected entries are not all equal.",
    ),
    (
        np.cumsum(LOSSES).tolist(),
        LOSSES,
        {},
        "Every entry of your result is the sum of the expected entries up to this place.",
    ),
    (
        [4.0, 2.5, 3.5, 9.0, 0.5],
        LOSSES,
        {},
        "The first entry of your result is right, and all later entries are wrong.",
    ),
    ([2.85, 0.625], LOSSES[:4], {}, "Every entry of your result is the mean of 2 consecutive expected entries."),
    # Containers.
    ({"a": 1.0}, {"a": 1.0, "b": 2.0, "c": 3.0}, {}, "Your result lacks the keys 'b' and 'c'."),
    (
        {"a": 2.0, "b": 7.0},
        {"a": 1.0, "b": 7.0},
        {},
        "Entry ['a'] of your result is 2 times the expected one. All other entries are right.",
    ),
    (
        {"a": {"x": 2.0, "y": 7.0, "z": "c"}, "b": 3.0},
        {"a": {"x": 1.0, "y": 7.0, "z": "c"}, "b": 3.0},
        {},
        "Entry ['a']['x'] of your result is 2 times the expected one. All other entries are right.",
    ),
    (
        {"a": {"x": 2.0, "y": "c"}, "b": 3.0},
        {"a": {"x": 1.0, "y": "c"}, "b": 4.0},
        {},
        "Entry ['a']['x'] of your result is 2 times the expected one.",
    ),
    (
        [2 * X, "b"],
        [X, "b"],
        {},
        "Every value in entry [0] of your result is 2 times the expected one. All other entries are right.",
    ),
    (["a", 1, 2, "b"], ["a", 1, 2, None], {}, "Only entry [3] of your result is wrong."),
    (["a", "b"], ["a", "b", "b"], {}, "Your result has 'b' too rarely, but it has no wrong item."),
    (["b", "a"], ["a", "b", "c"], {}, "Your result lacks 'c', but it has no wrong item."),
    (["c", "b", "a"], ["a", "b", "c"], {}, "Your result has the expected items in reverse order."),
    (["a", "b", "b"], ["a", "b"], {}, "Your result has every expected item, but 'b' too often."),
    ([True] * 4, [True, False, True, True], {}, "Every entry of your result is True, but some should be False."),
    # Names.
    (-X, X, {"name": "the gradient"}, "Every entry of the gradient is the expected one with the opposite sign."),
    (-X, X, {"returned": False}, "Every entry of your value is the expected one with the opposite sign."),
]


@pytest.mark.parametrize(("actual", "expected", "more", "says"), TABLE)
def test_the_sentence(actual, expected, more, says):
    assert sentence(actual, expected, **more) == says


@pytest.mark.parametrize(
    ("kind", "actual", "expected", "more", "says"),
    [
        ("dtype", X.double(), X, {}, "The numbers are right, but the dtype is float64, not float32."),
        (
            "dtype",
            X.double(),
            X,
            {"arguments": {"x": X, "weights": np.ones(3)}},
            "The numbers are right, but the dtype is float64, not float32.",
        ),
        (
            "dtype",
            torch.tensor([7.0, 5.0]),
            torch.tensor([7, 5]),
            {},
            "The numbers are right, but the dtype is float32, not int64.",
        ),
        # float32 has no 2**24 + 1.
        ("dtype", torch.tensor([2.0**24, 5.0]), torch.tensor([2**24 + 1, 5]), {}, None),
        ("dtype", X.long(), X, {}, "Your result has the expected numbers, truncated to integers."),
        ("type", torch.tensor(2.5), 2.5, {}, "The numbers are right, but the type of your result is not."),
        ("type", X.max(1), X.max(1).values, {}, "Your result has 2 entries. The expected value is entry [0] (values)."),
        ("type", X.sum, X.sum(), {}, "Your result is the function sum itself, not the result of calling it."),
        ("type", X.tolist(), torch.ones(2, 3), {}, None),
        ("device", X, X.to("meta"), {}, None),
    ],
)
def test_the_sentence_for_another_type(kind, actual, expected, more, says):
    assert sentence(actual, expected, kind, **more) == says
