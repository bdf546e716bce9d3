"""Relations of every entry to its expected entry: factors, offsets, functions, rounding."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dojo.failures.clues.arguments import arrays_of, scalars_of, sizes_of
from dojo.failures.clues.arrays import Pair, is_simple, written
from dojo.failures.clues.clue import Clue, Evidence


def not_finite(evidence: Evidence, pair: Pair) -> Clue | None:
    """Entries are nan or infinite, although the expected entries are finite. Stated as a count."""
    if pair.is_bool:
        return None
    bad = ~np.isfinite(pair.actual) & np.isfinite(pair.expected)
    count = int(np.count_nonzero(bad))
    if not count:
        return None
    values = pair.actual[bad]
    words = "nan" if np.isnan(values).all() else "infinite" if np.isinf(values).all() else "nan or infinite"
    if pair.actual.size == 1:
        return Clue("not_finite", f"{evidence.start} is {words}; a finite number was expected.")
    if count == pair.actual.size:
        return Clue("not_finite", f"Every entry of {evidence.it} is {words}; finite numbers were expected.")
    verb, finite = ("is", "a finite number was") if count == 1 else ("are", "finite numbers were")
    rest = "" if pair.wrong[~bad].any() else " All other entries are right."
    of = f"{count} of {pair.actual.size} entries of {evidence.it}"
    return Clue("not_finite", f"{of} {verb} {words}; {finite} expected.{rest}")


def nan_expected(evidence: Evidence, pair: Pair) -> Clue | None:
    """Entries are finite although nan was expected, and all other entries are right. Stated as a fact."""
    missed = np.isnan(pair.expected) & ~np.isnan(pair.actual) if not pair.is_bool else np.zeros(1, bool)
    if not missed.any() or pair.wrong[~missed].any():
        return None
    if pair.actual.size == 1:
        return Clue("nan_expected", f"{evidence.start} is {written(float(pair.actual))}, but nan was expected.")
    return Clue("nan_expected", f"{evidence.start} is right except where nan was expected.")


def factor(evidence: Evidence, pair: Pair) -> Clue | None:
    """Every entry is the expected one times one number.

    At least three different entries that are clearly not 0 have to have this ratio. With fewer of them, the factor
    has to be 2, 1/2 or -1, or have a meaning for the arguments (see `meaning_of`); a few integers, which may be counts
    or indices, have no factor at all.
    """
    found = ratio_of(pair, pair.actual, pair.expected)
    if found is None:
        return None
    ratio, different = found
    if pair.exact and different < 3:
        return None
    meaning = meaning_of(pair, ratio, evidence, proven=different >= 3)
    if different < 3 and meaning is None and not _is_one_of(pair, ratio, (2, 0.5, -1)):
        return None
    it = every(evidence, pair)
    if _is_one_of(pair, ratio, (-1,)):
        return Clue("opposite_sign", f"{it} is the expected one with the opposite sign.")
    if _is_one_of(pair, ratio, (0.5,)):
        return Clue("constant_factor", f"{it} is half the expected one{meaning or ''}.")
    return Clue("constant_factor", f"{it} is {written(ratio)} times the expected one{meaning or ''}.")


def factor_of_change(evidence: Evidence, pair: Pair) -> Clue | None:
    """The value differs from an argument, as it was before the call, by a multiple of the expected difference.

    So an update has the wrong sign or size. The rule for the factor, also for integers, is that of `factor`.
    The value is not what was returned, or it is the argument itself, so that it may be the argument after an
    update. The argument has at least one entry that is clearly not 0; else `factor` says the same.
    """
    for name, before in arrays_of(evidence.arguments).items():
        if evidence.returned and name not in evidence.same_as:
            continue
        if before.shape != pair.actual.shape or pair.is_bool or before.dtype.kind == "b":
            continue
        if not pair.clear(before.astype(np.float64)).any() or name.endswith(".grad"):
            continue
        found = ratio_of(pair, pair.actual - before, pair.expected - before)
        if found is None:
            continue
        ratio, different = found
        if pair.exact and different < 3:
            continue
        meaning = meaning_of(pair, ratio, evidence, proven=different >= 3)
        if different >= 3 or meaning is not None or _is_one_of(pair, ratio, (2, 0.5, -1)):
            start = f"The change from {name} (as passed in) to {evidence.it}"
            if _is_one_of(pair, ratio, (-1,)):
                return Clue("opposite_change", f"{start} is the expected change with the opposite sign.")
            return Clue("change_factor", f"{start} is {written(ratio)} times the expected change{meaning or ''}.")
    return None


def ratio_of(pair: Pair, left: np.ndarray, right: np.ndarray) -> tuple[float, int] | None:
    """The one ratio of left to right, not 1 and not 0, and how many different entries show it; None if none does."""
    if pair.is_bool or left.shape != right.shape:
        return None
    clear = pair.clear(right) & np.isfinite(left)
    if not clear.any():
        return None
    largest = int(np.argmax(np.where(clear, np.abs(right), 0)))
    ratio = float(left.ravel()[largest] / right.ravel()[largest])
    if not 1e-6 < abs(ratio) < 1e6 or abs(ratio - 1) < 1e-6:
        return None
    with np.errstate(all="ignore"):
        atol = 1e-9 if pair.exact else pair.atol * min(1.0, abs(ratio))
        close = np.isclose(left, ratio * right, rtol=max(pair.rtol, 1e-12), atol=atol, equal_nan=True)
    return (ratio, pair.distinct(right[clear])) if close.all() else None


def meaning_of(pair: Pair, ratio: float, evidence: Evidence, *, proven: bool) -> str | None:
    """A clause that says what a factor is for the arguments; None if it is nothing that they have.

    It may be a size n of an argument (see `sizes_of`) or 1 / n; n / (n - 1), the ratio of the divisors of a
    variance, its inverse or its root; or an argument that is one number and not an integer, or its inverse. Of 2,
    1/2 and -1 nothing is said: they may come from anywhere. Unless the factor is proven by several entries, a simple
    fraction such as 3/2 means nothing either.
    """
    if _is_one_of(pair, ratio, (2, 0.5, -1)):
        return None
    for size in sizes_of(evidence.arguments):
        if _is_one_of(pair, ratio, (size.value, 1 / size.value)):
            return f", and {size.written} is {size.value}"
    for size in sizes_of(evidence.arguments):
        for text, number in _divisors(size.value):
            if size.value > 2 and (proven or not is_simple(number)) and _is_one_of(pair, ratio, (number,)):
                return f", that is {text}, and {size.written} is {size.value}"
    for name, number in scalars_of(evidence.arguments).items():
        if (
            number
            and not (is_simple(number) if not proven else float(number).is_integer())
            and _is_one_of(pair, ratio, (number, 1 / number))
        ):
            return f", and {name} is {written(number)}"
    return None


def _divisors(n: int) -> Iterator[tuple[str, float]]:
    if n > 1:
        yield f"{n}/{n - 1}", n / (n - 1)
        yield f"{n - 1}/{n}", (n - 1) / n
        yield f"sqrt({n}/{n - 1})", (n / (n - 1)) ** 0.5
        yield f"sqrt({n - 1}/{n})", ((n - 1) / n) ** 0.5


def _is_one_of(pair: Pair, ratio: float, numbers: tuple[float, ...]) -> bool:
    return any(abs(ratio - number) <= max(10 * pair.rtol, 1e-6) * abs(number) for number in numbers)


def offset(evidence: Evidence, pair: Pair) -> Clue | None:
    """Every entry is the expected one plus one number.

    At least three different expected entries have to have this difference. With fewer of them, the difference has to
    be an argument that is one number and not a round one.
    """
    if pair.is_bool or not pair.same_shape or not np.isfinite(pair.expected).any():
        return None
    finite = np.isfinite(pair.expected)
    difference = float((pair.actual - pair.expected)[finite].ravel()[0])
    if not pair.clear(np.asarray(difference)) or not pair.equal(pair.actual, pair.expected + difference):
        return None
    named, simple = "", True
    for name, number in scalars_of(evidence.arguments).items():
        if not float(number).is_integer() and abs(abs(number) - abs(difference)) <= 1e-5 * abs(number):
            named, simple = f", and {name} is {written(number)}", is_simple(number)
            break
    if pair.distinct(pair.expected) < 3 and simple:
        return None
    words = "more" if difference > 0 else "less"
    by = written(abs(difference))
    return Clue("constant_offset", f"{every(evidence, pair)} is {by} {words} than the expected one{named}.")


def with_argument(evidence: Evidence, pair: Pair) -> Clue | None:
    """The value is the expected one plus, minus, times or divided by one argument, entry by entry.

    The argument is broadcast to the shape of the value. At least three different entries of it have to agree, each
    clearly not 0.
    """
    if pair.is_bool or not pair.same_shape:
        return None
    for name, array in arrays_of(evidence.arguments).items():
        if array.dtype.kind == "b" or array.ndim == 0 or array.ndim > pair.actual.ndim:
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
    """Every entry is a function of the expected one (its square, 1 minus it, its tanh, …), or the other way round.

    At least three different entries have to agree, or a single number that is not a round one.
    """
    if pair.is_bool or not pair.same_shape:
        return None
    one = pair.actual.size == 1
    if one and (is_simple(float(pair.actual.ravel()[0])) or is_simple(float(pair.expected.ravel()[0]))):
        return None
    for words, relation in _functions(pair.expected):
        if pair.equal(pair.actual, relation) and (one or pair.proves(relation)):
            return Clue("function_of_expected", f"{every(evidence, pair)} is {words} the expected one.")
    for words, relation in _functions(pair.actual):
        swapped = Pair(pair.expected, pair.actual, pair.rtol, pair.atol, pair.exact)
        if pair.equal(pair.expected, relation) and (one or swapped.proves(relation)):
            expected = "The expected number" if one else "Every expected entry"
            return Clue("function_of_yours", f"{expected} is {words} yours.")
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
        for dimension in range(x.ndim):
            if x.shape[dimension] > 1:
                shifted = np.exp(x - x.max(axis=dimension, keepdims=True))
                yield (
                    f"the softmax (along dimension {dimension}) of",
                    shifted / shifted.sum(axis=dimension, keepdims=True),
                )


def rounded(evidence: Evidence, pair: Pair) -> Clue | None:
    """Every entry is the expected one rounded to an integer, or to a lower precision.

    At least three different expected entries must not be integers, or not be numbers of that precision, and the
    rounded entries must not all be equal.
    """
    if pair.is_bool or pair.exact or not pair.same_shape or pair.distinct(pair.actual) < 2:
        return None
    for words, relation in (
        ("rounded to the nearest integer", np.round(pair.expected)),
        ("rounded down to an integer", np.floor(pair.expected)),
        ("rounded up to an integer", np.ceil(pair.expected)),
        ("cut off to an integer", np.trunc(pair.expected)),
    ):
        uneven = pair.wrong
        if pair.distinct(pair.expected[uneven]) >= 3 and np.array_equal(relation, pair.actual):
            return Clue("rounded", f"{every(evidence, pair)} is the expected one {words}.")
    with np.errstate(all="ignore"):
        coarse = pair.actual.astype(np.float16).astype(np.float64)
    if (
        pair.distinct(pair.expected[pair.wrong]) >= 3
        and np.array_equal(coarse, pair.actual)
        and np.allclose(pair.actual, pair.expected, 1e-3, 1e-6)
    ):
        return Clue("lower_precision", f"{every(evidence, pair)} is the expected one rounded to float16.")
    return None


def all_equal(evidence: Evidence, pair: Pair) -> Clue | None:
    """All entries are one number, and the expected entries are at least three different ones."""
    if pair.actual.size < 3 or pair.distinct(pair.actual) != 1 or not np.isfinite(pair.actual).all():
        return None
    if pair.is_bool or pair.distinct(pair.expected) < 3:
        return None
    number = written(float(pair.actual.ravel()[0]))
    return Clue("all_equal", f"Every entry of {evidence.it} is {number}; the expected entries differ from each other.")


def truth_values(evidence: Evidence, pair: Pair) -> Clue | None:
    """Booleans: all inverted, or all the same although both were expected. Eight entries for the first, four else."""
    if not pair.same_shape or pair.distinct(pair.expected) != 2:
        return None
    values = np.unique(pair.expected)
    swapped = values[0] + values[1] - pair.actual if not pair.is_bool else ~pair.actual
    if not pair.is_bool and pair.actual.size >= 8 and values.tolist() == [0, 1] and pair.equal(swapped, pair.expected):
        return Clue("inverted", f"{evidence.start} is 1 exactly where 0 was expected.")
    if not pair.is_bool:
        return None
    if pair.actual.size >= 8 and np.array_equal(pair.actual, ~pair.expected):
        return Clue("inverted", f"{evidence.start} is True exactly where False was expected.")
    if pair.actual.size >= 4 and pair.actual.all() | (~pair.actual).all():
        return Clue("all_equal", f"Every entry of {evidence.it} is {bool(pair.actual.ravel()[0])}; both were expected.")
    return None


def one_sided(evidence: Evidence, pair: Pair) -> Clue | None:
    """Every entry that is wrong is too large, or every one too small. At least eight of them, so 1 in 128 by chance."""
    if pair.is_bool or pair.exact or not pair.same_shape:
        return None
    wrong = pair.wrong & np.isfinite(pair.actual) & np.isfinite(pair.expected)
    count = int(np.count_nonzero(wrong))
    if count < 8 or count < int(np.count_nonzero(pair.wrong)):
        return None
    above = pair.actual[wrong] > pair.expected[wrong]
    if above.all() or not above.any():
        words = "larger" if above.all() else "smaller"
        return Clue("one_sided", f"All {count} wrong entries of {evidence.it} are {words} than the expected ones.")
    return None


def every(evidence: Evidence, pair: Pair) -> str:
    """The subject of a sentence on each entry: "Your result" for one number, else "Every entry of your result"."""
    return evidence.start if pair.actual.size == 1 and pair.actual.ndim == 0 else f"Every entry of {evidence.it}"
