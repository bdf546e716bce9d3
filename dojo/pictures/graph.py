"""An autograd graph as data: the operations behind a result, back to the leaf tensors that require grad."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

# A graph with more nodes than this is cut, because nobody could read it.
MOST = 80


@dataclasses.dataclass
class Node:
    """One operation, or one leaf tensor that requires grad.

    Attributes:
        operation: the operation's name; empty for a leaf.
        name: the name that the code gives the tensor; empty if unknown.
        shape, value: of the computed tensor, or of the leaf when it was used; empty if unknown. A long value is left
            out too.
        grad: the leaf's .grad after the backward pass; empty if it is None.
        inputs: the indices of the nodes to which the backward pass continues.
    """

    operation: str
    name: str = ""
    shape: str = ""
    value: str = ""
    grad: str = ""
    inputs: list[int] = dataclasses.field(default_factory=list)

    @property
    def is_leaf(self) -> bool:
        return self.operation == ""


@dataclasses.dataclass
class Graph:
    """The nodes behind one result. Node 0 is the result, and `left_out` is the number of nodes that were cut."""

    nodes: list[Node]
    left_out: int = 0

    def depth(self) -> list[int]:
        """For each node, the number of operations on the longest path from a leaf to the node."""
        deep = [-1] * len(self.nodes)
        waiting = [0]
        while waiting:
            number = waiting[-1]
            unknown = [i for i in self.nodes[number].inputs if deep[i] < 0]
            if unknown:
                waiting += unknown
                continue
            waiting.pop()
            deep[number] = max((deep[i] + 1 for i in self.nodes[number].inputs), default=0)
        return deep


def walk(graph: Graph) -> Iterator[tuple[int, int, bool]]:
    """Walk the nodes as a tree, the result first: depth, index, and whether the node has come before."""
    seen: set[int] = set()
    waiting = [(0, 0)]
    while waiting:
        depth, number = waiting.pop()
        again = number in seen
        yield depth, number, again
        if not again:
            seen.add(number)
            waiting += [(depth + 1, following) for following in reversed(graph.nodes[number].inputs)]
