"""How a clue is found: the evidence leads to the most telling relation that holds, or to None."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dojo.failures.clues import arguments, containers, dtypes_devices, numbers, places, shapes, trajectories
from dojo.failures.clues.arrays import Pair, pair_of
from dojo.failures.clues.clue import Clue
from dojo.failures.clues.evidence import Evidence

Relation = Callable[[Evidence, Pair], "Clue | None"]

# Each list has the most telling relation first. The docstring of a relation says what has to hold for it.
# For arrays of numbers with equal shapes, and at least one wrong entry.
_NUMBERS: Sequence[Relation] = (
    arguments.same_object,
    numbers.not_finite,
    numbers.nan_expected,
    trajectories.stands_still,
    arguments.equal_to_argument,
    shapes.shifted,
    shapes.permuted,
    shapes.flipped,
    numbers.truth_values,
    numbers.factor,
    numbers.offset,
    numbers.factor_of_change,
    arguments.other_item,
    numbers.rounded,
    shapes.other_order,
    trajectories.running,
    shapes.normalized_otherwise,
    shapes.each_slice,
    numbers.with_argument,
    numbers.function_of,
    arguments.reduced_argument,
    places.except_where_argument,
    places.except_where_expected,
    places.except_one_slice,
    trajectories.other_direction,
    places.right_start,
    numbers.all_equal,
    numbers.one_sided,
)
# For arrays of booleans with equal shapes, and at least one wrong entry.
_BOOLEANS: Sequence[Relation] = (
    arguments.same_object,
    arguments.equal_to_argument,
    shapes.shifted,
    shapes.permuted,
    shapes.flipped,
    numbers.truth_values,
    arguments.other_item,
    places.except_where_argument,
    places.except_one_slice,
    places.right_start,
)
# For arrays with different shapes.
_OTHER_SHAPE: Sequence[Relation] = (
    arguments.same_object,
    shapes.permuted,
    shapes.only_the_shape,
    shapes.too_many_or_few,
    trajectories.grouped,
    shapes.repeated,
    shapes.not_reduced,
    shapes.reduced_away,
    arguments.equal_to_argument,
    shapes.pairs_of_all,
    arguments.reduced_argument,
    shapes.sizes_in_other_order,
    shapes.size_of_argument,
)
# For the kinds of failure in which the numbers may be right.
_OTHER_TYPE: Sequence[Callable[[Evidence], Clue | None]] = (
    dtypes_devices.not_called,
    dtypes_devices.only_item,
    dtypes_devices.is_generator,
    dtypes_devices.part_of_tuple,
    dtypes_devices.pair_of_results,
    containers.of_lists,
)


def clue_for(evidence: Evidence, kind: str) -> Clue | None:
    """The most telling clue about a wrong value; None if no relation holds beyond chance.

    kind: the kind of the failure, one of failure_kinds.KINDS. If it is not about the value itself (memory, graph),
    there is no clue. May raise any error, because a value may be of a type with unusual behaviour.
    """
    if evidence.actual is ... or evidence.expected is ...:
        return None
    if kind in ("type", "dtype", "device"):
        found = (relation(evidence) for relation in _OTHER_TYPE)
        return next(filter(None, found), None) or dtypes_devices.right_numbers(evidence, kind)
    return _of_value(evidence) if kind in ("value", "shape") else None


def _of_value(evidence: Evidence) -> Clue | None:
    """The clue about a value, or about the first item of a container that is wrong, at any depth."""
    whole = evidence
    alone = True
    while (found := _of_arrays(evidence) or _of_containers(evidence)) is None:
        narrowed = containers.first_difference(evidence)
        if narrowed is None:
            break
        evidence, only = narrowed
        alone = alone and only
    if not evidence.place or not alone:
        return found
    if found is not None:
        return Clue(found.kind, f"{found.sentence} All other entries are right.")
    several = isinstance(whole.actual, (list, tuple, dict)) and len(whole.actual) > 2
    return Clue("one_item", f"Only {evidence.it} is wrong.") if several else None


def _of_arrays(evidence: Evidence) -> Clue | None:
    pair = pair_of(evidence.actual, evidence.expected, evidence.rtol, evidence.atol)
    if pair is None or (pair.same_shape and not pair.wrong.any()):
        return None
    same_shape = _BOOLEANS if pair.is_bool else _NUMBERS
    relations = same_shape if pair.same_shape else _OTHER_SHAPE
    return next(filter(None, (relation(evidence, pair) for relation in relations)), None)


def _of_containers(evidence: Evidence) -> Clue | None:
    return containers.of_dicts(evidence) or containers.inverted(evidence) or containers.of_lists(evidence)
