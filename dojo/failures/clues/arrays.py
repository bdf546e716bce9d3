"""Values as NumPy arrays, and how two arrays are compared. Every relation is built on this."""

from __future__ import annotations

import dataclasses
import sys
from typing import Any

import numpy as np

from dojo.failures.values import as_array

# Larger values are not compared, so that a clue costs a few milliseconds at most.
_LARGEST = 2_000
# The largest relative tolerance of a relation, however loose the test is. A loose relation may hold by chance.
_LOOSEST = 2e-3
# Integers above this are not exact in float64.
_EXACT = 2**53


@dataclasses.dataclass(frozen=True)
class Pair:
    """A wrong array and the expected one, both float64 or both bool, with the tolerance of the test.

    exact: both held integers or booleans, so they are compared without a tolerance.
    """

    actual: np.ndarray
    expected: np.ndarray
    rtol: float
    atol: float
    exact: bool

    @property
    def is_bool(self) -> bool:
        return self.expected.dtype.kind == "b"

    @property
    def same_shape(self) -> bool:
        return self.actual.shape == self.expected.shape

    @property
    def wrong(self) -> np.ndarray:
        """True where the two differ; only if the shapes are equal."""
        different: np.ndarray = ~self.near(self.actual, self.expected)
        return different

    def near(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """True where two arrays of the same shape are equal within the tolerance; nan is equal to nan."""
        if self.exact or left.dtype.kind == "b" or right.dtype.kind == "b":
            return np.asarray(left == right)
        with np.errstate(all="ignore"):
            return np.asarray(np.isclose(left, right, rtol=self.rtol, atol=self.atol, equal_nan=True))

    def equal(self, left: np.ndarray, right: np.ndarray) -> bool:
        """Whether two arrays have the same shape and are equal within the tolerance."""
        return left.shape == right.shape and bool(self.near(left, right).all())

    def clear(self, values: np.ndarray) -> np.ndarray:
        """True where a value is finite and so far from 0 that the absolute tolerance does not hide it."""
        if values.dtype.kind == "b":
            return np.ones(values.shape, bool)
        with np.errstate(all="ignore"):
            large: np.ndarray = np.abs(values) > (0.5 if self.exact else 100 * self.atol)
            return np.asarray(large & np.isfinite(values))

    def distinct(self, values: np.ndarray) -> int:
        """The number of values that differ from each other by much more than the tolerance."""
        flat = np.sort(values[np.isfinite(values)].ravel()) if values.dtype.kind == "f" else np.unique(values)
        if flat.dtype.kind == "b" or not flat.size:
            return int(flat.size)
        gaps = np.diff(flat) > (0.5 if self.exact else 10 * (self.atol + self.rtol * np.abs(flat[1:])))
        return 1 + int(np.count_nonzero(gaps))

    def convincing(self, values: np.ndarray) -> bool:
        """Whether an array that equals these values is unlikely to do so by chance.

        The values have at least three different entries, or two different entries that are not round numbers. If there
        are only two, for example 0 and 1, eight entries are enough if each of the two occurs at least twice.
        """
        different = self.distinct(values)
        if different >= 3:
            return True
        if different == 2 and values.size >= 8:
            counts = np.unique(values, return_counts=True)[1]
            return len(counts) == 2 and int(counts.min()) >= 2
        uneven = [value for value in values.ravel()[:16].tolist() if not is_simple(value)]
        return different == 2 and not self.exact and self.distinct(np.asarray(uneven, np.float64)) == 2

    def proves(self, relation: np.ndarray) -> bool:
        """Whether `actual` equals `relation`, and is unlikely to do so by chance (see `convincing`).

        If the shapes are equal, `relation` must differ from `expected` at two places or more.
        """
        if not self.equal(self.actual, relation):
            return False
        if relation.shape == self.expected.shape and np.count_nonzero(~self.near(relation, self.expected)) < 2:
            return False
        return self.convincing(relation)


def pair_of(actual: object, expected: object, rtol: float, atol: float) -> Pair | None:
    """Both values as arrays; None if one of them is not made of numbers alone, is empty, or is too large."""
    left, right = array_of(actual), array_of(expected)
    if left is None or right is None or not left.size or not right.size:
        return None
    if (left.dtype.kind == "b") != (right.dtype.kind == "b"):
        left, right = left.astype(np.float64), right.astype(np.float64)
    exact = left.dtype.kind in "bi" and right.dtype.kind in "bi"
    if left.dtype.kind != "b":
        left, right = left.astype(np.float64), right.astype(np.float64)
    return Pair(left, right, min(rtol, _LOOSEST), atol, exact)


def array_of(value: object) -> np.ndarray | None:
    """A tensor, an array, a number, or an evenly nested list of these, as an array of bool, int64 or float64.

    Returns None for anything else. Only the exact types count, because a learner's own type may behave in any way.
    """
    torch: Any = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        return _of_tensor(torch, value)
    if type(value) in (bool, int, float):
        return _plain(np.asarray(value))
    if isinstance(value, np.generic) or type(value) is np.ndarray:
        return _plain(np.asarray(value))
    if type(value) in (list, tuple):
        return _of_items(value)  # type: ignore[arg-type]
    return None


def _of_tensor(torch: Any, value: Any) -> np.ndarray | None:
    if value.layout is not torch.strided or value.device.type == "meta" or value.numel() > _LARGEST:
        return None
    return None if value.is_complex() else _plain(as_array(value))


def _of_items(items: list[object] | tuple[object, ...]) -> np.ndarray | None:
    if not items or len(items) > _LARGEST:
        return None
    if all(type(item) in (bool, int, float) for item in items):
        kinds = {type(item) for item in items}
        return None if bool in kinds and len(kinds) > 1 else _plain(np.asarray(items))
    parts = [part for part in map(array_of, items) if part is not None]
    letters = {part.dtype.kind for part in parts}
    if len(parts) < len(items) or len({part.shape for part in parts}) > 1 or ("b" in letters and len(letters) > 1):
        return None
    stacked = np.stack(parts)
    return stacked if stacked.size <= _LARGEST else None


def _plain(array: np.ndarray) -> np.ndarray | None:
    """The array as bool, int64 or float64; None for other dtypes and for integers that float64 can't hold."""
    if array.size > _LARGEST:
        return None
    if array.dtype.kind == "b":
        return array.copy()
    if array.dtype.kind in "iu":
        large = array.size and (int(array.max()) > _EXACT or int(array.min()) < -_EXACT)
        return None if large else array.astype(np.int64)
    return array.astype(np.float64) if array.dtype.kind == "f" else None


def is_simple(number: float) -> bool:
    """Whether a number is so round that it may come up by chance: an integer, or a multiple of 1/60 or 1/64."""
    if isinstance(number, bool) or not np.isfinite(number):
        return True
    return any(abs(number * each - round(number * each)) < 1e-4 for each in (60, 64))


def written(number: float) -> str:
    """A number with at most four significant digits."""
    return f"{number:.4g}"


def numbers_or_values(array: np.ndarray | None) -> str:
    """What a sentence calls the entries of an array: "numbers", or "values" for booleans."""
    return "numbers" if array is not None and array.dtype.kind != "b" else "values"
