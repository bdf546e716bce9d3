"""Recording the autograd graphs that a piece of code makes, with the names that it gives its tensors."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

from dojo.failures.values import inline
from dojo.pictures.graph import MOST, Graph, Node
from dojo.testbed import torch_private


def record(run: Callable[[], Any], own: str) -> Graph:
    """Call `run` and return the last graph that its operations leave.

    own: the path of the file whose functions name the tensors. Raises ValueError if nothing is recorded.
    """
    recorder = Recorder(lambda file: file == own)
    with recorder:
        kept = run()  # the graph lives as long as the result
    graphs = recorder.graphs({})
    del kept
    if not graphs:
        raise ValueError("the code leaves no graph: no result in it requires grad")
    return graphs[-1]


class Recorder(TorchFunctionMode):
    """Remembers the results of operations inside a block that have a graph, and the names of their variables.

    Args:
        is_own: is_own(file) tells whether the variables of the functions of this file count.
    """

    def __init__(self, is_own: Callable[[str], bool]) -> None:
        super().__init__()
        self._is_own = is_own
        self._made: dict[Any, tuple[str, str]] = {}
        self._called: dict[int, tuple[Any, str]] = {}

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        self._look_around(sys._getframe(1))
        for value in result if isinstance(result, (tuple, list)) else (result,):
            self._take(value)
        return result

    def graphs(self, names: dict[str, Any]) -> list[Graph]:
        """The graphs behind those results that no other result was computed from, in the order of the results.

        names: the global variables of the code in the block.
        """
        for name, value in names.items():
            self._take(value)
            self._call(name, value)
        # Between two remembered results there may be nodes whose results were not remembered.
        inner: set[Any] = set()
        seen, waiting = set(self._made), list(self._made)
        while waiting:
            following = {after for after, _ in waiting.pop().next_functions if after is not None}
            inner |= following
            waiting += following - seen
            seen |= following
        return [self._graph(made) for made in self._made if made not in inner]

    def _take(self, value: Any) -> None:
        if isinstance(value, torch.Tensor) and value.grad_fn is not None and value.grad_fn not in self._made:
            with torch_private.without_torch_functions():
                self._made[value.grad_fn] = (_shape(value), _numbers(value))

    def _look_around(self, frame: FrameType | None) -> None:
        """Read the names of tensors from the innermost running function of the learner's."""
        while frame is not None:
            if self._is_own(frame.f_code.co_filename):
                for name, value in frame.f_locals.items():
                    self._call(name, value)
                return
            frame = frame.f_back

    def _call(self, name: str, value: Any) -> None:
        if isinstance(value, torch.Tensor) and value.requires_grad and name != "_":
            # Holding the object keeps its id from being used again.
            key = value.grad_fn if value.grad_fn is not None else value
            self._called.setdefault(id(key), (key, name))
        elif isinstance(value, torch.nn.Module) and not name.startswith("_"):
            for inner, parameter in value.named_parameters():
                self._called.setdefault(id(parameter), (parameter, inner if name == "self" else f"{name}.{inner}"))

    def _graph(self, root: Any) -> Graph:
        numbers: dict[Any, int] = {root: 0}
        order = [root]
        for node in order:
            for following, _ in node.next_functions:
                if following is not None and following not in numbers:
                    numbers[following] = len(order)
                    order.append(following)
        kept = order[:MOST]
        nodes = [self._node(node) for node in kept]
        for node, described in zip(kept, nodes, strict=True):
            following = [numbers[after] for after, _ in node.next_functions if after is not None]
            described.inputs = [number for number in following if number < len(kept)]
        return Graph(nodes, len(order) - len(kept))

    def _node(self, node: Any) -> Node:
        variable = getattr(node, "variable", None)
        if variable is None:
            shape, value = self._made.get(node, ("", ""))
            name = self._called.get(id(node), (None, ""))[1]
            return Node(_operation(node.name()), name, shape, value)
        grad = variable.grad
        return Node(
            "",
            self._called.get(id(variable), (None, ""))[1] or "a leaf",
            _shape(variable),
            _numbers(variable),
            "" if grad is None else _numbers(grad) or _shape(grad),
        )


def _operation(name: str) -> str:
    """The operation behind a node's name: mul for `MulBackward0`. The learner's own Function keeps its name."""
    short = re.sub(r"(Backward)?\d*$", "", name.rpartition("::")[2])
    return short.lower() if re.search(r"Backward\d+$", name) else short


def _numbers(tensor: Any) -> str:
    """The elements of a tensor with at most four; empty for a larger tensor."""
    return inline(tensor.detach()).removeprefix("tensor(").removesuffix(")") if tensor.numel() <= 4 else ""


def _shape(tensor: Any) -> str:
    return str(tuple(tensor.shape))
