"""Rebuilds dataclasses from plain data that one process sent to another."""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from typing import Any, TypeVar

_T = TypeVar("_T")


def from_data(kind: type[_T], data: object) -> _T:
    """Rebuild a dataclass from the dict that `dataclasses.asdict` made from it. The dict may have been JSON.

    Args:
        kind: the dataclass. The type of a field is str, a number, bool, another such dataclass, a list, a
            `tuple[T, ...]` or a `dict[str, T]` of these types, or the union of such a type and None.
        data: a dict with the value of each field by name. A field with a default may be left out.

    Raises TypeError, KeyError or AttributeError if `data` does not fit `kind`.
    """
    rebuilt: _T = _rebuilt(kind, data)
    return rebuilt


def _rebuilt(kind: Any, data: Any) -> Any:
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return None if data is None else _rebuilt(inner[0], data)
    if origin in (list, tuple):
        return origin(_rebuilt(inner[0], each) for each in data)
    if origin is dict:
        return {name: _rebuilt(inner[1], each) for name, each in data.items()}
    if dataclasses.is_dataclass(kind):
        make: Any = kind
        hints = _types_of_fields(make)
        return make(**{name: _rebuilt(hints[name], value) for name, value in data.items()})
    return data


_types_of_fields = functools.cache(typing.get_type_hints)
