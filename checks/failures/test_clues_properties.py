"""What holds of all clues: none is false, none holds by chance, and equal answers get equal clues."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch

pytest.importorskip("hypothesis")

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dojo.failures.clues.compute import clue_for
from dojo.failures.clues.evidence import Evidence

SHAPES = [(), (1,), (2,), (5,), (8,), (2, 3), (3, 3), (4, 2), (2, 3, 4), (1, 4)]
# Facts that unrelated numbers may well fulfil: each states no more than what its sentence counts.
WEAK = {"one_sided", "right_start", "where_argument", "where_expected"}


def floats(seed, shape):
    return torch.from_numpy(np.asarray(np.random.default_rng(seed).normal(size=shape) * 3)).float()


def integers(seed, shape, low=-2, high=3):
    return torch.from_numpy(np.asarray(np.random.default_rng(seed).integers(low, high, size=shape), np.float32))


# Each relation with a check of its sentence that does not use the code of clues. `a` is the answer, `e` the
# expected value, both float64 arrays.
def _factor(sentence, a, e):
    if "opposite sign" in sentence:
        return np.allclose(a, -e, rtol=1e-4, atol=1e-4)
    number = 0.5 if "is half" in sentence else float(re.search(r"is (\S+) times", sentence)[1])
    return np.allclose(a, number * e, rtol=2e-3, atol=2e-3)


def _offset(sentence, a, e):
    number = float(re.search(r"is (\S+) (more|less)", sentence)[1]) * (1 if "more" in sentence else -1)
    return np.allclose(a - e, number, rtol=1e-3, atol=1e-3)


def _permuted(sentence, a, e):
    order = re.search(r"\[(.*)\]", sentence)
    return np.allclose(a, e.transpose([int(each) for each in order[1].split(",")] if order else None), atol=1e-4)


def _too(sentence, a, e):
    few = "lacks" in sentence
    short, long = (a, e) if few else (e, a)
    for axis in range(a.ndim):
        n = short.shape[axis]
        part = range(n) if "at the end" in sentence else range(long.shape[axis] - n, long.shape[axis])
        if short.shape[axis] != long.shape[axis] and np.allclose(np.take(long, part, axis), short, atol=1e-4):
            return True
    return False


CHECKS = {
    "constant_factor": _factor,
    "opposite_sign": _factor,
    "constant_offset": _offset,
    "transposed": _permuted,
    "permuted": _permuted,
    "too_few": _too,
    "too_many": _too,
    "reversed": lambda s, a, e: any(np.allclose(a, np.flip(e, d), atol=1e-4) for d in range(a.ndim)),
    "other_order": lambda s, a, e: np.allclose(np.sort(a, axis=None), np.sort(e, axis=None), atol=1e-4),
    "extra_dimension": lambda s, a, e: np.allclose(a.ravel(), e.ravel(), atol=1e-4) and a.ndim > e.ndim,
    "missing_dimension": lambda s, a, e: np.allclose(a.ravel(), e.ravel(), atol=1e-4) and a.ndim < e.ndim,
    "reshaped": lambda s, a, e: np.allclose(a.ravel(), e.ravel(), atol=1e-4) and a.shape != e.shape,
    "repeated": lambda s, a, e: (
        a.size == int(re.search(r"(\d+) times", s)[1]) * e.size and set(a.ravel().tolist()) == set(e.ravel().tolist())
    ),
    "one_late": lambda s, a, e: np.allclose(a[1:], e[:-1], atol=1e-4),
    "one_early": lambda s, a, e: np.allclose(a[:-1], e[1:], atol=1e-4),
    "all_equal": lambda s, a, e: np.ptp(a) < 1e-6 < np.ptp(e),
    "all_first": lambda s, a, e: np.allclose(a, e[0], atol=1e-4),
    "all_last": lambda s, a, e: np.allclose(a, e[-1], atol=1e-4),
    "not_finite": lambda s, a, e: not np.isfinite(a).all(),
    "rounded": lambda s, a, e: np.allclose(a, np.round(a)) and np.abs(a - e).max() <= 1,
    "inverted": lambda s, a, e: np.allclose(a, 1 - e),
    "not_reduced": lambda s, a, e: a.size > e.size,
    "reduced_away": lambda s, a, e: a.size < e.size,
    "other_property": lambda s, a, e: a.shape == e.shape and a.ndim == 2,
    "sizes_in_other_order": lambda s, a, e: a.shape != e.shape and sorted(a.shape) == sorted(e.shape),
    "every_pair": lambda s, a, e: a.shape == e.shape * 2,
    "diagonal": lambda s, a, e: np.allclose(np.diagonal(a), e, atol=1e-4),
    "grouped": lambda s, a, e: max(a.size, e.size) % min(a.size, e.size) == 0,
    "one_slice": lambda s, a, e: 0 < np.isclose(a, e, atol=1e-4).sum() < a.size,
    "right_start": lambda s, a, e: np.allclose(a[0], e[0], atol=1e-4) and not np.allclose(a[-1], e[-1], atol=1e-4),
    "one_sided": lambda s, a, e: (a - e > -1e-4).all() or (a - e < 1e-4).all(),
    "offset_by_slice": lambda s, a, e: min(np.ptp(a - e, axis=d).max() for d in (0, 1)) < 1e-3,
    "where_expected": lambda s, a, e: 0 < np.isclose(a, e, atol=1e-4).sum() < a.size,
}


def true_of(clue, actual, expected):
    """Whether a clue's sentence is true, by a check of its own; every kind that comes up must have a check."""
    a, e = (np.asarray(each, dtype=np.float64) for each in (actual, expected))
    if "softmax" in clue.sentence:
        left, right = (a, e) if clue.kind == "function_of_expected" else (e, a)
        powers, axis = np.exp(right - right.max()), int(re.search(r"dimension (\d+)", clue.sentence)[1])
        return np.allclose(left, powers / powers.sum(axis=axis, keepdims=True), rtol=1e-3, atol=1e-4)
    if clue.kind == "function_of_expected" or clue.kind == "function_of_yours":
        left, right = (a, e) if clue.kind == "function_of_expected" else (e, a)
        with np.errstate(all="ignore"):
            functions = {
                "square": right**2,
                "1 minus": 1 - right,
                "1 divided": 1 / right,
                "exponential": np.exp(right),
                "tanh": np.tanh(right),
                "sigmoid": 1 / (1 + np.exp(-right)),
                "absolute": abs(right),
                "relu": right.clip(0),
            }
        found = [value for word, value in functions.items() if word in clue.sentence]
        return np.allclose(left, found[0], rtol=1e-3, atol=1e-4)
    if clue.kind == "factor_by_slice":
        with np.errstate(all="ignore"):
            return min(np.ptp(a / e, axis=d).max() for d in (0, 1)) < 1e-2
    if clue.kind.startswith("running"):
        sums = np.cumsum(e, axis=0)
        counts = np.arange(1, len(e) + 1).reshape(-1, *[1] * (e.ndim - 1))
        return np.allclose(a, sums, atol=1e-3) or np.allclose(a, sums / counts, atol=1e-3)
    assert clue.kind in CHECKS, f"Add a check of the sentence of {clue.kind} to CHECKS in this file."
    return CHECKS[clue.kind](clue.sentence, a, e)


