"""The one way to a clue: from evidence to the most telling relation that holds, or None."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

from dojo.failures.clues import arguments, containers, dtypes_devices, numbers, places, shapes, trajectories
from dojo.failures.clues.arrays import Pair, pair_of
from dojo.failures.clues.clue import Clue, Evidence

Relation = Callable[[Evidence, Pair], "Clue | None"]

# The most telling first. Each module says what has to hold for each of its relations.
SAME_SHAPE: Sequence[Relation] = (
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
    trajectories.same_direction,
    places.right_start,
    numbers.all_equal,
    numbers.one_sided,
)
OTHER_SHAPE: Sequence[Relation] = (
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
# The kinds of failure in which a value is not the expected one. In others (memory, graph) the two are not compared.
_COMPARED = ("value", "shape", "type", "dtype", "device")
_DEEPEST = 4


def clue_for(evidence: Evidence, kind: str) -> Clue | None:
    """The most telling clue about a wrong value; None if no relation holds beyond chance.

    kind: the kind of the failure, one of failure_kinds.KINDS. An error while the clue is computed means no clue.
    """
    if evidence.actual is ... or evidence.expected is ... or kind not in _COMPARED:
        return None
    try:
        return _clue_for(evidence, kind, 0)
    except Exception:
        # The value may be of a type that answers as it likes; a clue is a kindness, and its absence does no harm.
        return None


def _clue_for(evidence: Evidence, kind: str, depth: int) -> Clue | None:
    if kind in ("type", "dtype", "device"):
        return (
            dtypes_devices.not_called(evidence)
            or dtypes_devices.only_item(evidence)
            or dtypes_devices.is_generator(evidence)
            or dtypes_devices.part_of_tuple(evidence)
            or dtypes_devices.pair_of_results(evidence)
            or containers.of_lists(evidence)
            or dtypes_devices.right_numbers(evidence, kind)
        )
    pair = pair_of(evidence.actual, evidence.expected, evidence.rtol, evidence.atol)
    if pair is not None:
        found = _first(SAME_SHAPE if pair.same_shape else OTHER_SHAPE, evidence, pair)
        if found is not None:
            return found
    found = containers.of_dicts(evidence) or containers.inverted(evidence) or containers.of_lists(evidence)
    if found is not None or depth >= _DEEPEST:
        return found
    narrowed = containers.first_difference(evidence)
    if narrowed is None:
        return None
    found = _clue_for(narrowed[0], kind, depth + 1)
    if found is not None:
        return Clue(found.kind, found.sentence + narrowed[1])
    alone = narrowed[1] and depth == 0 and len(evidence.actual) > 2  # type: ignore[arg-type]
    return Clue("one_item", f"Only {narrowed[0].name} is wrong.") if alone else None


def _first(relations: Sequence[Relation], evidence: Evidence, pair: Pair) -> Clue | None:
    if pair.same_shape and not pair.wrong.any():
        return None
    # Converted once, not by each relation.
    evidence = dataclasses.replace(
        evidence, arguments={**evidence.arguments, **arguments.arrays_of(evidence.arguments)}
    )
    for relation in relations:
        found = relation(evidence, pair)
        if found is not None:
            return found
    return None
