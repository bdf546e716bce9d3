"""Copies of the arguments and the result of a call, taken while a red test runs again."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator
from typing import Any

# At most 80 values of a call are copied, from containers at most 3 levels deep, each with at most 2,000 elements.
_MOST = 80
_LARGEST = 2_000
_DEEPEST = 3


@dataclasses.dataclass(frozen=True)
class CallValues:
    """What one call was given and what it returned.

    arguments, results: copies, by the names that a learner knows them by. same_as: the names of the arguments that
    are the returned object itself.
    """

    arguments: dict[str, object] = dataclasses.field(default_factory=dict)
    result: object = ...
    result_id: int = 0
    results: dict[str, object] = dataclasses.field(default_factory=dict)
    same_as: tuple[str, ...] = ()

    def after(self, result: object, given: dict[str, object]) -> CallValues:
        """The same call, with what it returned. `given` holds the arguments themselves, which are not kept."""
        items = _items(result)
        return dataclasses.replace(
            self,
            result=copied(result),
            result_id=id(result),
            results={f"entry [{index}] of your result": copied(item) for index, item in enumerate(items)},
            same_as=tuple(name for name, value in given.items() if value is result and _has_identity(value)),
        )


def copies(given: dict[str, object]) -> dict[str, object]:
    """Copies of the numbers, tensors and arrays in the arguments, each by its own name: "x", "x.grad", "sizes[0]"."""
    found: dict[str, object] = {}
    for name, value in given.items():
        for inner, each in _named(name, value, 0):
            if len(found) >= _MOST:
                return found
            copy = copied(each)
            if copy is not ...:
                found[inner] = copy
    return found


def copied(value: object) -> object:
    """A copy without a graph, which later changes to `value` do not reach; `...` if `value` can't be copied."""
    torch, numpy = sys.modules.get("torch"), sys.modules.get("numpy")
    if torch is not None and isinstance(value, torch.Tensor):
        small = value.layout is torch.strided and value.device.type != "meta" and value.numel() <= _LARGEST
        return value.detach().clone() if small else ...
    if numpy is not None and isinstance(value, (numpy.ndarray, numpy.generic)):
        return numpy.array(value, copy=True) if value.size <= _LARGEST else ...
    if value is None or type(value) in (bool, int, float, str):
        return value
    if type(value) in (list, tuple) and isinstance(value, (list, tuple)) and len(value) <= _LARGEST:
        items = [copied(item) for item in value]
        return ... if any(item is ... for item in items) else items if isinstance(value, list) else tuple(items)
    return ...


def _named(name: str, value: Any, depth: int) -> Iterator[tuple[str, object]]:
    """A value under its name, and what is in it: the gradient of a leaf, items, a module's parameters."""
    torch: Any = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        yield name, value
        if value.is_leaf and value.grad is not None:
            yield f"{name}.grad", value.grad
    elif torch is not None and isinstance(value, torch.nn.Module):
        for inner, parameter in [*value.named_parameters(), *value.named_buffers()]:
            yield from _named(f"{name}.{inner}", parameter, depth + 1)
    elif type(value) in (list, tuple) and depth < _DEEPEST:
        yield name, value
        for number, item in enumerate(value[:20]):
            if not isinstance(item, (bool, int, float, str)):
                yield from _named(f"{name}[{number}]", item, depth + 1)
    elif type(value) is dict and depth < _DEEPEST:
        for key, item in list(value.items())[:20]:
            yield from _named(f"{name}[{key!r}]", item, depth + 1)
    elif isinstance(getattr(value, "param_groups", None), list) and value.param_groups:
        yield "lr", value.param_groups[0].get("lr")
    else:
        yield name, value


def own_state(instance: object) -> dict[str, object]:
    """What an object of the learner's class holds, by the names of its attributes: "self.weight", "self.velocities"."""
    torch: Any = sys.modules.get("torch")
    if torch is not None and isinstance(instance, torch.nn.Module):
        return {"self": instance}
    return {f"self.{name}": value for name, value in list(getattr(instance, "__dict__", {}).items())[:20]}


def _items(result: object) -> list[object]:
    if type(result) in (list, tuple) and isinstance(result, (list, tuple)) and 1 < len(result) <= 10:
        return list(result)
    return []


def _has_identity(value: object) -> bool:
    """Whether it means anything if two values are the same object. Python shares small numbers and texts."""
    return not isinstance(value, (bool, int, float, str, bytes, type(None), tuple))
