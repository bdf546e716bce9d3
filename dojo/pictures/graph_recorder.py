"""Records the autograd graphs that a piece of code makes, with the names that it gives its tensors."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Container
from types import FrameType
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

from dojo.failures.values import inline
from dojo.pictures.graph import MOST, Graph, Node
from dojo.testbed import torch_private

# The items of a longer list get no names, because it would be read again after every operation.
_MOST_ITEMS = 20


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
        # For each node: the shape and the value of its result, and the values that its leaf tensors had then.
        self._made: dict[Any, tuple[str, str, dict[Any, str]]] = {}
        # For each node at which a backward pass began: the gradients that its leaf tensors had afterwards.
        self._grads: dict[Any, dict[Any, str]] = {}
        # For each node or leaf: the object itself, and its names. Holding it keeps its id from being used again.
        self._called: dict[int, tuple[Any, list[str]]] = {}
        # For each name: the ids of everything that it has stood for.
        self._meant: dict[str, set[int]] = {}

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        self._look_around(sys._getframe(1))
        if func is torch.Tensor.backward and args[0].grad_fn is not None:
            with torch_private.without_torch_functions():
                leaves = _leaves(_behind(args[0].grad_fn))
                self._grads[args[0].grad_fn] = {node: _grad(node.variable) for node in leaves}
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
                self._made[value.grad_fn] = (_shape(value), _numbers(value), self._values(value.grad_fn))

    def _values(self, made: Any) -> dict[Any, str]:
        """The leaves that an operation used, with their values now: a later update changes them in place."""
        # Nodes behind it whose results were not seen are parts of the same operation.
        return {node: _numbers(node.variable) for node in _leaves(_behind(made, self._made))}

    def _look_around(self, frame: FrameType | None) -> None:
        """Read the names of tensors from the learner's innermost running function."""
        while frame is not None:
            if self._is_own(frame.f_code.co_filename):
                for name, value in frame.f_locals.items():
                    self._call(name, value)
                return
            frame = frame.f_back

    def _call(self, name: str, value: Any) -> None:
        # The value of the example's last expression.
        if name == "_":
            return
        if isinstance(value, torch.Tensor) and value.requires_grad:
            self._note(name, value.grad_fn if value.grad_fn is not None else value)
        elif isinstance(value, torch.nn.Module) and not name.startswith("_"):
            for inner, parameter in value.named_parameters():
                self._note(f"{name}.{inner}", parameter)
        elif type(value) in (list, tuple) and len(value) <= _MOST_ITEMS:
            for index, item in enumerate(value):
                if isinstance(item, torch.Tensor):
                    self._call(f"{name}[{index}]", item)

    def _note(self, name: str, what: Any) -> None:
        names = self._called.setdefault(id(what), (what, []))[1]
        if name not in names:
            names.append(name)
        self._meant.setdefault(name, set()).add(id(what))

    def _name(self, what: Any) -> str:
        """The name that stood for the fewest other tensors: a variable of a loop stands for many.

        A parameter is named after its module where the module has a name: `neuron.bias` rather than `self.bias`.
        """
        names = self._called.get(id(what), (what, []))[1]
        return min(names, key=lambda name: (len(self._meant[name]), "[" in name, name.startswith("self.")), default="")

    def _graph(self, root: Any) -> Graph:
        order = _behind(root)
        numbers = {node: number for number, node in enumerate(order)}
        kept = order[:MOST]
        values: dict[Any, str] = {}
        grads: dict[Any, str] = {}
        for node in order[::-1]:
            values |= self._made[node][2] if node in self._made else {}
            grads |= self._grads.get(node, {})
        nodes = [self._node(node, values, grads) for node in kept]
        for node, described in zip(kept, nodes, strict=True):
            following = [numbers[after] for after, _ in node.next_functions if after is not None]
            described.inputs = [number for number in following if number < len(kept)]
        return Graph(nodes, len(order) - len(kept))

    def _node(self, node: Any, values: dict[Any, str], grads: dict[Any, str]) -> Node:
        variable = getattr(node, "variable", None)
        if variable is None:
            shape, value, _ = self._made.get(node, ("", "", {}))
            return Node(_operation(node.name()), self._name(node), shape, value)
        # If no backward pass was seen, show what .grad holds now.
        grad = grads[node] if node in grads else _grad(variable)
        return Node("", self._name(variable) or "a leaf", _shape(variable), values.get(node, ""), grad)


def _behind(root: Any, known: Container[Any] = ()) -> list[Any]:
    """A node, and all nodes behind it that are not known, level by level."""
    found = {root}
    order = [root]
    for node in order:
        for following, _ in node.next_functions:
            if following is not None and following not in found and following not in known:
                found.add(following)
                order.append(following)
    return order


def _leaves(nodes: list[Any]) -> list[Any]:
    return [node for node in nodes if hasattr(node, "variable")]


def _operation(name: str) -> str:
    """The operation behind a node's name: mul for `MulBackward0`. The learner's own Function keeps its name."""
    short = re.sub(r"(Backward)?\d*$", "", name.rpartition("::")[2])
    return short.lower() if re.search(r"Backward\d+$", name) else short


def _numbers(tensor: Any) -> str:
    """The elements of a tensor with at most four; empty for a larger tensor."""
    return inline(tensor.detach()).removeprefix("tensor(").removesuffix(")") if tensor.numel() <= 4 else ""


def _grad(tensor: Any) -> str:
    """The .grad of a leaf in words; empty if it is None."""
    return "" if tensor.grad is None else _numbers(tensor.grad) or _shape(tensor.grad)


def _shape(tensor: Any) -> str:
    return str(tuple(tensor.shape))