def changed(kind, x, seed):
    """Answers in which something simple went wrong, and nonsense."""
    rng = np.random.default_rng(seed)
    last = x.ndim - 1
    return {
        "times": lambda: x * float(rng.choice([2, 0.5, -1, 3, 0.1, 1.7])),
        "plus": lambda: x + float(rng.choice([1, -1, 0.5, 0.31])),
        "transposed": lambda: x.transpose(0, last) if x.ndim else x + 1,
        "flipped": lambda: x.flip(0) if x.ndim else -x,
        "squared": lambda: x**2,
        "inverse": lambda: 1 / x,
        "tanh": lambda: torch.tanh(x),
        "relu": lambda: x.clamp(min=0),
        "rounded": lambda: x.round(),
        "cut": lambda: x[:-1] if x.ndim else x * 2,
        "longer": lambda: torch.cat([x, x[:1]]) if x.ndim else x * 2,
        "rolled": lambda: x.roll(1, 0) if x.ndim else x * 2,
        "unsqueezed": lambda: x[None],
        "summed": lambda: x.sum(),
        "mean": lambda: x.mean(dim=last, keepdim=True) if x.ndim else x * 2,
        "sorted": lambda: x.reshape(-1).sort().values.reshape(x.shape),
        "cumulative": lambda: x.cumsum(0) if x.ndim else x * 2,
        "softmax": lambda: x.softmax(last) if x.ndim else x * 2,
        "constant": lambda: torch.full_like(x, float(rng.normal())),
        "noise": lambda: x + torch.from_numpy(np.asarray(rng.normal(size=tuple(x.shape)))).float(),
        "one entry": lambda: torch.where(torch.arange(x.numel()).reshape(x.shape) == x.numel() - 1, x + 1.3, x),
    }[kind]()


