"""Lists, tuples and dicts: missing and extra items, keys, orders, and the first item that differs."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import Any

from dojo.failures.clues.arrays import pair_of
from dojo.failures.clues.clue import Clue
from dojo.failures.clues.evidence import Evidence, listed
from dojo.failures.values import inline

# Names of more items than this do not fit into a sentence.
_NAMED = 3


def of_dicts(evidence: Evidence) -> Clue | None:
    """Both are dicts with different keys, or with equal keys in another order."""
    own, wanted = evidence.actual, evidence.expected
    if type(own) is not dict or type(wanted) is not dict:
        return None
    missing, extra = [key for key in wanted if key not in own], [key for key in own if key not in wanted]
    if missing and len(missing) == len(extra) == len(wanted):
        said = f"No key of {evidence.it} is expected. An expected key is {_names(missing[:1])}."
        return Clue("other_keys", said)
    if len(missing) + len(extra) > 1:
        parts = [f"lacks the {_keys(missing)}"] if missing else []
        parts += [f"has the unexpected {_keys(extra)}"] if extra else []
        return Clue("other_keys", f"{evidence.start} {' and '.join(parts)}.")
    if list(own) != list(wanted) and _equal(evidence, own, wanted):
        return Clue("key_order", f"The keys and values of {evidence.it} are right, but the keys are in another order.")
    return None


def _keys(keys: list[Any]) -> str:
    return f"{'key' if len(keys) == 1 else 'keys'} {_names(keys)}"


def _names(items: list[Any]) -> str:
    """Items in words, each once, and at most three of them."""
    items = list(dict.fromkeys(items))
    more = [f"{len(items) - _NAMED} more"] if len(items) > _NAMED else []
    return listed([*map(inline, items[:_NAMED]), *more])


def of_lists(evidence: Evidence) -> Clue | None:
    """Lists or tuples of text, booleans or tuples: items missing, too many, twice or in another order."""
    own, wanted = evidence.actual, evidence.expected
    if type(own) not in (list, tuple) or type(wanted) not in (list, tuple) or not wanted:
        return None
    left, right = _hashable(own), _hashable(wanted)
    if left is None or right is None:
        return None
    if type(own) is not type(wanted):
        if left == right:
            return Clue("only_the_type", f"The items are right, but the type of {evidence.it} is not.")
        return None
    return _items(evidence, left, right)


def _items(evidence: Evidence, left: list[Any], right: list[Any]) -> Clue | None:
    """How the items `left` of the wrong list differ from the expected items `right`."""
    missing = list((Counter(right) - Counter(left)).elements())
    extra = list((Counter(left) - Counter(right)).elements())
    if not missing and not extra:
        return _order(evidence, left, right)
    if not missing and set(extra) <= set(right):
        return Clue("repeated_items", f"{evidence.start} has every expected item, but {_names(extra)} too often.")
    if not missing:
        return Clue("extra_items", f"{evidence.start} has every expected item, and also {_names(extra)}.")
    if not extra:
        said = f"lacks {_names(missing)}" if not set(missing) & set(left) else f"has {_names(missing)} too rarely"
        return Clue("missing_items", f"{evidence.start} {said}, but it has no wrong item.")
    if not set(left) & set(right) and len(left) > 1:
        return Clue("no_common_item", f"No item of {evidence.it} is expected.")
    return None


def _order(evidence: Evidence, left: list[Any], right: list[Any]) -> Clue | None:
    if left == right or len(set(left)) < 2:
        return None
    if left == right[::-1]:
        return Clue("reversed", f"{evidence.start} has the expected items in reverse order.")
    try:
        how = ", but sorted" if left == sorted(left) else " in another order"
    except TypeError:
        how = " in another order"
    return Clue("other_order", f"{evidence.start} has the expected items{how}.")


def _hashable(items: Any) -> list[Any] | None:
    """The items as a list if all are text, booleans, None, or tuples of these and numbers; else None."""
    found = list(items)[:1000]
    return found if all(_plain(item) for item in found) and any(type(i) not in (int, float) for i in found) else None


def _plain(item: object) -> bool:
    if type(item) is tuple:
        return all(_plain(part) for part in item)
    return item is None or type(item) in (str, bool, int, float)


def inverted(evidence: Evidence) -> Clue | None:
    """Both are dicts of booleans with equal keys, and all values are inverted. Both booleans occur."""
    own, wanted = evidence.actual, evidence.expected
    if type(own) is dict and type(wanted) is dict and own.keys() == wanted.keys():
        values = [(own[key], wanted[key]) for key in wanted]
        if all(type(a) is bool and type(b) is bool and a is not b for a, b in values) and len(set(values)) == 2:
            return Clue("inverted", f"{evidence.start} is True exactly where False was expected.")
    return None


def first_difference(evidence: Evidence) -> tuple[Evidence, bool] | None:
    """The first item that differs, as separate evidence, and whether it is the only one, out of several items.

    For lists and tuples of the same length, and dicts with the same keys; None for anything else.
    """
    own, wanted = evidence.actual, evidence.expected
    if type(own) is not type(wanted) or not isinstance(own, (list, tuple, dict)) or not isinstance(wanted, type(own)):
        return None
    left, right = (each if isinstance(each, dict) else dict(enumerate(each)) for each in (own, wanted))
    if left.keys() != right.keys():
        return None
    wrong = [key for key in right if not _equal(evidence, left[key], right[key])]
    if not wrong:
        return None
    actual, expected, place = left[wrong[0]], right[wrong[0]], f"{evidence.place}[{inline(wrong[0])}]"
    narrowed = dataclasses.replace(evidence, actual=actual, expected=expected, same_as=(), place=place)
    return narrowed, len(wrong) == 1 and len(right) > 1


def _equal(evidence: Evidence, left: object, right: object) -> bool:
    if type(left) is not type(right):
        return False
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_equal(evidence, left[key], right[key]) for key in right)
    pair = pair_of(left, right, evidence.rtol, evidence.atol)
    if pair is not None:
        return pair.equal(pair.actual, pair.expected)
    if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        return len(left) == len(right) and all(_equal(evidence, a, b) for a, b in zip(left, right, strict=True))
    try:
        return bool(left == right)
    except Exception:
        return False
