"""Lists, tuples and dicts: missing and extra items, keys, orders, and the first item that differs."""

from __future__ import annotations

from collections import Counter
from typing import Any

from dojo.failures.clues.arrays import pair_of
from dojo.failures.clues.clue import Clue, Evidence
from dojo.failures.values import inline

# Names of more items than this do not fit into a sentence.
_NAMED = 3


def of_dicts(evidence: Evidence, _kind: str = "value") -> Clue | None:
    """Both are dicts with different keys, or with equal keys in another order."""
    own, wanted = evidence.actual, evidence.expected
    if type(own) is not dict or type(wanted) is not dict:
        return None
    missing, extra = [key for key in wanted if key not in own], [key for key in own if key not in wanted]
    if missing and extra and len(missing) == len(extra) == len(wanted):
        return Clue("other_keys", f"No key of {evidence.it} is expected. An expected key is {_names(missing[:1])}.")
    if len(missing) + len(extra) > 1:
        parts = [f"lacks {_keys(missing)}"] if missing else []
        parts += [f"has {_keys(extra)} too many"] if extra else []
        return Clue("other_keys", f"{evidence.start} {' and '.join(parts)}.")
    if not missing and not extra and list(own) != list(wanted) and _equal(evidence, own, wanted):
        return Clue("key_order", f"The keys and values of {evidence.it} are right, but not their order.")
    return None


def _keys(keys: list[Any]) -> str:
    return f"the key {_names(keys)}" if len(keys) == 1 else f"the keys {_names(keys)}"


def _names(items: list[Any]) -> str:
    texts = [inline(item) for item in items[:_NAMED]]
    if len(items) > _NAMED:
        return f"{', '.join(texts)} and {len(items) - _NAMED} more"
    return " and ".join([", ".join(texts[:-1]), texts[-1]]) if len(texts) > 1 else "".join(texts)


def of_lists(evidence: Evidence, _kind: str = "value") -> Clue | None:
    """Lists or tuples of text, booleans or tuples: items missing, too many, twice, in another order, or inverted."""
    own, wanted = evidence.actual, evidence.expected
    if type(own) not in (list, tuple) or type(wanted) not in (list, tuple) or not wanted:
        return None
    left, right = _hashable(own), _hashable(wanted)
    if left is None or right is None:
        return None
    if type(own) is not type(wanted):
        if left == right:
            return Clue("only_the_type", f"The items are right; only the type of {evidence.it} is not.")
        return None
    if Counter(left) == Counter(right):
        return _order(evidence, left, right)
    missing, extra = (
        list((Counter(right) - Counter(left)).elements()),
        list((Counter(left) - Counter(right)).elements()),
    )
    if not missing and set(extra) <= set(right):
        return Clue(
            "repeated_items", f"{evidence.start} has every expected item, but {_names(_once(extra))} too often."
        )
    if not missing:
        return Clue("extra_items", f"{evidence.start} has every expected item, and also {_names(_once(extra))}.")
    if not extra and left:
        return Clue("missing_items", f"{evidence.start} lacks {_names(_once(missing))}; it has nothing wrong in it.")
    if not left:
        return Clue("empty", f"{evidence.start} is empty.")
    if not set(left) & set(right) and len(left) > 1:
        return Clue("no_common_item", f"No item of {evidence.it} is an expected one.")
    return None


def _once(items: list[Any]) -> list[Any]:
    return list(dict.fromkeys(items))


def _order(evidence: Evidence, left: list[Any], right: list[Any]) -> Clue | None:
    if left == right or len(set(left)) < 2:
        return None
    if left == right[::-1]:
        return Clue("reversed", f"{evidence.start} has the expected items in reverse order.")
    try:
        ordered = " They are sorted." if left == sorted(left) else ""
    except TypeError:
        ordered = ""
    return Clue("other_order", f"{evidence.start} has the expected items in another order.{ordered}")


def _hashable(items: Any) -> list[Any] | None:
    """The items as a list, if all are text, booleans, None or tuples of such things and numbers; else None."""
    found = list(items)[:1000]
    return found if all(_plain(item) for item in found) and any(type(i) not in (int, float) for i in found) else None


def _plain(item: object) -> bool:
    if type(item) is tuple:
        return all(_plain(part) for part in item)
    return item is None or type(item) in (str, bool, int, float)


def inverted(evidence: Evidence, _kind: str = "value") -> Clue | None:
    """One boolean for the other, alone or as all values of a dict, of which there are at least two and both kinds."""
    own, wanted = evidence.actual, evidence.expected
    if type(own) is dict and type(wanted) is dict and own.keys() == wanted.keys() and len(own) > 1:
        values = [(own[key], wanted[key]) for key in wanted]
        if all(type(a) is bool and type(b) is bool and a is not b for a, b in values) and len(set(values)) == 2:
            return Clue("inverted", f"{evidence.start} is True exactly where False was expected.")
    return None


def first_difference(evidence: Evidence) -> tuple[Evidence, str] | None:
    """The first item that differs, as evidence of its own, and whether the other items are right.

    For lists, tuples and dicts of one length or with the same keys; None for anything else.
    """
    own, wanted = evidence.actual, evidence.expected
    if type(own) is not type(wanted) or type(own) not in (list, tuple, dict):
        return None
    if isinstance(own, dict) and isinstance(wanted, dict):
        if own.keys() != wanted.keys():
            return None
        items = [(f"{inline(key)}", own[key], wanted[key]) for key in wanted]
    elif isinstance(own, (list, tuple)) and isinstance(wanted, (list, tuple)):
        if len(own) != len(wanted):
            return None
        items = [(f"entry [{n}]", a, b) for n, (a, b) in enumerate(zip(own, wanted, strict=True))]
    else:
        return None
    wrong = [(name, a, b) for name, a, b in items if not _equal(evidence, a, b)]
    if not wrong:
        return None
    name, a, b = wrong[0]
    of = f"{name} of {evidence.it}"
    narrowed = Evidence(a, b, evidence.rtol, evidence.atol, of, evidence.arguments, evidence.results, False)
    return narrowed, " All other entries are right." if len(wrong) == 1 and len(items) > 1 else ""


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
