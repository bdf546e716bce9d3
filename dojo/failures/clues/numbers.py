"""Relations between every entry and its expected entry: factors, offsets, functions, rounding."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dojo.failures.clues.arrays import Pair, is_simple, written
from dojo.failures.clues.clue import Clue
from dojo.failures.clues.evidence import Evidence


def not_finite(evidence: Evidence, pair: Pair) -> Clue | None:
    """Entries are nan or infinite, although the expected entries are finite. Stated as a count."""
    bad = ~np.isfinite(pair.actual) & np.isfinite(pair.expected)
    count, size = int(np.count_nonzero(bad)), pair.actual.size
    if not count:
        return None
    values = pair.actual[bad]
    words = "nan" if np.isnan(values).all() else "infinite" if np.isinf(values).all() else "nan or infinite"
    if size == 1:
        return Clue("not_finite", f"{evidence.start} is {words}, but a finite number was expected.")
    if count == size:
        return Clue("not_finite", f"{_every(evidence, pair)} is {words}, but finite numbers were expected.")
    rest = "" if pair.wrong[~bad].any() else " All other entries are right."
    said = f"{count} of {size} entries of {evidence.it} {'is' if count == 1 else 'are'} {words}"
    return Clue("not_finite", f"{said} where a finite number was expected.{rest}")


def nan_expected(evidence: Evidence, pair: Pair) -> Clue | None:
    """Entries are not nan although nan was expected, and all other entries are right. Stated as a fact."""
    missed = np.isnan(pair.expected) & ~np.isnan(pair.actual)
    if not missed.any() or pair.wrong[~missed].any():
        return None
    if pair.actual.size == 1:
        return Clue("nan_expected", f"{evidence.start} is {written(pair.actual.item())}, but nan was expected.")
    return Clue("nan_expected", f"{evidence.start} is right except where nan was expected.")


def factor(evidence: Evidence, pair: Pair) -> Clue | None:
    """Every entry is the expected one times the same number.

    At least three different entries that are clearly not 0 must have this ratio. With fewer of them, the factor must
    be 2, 1/2 or -1, or have a meaning for the arguments (see `_meaning_of`). A few integers, which may be counts or
    indices, have no factor at all.
    """
    words = _multiple(evidence, pair, pair.actual, pair.expected, "one")
    kind = "opposite_sign" if words.endswith("sign") else "constant_factor"
    return Clue(kind, f"{_every(evidence, pair)} is {words}.") if words else None


def factor_of_change(evidence: Evidence, pair: Pair) -> Clue | None:
    """The value differs from an argument, as it was before the call, by a multiple of the expected difference.

    So an update has the wrong sign or size. The rule for the factor is the rule of `factor`, even for integers. The
    value must not be the whole returned value, unless it is the argument itself. Only then may it be the argument
    after an update. The argument must have an entry that is clearly not 0. Otherwise `factor` says the same.
    """
    for name, before in evidence.arrays.items():
        if evidence.returned and not evidence.place and name not in evidence.same_as:
            continue
        if before.shape != pair.actual.shape or before.dtype.kind == "b" or name.endswith(".grad"):
            continue
        if pair.clear(before.astype(np.float64)).any():
            words = _multiple(evidence, pair, pair.actual - before, pair.expected - before, "change")
            kind = "opposite_change" if words.endswith("sign") else "change_factor"
            if words:
                return Clue(kind, f"The change from {name} (as passed in) to {evidence.it} is {words}.")
    return None


def _multiple(evidence: Evidence, pair: Pair, left: np.ndarray, right: np.ndarray, noun: str) -> str:
    """Words for `left` if it is a number times `right`, which is "the expected NOUN"; empty if it is not."""
    clear = pair.clear(right) & np.isfinite(left)
    if not clear.any():
        return ""
    largest = int(np.argmax(np.where(clear, np.abs(right), 0)))
    ratio = float(left.ravel()[largest] / right.ravel()[largest])
    if not 1e-6 < abs(ratio) < 1e6 or abs(ratio - 1) < 1e-6:
        return ""
    with np.errstate(all="ignore"):
        atol = 1e-9 if pair.exact else pair.atol * min(1.0, abs(ratio))
        close = np.isclose(left, ratio * right, rtol=max(pair.rtol, 1e-12), atol=atol, equal_nan=True)
    proven = pair.distinct(right[clear]) >= 3
    if not close.all() or (pair.exact and not proven):
        return ""
    meaning = _meaning_of(evidence, pair, ratio, proven=proven)
    if not proven and not meaning and not _is_one_of(pair, ratio, 2, 0.5, -1):
        return ""
    if _is_one_of(pair, ratio, -1):
        return f"the expected {noun} with the opposite sign"
    if _is_one_of(pair, ratio, 0.5):
        return f"half the expected {noun}"
    return f"{written(ratio)} times the expected {noun}{meaning}"


def _meaning_of(evidence: Evidence, pair: Pair, ratio: float, *, proven: bool) -> str:
    """A clause that says what a factor means, in terms of the arguments; empty if it means nothing.

    The factor may be a size n of an argument (see `Evidence.sizes`) or 1 / n. It may be n / (n - 1), the ratio of the
    divisors of a variance, its inverse or its root. Or it may be an argument that is one number and not an integer, or
    the inverse. 2, 1/2 and -1 mean nothing, because they may come from anywhere. Unless several entries prove the
    factor, a simple fraction such as 3/2 means nothing either.
    """
    if _is_one_of(pair, ratio, 2, 0.5, -1):
        return ""
    for size in evidence.sizes:
        if _is_one_of(pair, ratio, size.value):
            return f", and {size.written} is {size.value}"
        if _is_one_of(pair, ratio, 1 / size.value):
            return f". The factor is 1/{size.value}, and {size.written} is {size.value}"
    for size in evidence.sizes:
        for text, number in _divisors(size.value):
            if (proven or not is_simple(number)) and _is_one_of(pair, ratio, number):
                return f". The factor is {text}, and {size.written} is {size.value}"
    for name, number in evidence.numbers.items():
        if number and not (number.is_integer() if proven else is_simple(number)):
            if _is_one_of(pair, ratio, number):
                return f", and {name} is {written(number)}"
            if _is_one_of(pair, ratio, 1 / number):
                return f". The factor is 1 / {name}, and {name} is {written(number)}"
    return ""


def _divisors(n: int) -> Iterator[tuple[str, float]]:
    if n > 2:
        yield f"{n}/{n - 1}", n / (n - 1)
        yield f"{n - 1}/{n}", (n - 1) / n
        yield f"sqrt({n}/{n - 1})", (n / (n - 1)) ** 0.5
        yield f"sqrt({n - 1}/{n})", ((n - 1) / n) ** 0.5


def _is_one_of(pair: Pair, ratio: float, *numbers: float) -> bool:
    return any(abs(ratio - number) <= max(10 * pair.rtol, 1e-6) * abs(number) for number in numbers)


def offset(evidence: Evidence, pair: Pair) -> Clue | None:
    """Every entry is the expected one plus the same number.

    At least three different expected entries must have this difference. With fewer of them, the difference must be an
    argument that is one number and not a round one.
    """
    finite = np.isfinite(pair.expected)
    if not finite.any():
        return None
    difference = float((pair.actual - pair.expected)[finite][0])
    if not pair.clear(np.asarray(difference)) or not pair.equal(pair.actual, pair.expected + difference):
        return None
    named, simple = "", True
    for name, number in evidence.numbers.items():
        if not number.is_integer() and abs(abs(number) - abs(difference)) <= 1e-5 * abs(number):
            named, simple = f", and {name} is {written(number)}", is_simple(number)
            break
    if pair.distinct(pair.expected) < 3 and simple:
        return None
    by = f"{written(abs(difference))} {'more' if difference > 0 else 'less'}"
    return Clue("constant_offset", f"{_every(evidence, pair)} is {by} than the expected one{named}.")


def with_argument(evidence: Evidence, pair: Pair) -> Clue | None:
    """The value is the expected one plus, minus, times or divided by one argument, entry by entry.

    The argument is broadcast to the shape of the value. At least three different entries of it have to agree, each
    clearly not 0.
    """
    for name, array in evidence.arrays.items():
        if array.dtype.kind == "b" or not 0 < array.ndim <= pair.actual.ndim:
            continue
        try:
            other = np.broadcast_to(array.astype(np.float64), pair.actual.shape)
        except ValueError:
            continue
        if pair.distinct(other[pair.clear(other)]) < 3:
            continue
        with np.errstate(all="ignore"):
            candidates = (
                ("plus", pair.expected + other),
                ("minus", pair.expected - other),
                ("times", pair.expected * other),
                ("divided by", pair.expected / other),
            )
        for word, relation in candidates:
            if pair.proves(relation):
                return Clue("with_argument", f"{evidence.start} is the expected one {word} {name}.")
    return None


def function_of(evidence: Evidence, pair: Pair) -> Clue | None:
    """The value is a function of the expected one (its square, 1 minus it, its softmax, …), or the other way round.

    At least three different entries have to agree, or a single number that is not a round one.
    """
    one = pair.actual.size == 1
    if one and (is_simple(pair.actual.item()) or is_simple(pair.expected.item())):
        return None
    swapped = Pair(pair.expected, pair.actual, pair.rtol, pair.atol, pair.exact)
    expected = "The expected number" if one else "Every expected entry"
    for each, kind, subject, noun in (
        (pair, "function_of_expected", _every(evidence, pair), "the expected one"),
        (swapped, "function_of_yours", expected, "yours"),
    ):
        for words, relation in _functions(each.expected):
            if each.equal(each.actual, relation) and (one or each.proves(relation)):
                return Clue(kind, f"{subject} is {words} {noun}.")
    for dimension in range(pair.actual.ndim):
        along = f"along dimension {dimension}"
        if pair.proves(_softmax(pair.expected, dimension)):
            return Clue("function_of_expected", f"{evidence.start} is the softmax of the expected one {along}.")
        if swapped.proves(_softmax(pair.actual, dimension)):
            return Clue("function_of_yours", f"The expected value is the softmax of {evidence.it} {along}.")
    return None


def _functions(x: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    with np.errstate(all="ignore"):
        yield "the square of", x**2
        yield "1 minus", 1 - x
        yield "1 divided by", 1 / x
        yield "the exponential of", np.exp(x)
        yield "the tanh of", np.tanh(x)
        yield "the sigmoid of", 1 / (1 + np.exp(-x))
        if (x < 0).sum() > 1:
            yield "the absolute value of", np.abs(x)
            yield "the relu of", np.maximum(x, 0)


def _softmax(x: np.ndarray, dimension: int) -> np.ndarray:
    with np.errstate(all="ignore"):
        powers = np.exp(x - x.max(axis=dimension, keepdims=True))
        return np.asarray(powers / powers.sum(axis=dimension, keepdims=True))


def rounded(evidence: Evidence, pair: Pair) -> Clue | None:
    """Every entry is the expected one rounded to an integer, or is close to it and has a lower precision.

    At least three different expected entries must be wrong, and the rounded entries must not all be equal.
    """
    if pair.exact or pair.distinct(pair.actual) < 2 or pair.distinct(pair.expected[pair.wrong]) < 3:
        return None
    for words, relation in (
        ("rounded to the nearest integer", np.round(pair.expected)),
        ("rounded down to an integer", np.floor(pair.expected)),
        ("rounded up to an integer", np.ceil(pair.expected)),
        ("truncated to an integer", np.trunc(pair.expected)),
    ):
        if np.array_equal(relation, pair.actual):
            return Clue("rounded", f"{_every(evidence, pair)} is the expected one {words}.")
    with np.errstate(all="ignore"):
        coarse = pair.actual.astype(np.float16).astype(np.float64)
    if np.array_equal(coarse, pair.actual) and np.allclose(pair.actual, pair.expected, 1e-3, 1e-6):
        said = f"{_every(evidence, pair)} is close to the expected one, but has only the precision of float16."
        return Clue("lower_precision", said)
    return None


def all_equal(evidence: Evidence, pair: Pair) -> Clue | None:
    """All entries are one number, and the expected entries are at least three different ones."""
    first = pair.actual.ravel()[0]
    if pair.actual.size < 3 or not np.allclose(pair.actual, first, rtol=1e-5, atol=0.0):
        return None
    if not np.isfinite(first) or pair.distinct(pair.expected) < 3:
        return None
    said = f"{_every(evidence, pair)} is {written(first)}, but the expected ones are not all equal."
    return Clue("all_equal", said)


def truth_values(evidence: Evidence, pair: Pair) -> Clue | None:
    """Booleans, or 0 and 1: all inverted. Or booleans that are all the same although both were expected.

    There must be eight entries for the first relation, and four for the second one.
    """
    if pair.distinct(pair.expected) != 2 or (not pair.is_bool and np.unique(pair.expected).tolist() != [0, 1]):
        return None
    if pair.actual.size >= 8 and pair.equal(~pair.actual if pair.is_bool else 1 - pair.actual, pair.expected):
        one, zero = (True, False) if pair.is_bool else (1, 0)
        return Clue("inverted", f"{evidence.start} is {one} exactly where {zero} was expected.")
    first = pair.actual.ravel()[0]
    if pair.is_bool and pair.actual.size >= 4 and (pair.actual == first).all():
        return Clue("all_equal", f"{_every(evidence, pair)} is {first}, but some should be {not first}.")
    return None


def one_sided(evidence: Evidence, pair: Pair) -> Clue | None:
    """All wrong entries are too large, or all are too small. There are at least eight: 1 in 128 by chance."""
    wrong = pair.wrong & np.isfinite(pair.actual) & np.isfinite(pair.expected)
    count = int(np.count_nonzero(wrong))
    if pair.exact or count < 8 or count < int(np.count_nonzero(pair.wrong)):
        return None
    above = pair.actual[wrong] > pair.expected[wrong]
    if above.all() or not above.any():
        words = "larger" if above.all() else "smaller"
        return Clue("one_sided", f"All {count} wrong entries of {evidence.it} are {words} than expected.")
    return None


def _every(evidence: Evidence, pair: Pair) -> str:
    """The subject of a sentence about each entry: "Your result" for one number, else "Every entry of your result"."""
    if pair.actual.ndim == 0:
        return evidence.start
    return f"Every {'value in' if evidence.place else 'entry of'} {evidence.it}"