KINDS = [
    "times", "plus", "transposed", "flipped", "squared", "inverse", "tanh", "relu", "rounded", "cut", "longer",
    "rolled", "unsqueezed", "summed", "mean", "sorted", "cumulative", "softmax", "constant", "noise", "one entry",
]  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(SHAPES),
    st.integers(0, 10**6),
    st.sampled_from([floats, integers]),
    st.lists(st.sampled_from(KINDS), min_size=1, max_size=2),
)
def test_no_clue_is_false(shape, seed, draw, kinds):
    expected = draw(seed, shape)
    actual = expected
    for kind in kinds:
        actual = changed(kind, actual, seed)
        assume(actual.numel() > 0)
    clue = clue_for(Evidence(actual, expected), "value")
    if clue is not None:
        assert true_of(clue, actual, expected), (clue, actual, expected)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(SHAPES), st.sampled_from(SHAPES), st.integers(0, 10**6), st.sampled_from(SHAPES))
def test_unrelated_numbers_get_no_clue(shape, other, seed, argument):
    actual, expected, given_ = floats(seed, shape), floats(seed + 1, other), floats(seed + 2, argument)
    clue = clue_for(Evidence(actual, expected, arguments={"x": given_, "n": 7}), "value")
    assert clue is None or clue.kind in WEAK | {"sizes_in_other_order", "every_pair", "other_size"}, clue


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([(5,), (8,), (3, 3), (4, 2), (2, 3, 4)]),
    st.integers(0, 10**6),
    st.sampled_from(KINDS),
    st.integers(0, 99),
)
def test_a_clue_is_true_of_an_answer_with_one_more_wrong_entry(shape, seed, kind, place):
    expected = floats(seed, shape)
    actual = changed(kind, expected, seed).contiguous().clone()
    actual.view(-1)[place % actual.numel()] += 11.37
    clue = clue_for(Evidence(actual, expected), "value")
    if clue is not None:
        assert true_of(clue, actual, expected), (clue, actual, expected)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(SHAPES), st.integers(0, 10**6), st.sampled_from([floats, integers]), st.sampled_from(KINDS))
def test_equal_answers_get_equal_clues(shape, seed, draw, kind):
    expected = draw(seed, shape)
    actual = changed(kind, expected, seed)
    assume(actual.numel() > 0)
    strided = torch.stack([actual, actual], dim=-1)[..., 0]
    clues = [
        clue_for(Evidence(each, wanted), "value")
        for each, wanted in (
            (actual, expected),
            (strided, expected.clone()),
            (actual.clone().requires_grad_(), expected),
            (actual.numpy().copy(), expected.numpy()),
        )
    ]
    assert clues.count(clues[0]) == len(clues)


@settings(max_examples=100, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
        lambda each: st.lists(each, max_size=4) | st.dictionaries(st.text(max_size=2), each, max_size=3),
        max_leaves=8,
    ),
    st.data(),
)
def test_any_plain_values_can_be_compared(actual, data):
    expected = data.draw(st.sampled_from([actual, [actual], {"a": actual}, [1, 2, 3], 1.5, "a", None, (True, False)]))
    for kind in ("value", "type", "shape", "dtype"):
        clue_for(Evidence(actual, expected), kind)
