"""One kernel for every operator: alias the arguments on the CPU, run the operator there, and map the results back.

No function here is a closure that calls itself. A recursive closure is a reference cycle, which would keep the
arguments alive until the next garbage collection.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import torch

from dojo.sim import private
from dojo.sim.generators import default, is_ours
from dojo.sim.storage import CPU, follow, is_sim, sim_storage, to_host, to_sim, view_on

_INDEXING = {"index", "index_put", "index_put_", *private.INDEXING}


class _Schema:
    """What the fallback needs from an operator's schema, computed once."""

    __slots__ = ("draws", "indexing", "name", "names", "pointwise", "seeded", "tensors", "writes")

    def __init__(self, operator: Any) -> None:
        schema = private.schema_of(operator)
        self.name = schema.name.split("::")[1]
        self.names = [argument.name for argument in schema.arguments]
        self.tensors = {index for index, argument in enumerate(schema.arguments) if str(argument.type) == "Tensor"}
        self.writes = any(a.alias_info is not None and a.alias_info.is_write for a in schema.arguments)
        self.draws = "generator" in self.names
        # Whether it draws from the default generator and has no argument for a generator, for example dropout.
        self.seeded = torch.Tag.nondeterministic_seeded in operator.tags and not self.draws
        self.pointwise = torch.Tag.pointwise in operator.tags
        self.indexing = self.name in _INDEXING


_NUMBERS = (bool, int, float, complex)
_schemas: dict[Any, _Schema] = {}
# A sim tensor and its CPU alias.
_Pair = tuple[torch.Tensor, torch.Tensor]


@dataclasses.dataclass(slots=True)
class _Arguments:
    """The arguments of a call."""

    args: list[Any]
    kwargs: dict[str, Any]


def run(operator: Any, *args: Any, **kwargs: Any) -> Any:
    """Run an operator that has at least one argument on `sim`, or that makes a tensor there."""
    # The __torch_function__ of a subclass must not see the calls below.
    with private.without_torch_functions():
        schema = _schemas.get(operator)
        if schema is None:
            schema = _schemas[operator] = _Schema(operator)
        given = _Arguments(_with_tensors(schema, args) if schema.tensors else list(args), kwargs)
        pairs: list[_Pair] = []
        strangers: list[torch.Tensor] = []
        host = _Arguments(
            [_to_host(value, pairs, strangers) for value in given.args],
            {name: _to_host(value, pairs, strangers) for name, value in kwargs.items()},
        )
        if strangers and pairs:
            _refuse_mixing(schema, given)
        if schema.draws:
            _give_generator(schema, given, host)
        result = _seeded(operator, host) if schema.seeded else operator(*host.args, **host.kwargs)
        if schema.writes:
            for tensor, alias in pairs:
                follow(tensor, alias)
        return _to_sim(result, pairs)


def _with_tensors(schema: _Schema, args: tuple[Any, ...]) -> list[Any]:
    """The arguments, with a tensor in place of each number that the schema calls a tensor, as in `x % 3`."""
    return [
        _number(value, args) if isinstance(value, _NUMBERS) and index in schema.tensors else value
        for index, value in enumerate(args)
    ]


def _number(value: Any, args: tuple[Any, ...]) -> torch.Tensor:
    """A tensor of shape () for a number, with a dtype that leads to PyTorch's usual type promotion.

    A number does not widen the other tensor's dtype, unless the number is of a higher category (a float and an integer
    tensor).
    """
    reference = next((arg.dtype for arg in args if isinstance(arg, torch.Tensor)), None)
    if isinstance(value, bool):
        own = torch.bool
    elif isinstance(value, int):
        own = torch.int64
    else:
        own = torch.get_default_dtype() if isinstance(value, float) else torch.complex64
    fits = reference is not None and torch.result_type(torch.empty(1, dtype=reference, device=CPU), value) == reference
    return torch.scalar_tensor(value, dtype=reference if fits else own, device=CPU)


def _refuse_mixing(schema: _Schema, given: _Arguments) -> None:
    """Raise PyTorch's own error if a CPU tensor with dimensions is among the arguments.

    As on a GPU, a CPU tensor of shape () counts as a number, and CPU tensors may be indices.
    """
    named = [*zip(schema.names, given.args, strict=False), *given.kwargs.items()]
    if schema.indexing:
        if given.args[0].device.type == "cpu":
            raise RuntimeError("indices should be either on cpu or on the same device as the indexed tensor (cpu)")
        named = [(name, value) for name, value in named if name != "indices"]
    for name, value in named:
        for each in value if isinstance(value, (list, tuple)) else (value,):
            if isinstance(each, torch.Tensor) and each.device.type == "cpu" and (each.dim() > 0 or name == "out"):
                same = "Expected all tensors to be on the same device, but "
                if schema.pointwise:
                    raise RuntimeError(same + "found at least two devices, sim:0 and cpu!")
                raise RuntimeError(
                    f"{same}got {name} is on cpu, different from other tensors on sim:0 "
                    f"(when checking argument in method wrapper_sim_{schema.name})"
                )


def _give_generator(schema: _Schema, given: _Arguments, host: _Arguments) -> None:
    """Draw from sim's default generator if no generator is given. Raises RuntimeError for a CPU generator."""
    place = schema.names.index("generator")
    generator = given.kwargs.get("generator", given.args[place] if place < len(given.args) else None)
    if generator is not None:
        if not is_ours(generator):
            raise RuntimeError("Expected a 'sim' device type for generator but found 'cpu'")
    elif place < len(host.args):
        host.args[place] = default()
    else:
        host.kwargs["generator"] = default()


def _seeded(operator: Any, host: _Arguments) -> Any:
    """Run an operator that draws from the default generator, with sim's generator in place of the CPU's."""
    stream, cpu = default(), torch.default_generator
    kept = cpu.get_state()
    cpu.set_state(stream.get_state())
    try:
        return operator(*host.args, **host.kwargs)
    finally:
        stream.set_state(cpu.get_state())
        cpu.set_state(kept)


def _to_host(value: Any, pairs: list[_Pair], strangers: list[torch.Tensor]) -> Any:
    if isinstance(value, torch.Tensor):
        if not is_sim(value):
            strangers.append(value)
            return value
        host = to_host(value)
        pairs.append((value, host))
        return host
    if isinstance(value, (list, tuple)):
        return [_to_host(each, pairs, strangers) for each in value]
    return CPU if isinstance(value, torch.device) else value


def _to_sim(value: Any, pairs: list[_Pair]) -> Any:
    """A result on `sim`: the argument itself if the operator returned it, else a view of the result's memory."""
    if isinstance(value, torch.Tensor):
        if private.is_zeros(value):
            return to_sim(torch.zeros(value.shape, dtype=value.dtype, device=CPU))
        storage = value.untyped_storage()
        for tensor, host in pairs:
            if value is host:
                return tensor
            if private.address(host.untyped_storage()) == private.address(storage):
                return view_on(tensor.untyped_storage(), value)
        return view_on(sim_storage(storage), value)
    if isinstance(value, tuple):
        return tuple([_to_sim(each, pairs) for each in value])
    return [_to_sim(each, pairs) for each in value] if isinstance(value, list) else value
