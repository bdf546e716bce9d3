"""The autograd graph that PyTorch recorded, as data: what made each result, from which tracked tensors."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

# A graph of more nodes is cut: nobody reads it.
MOST = 80


@dataclasses.dataclass
class Node:
    """One operation, or one tracked leaf: `inputs` are the numbers of the nodes that its gradient goes on to.

    `shape` and `value` are of what it computed, and `grad` is what stands in a leaf's .grad; each is empty where
    it is not known.
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
    """The nodes behind one result. Node 0 is the result; `left_out` counts nodes that were too many to draw."""

    nodes: list[Node]
    left_out: int = 0

    def depth(self) -> list[int]:
        """For each node, how many operations the longest way from a leaf to it has."""
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
    """The nodes as a tree, the result first: depth, number, and whether the node stood in the tree before."""
    seen: set[int] = set()
    waiting = [(0, 0)]
    while waiting:
        depth, number = waiting.pop()
        again = number in seen
        yield depth, number, again
        if not again:
            seen.add(number)
            waiting += [(depth + 1, following) for following in reversed(graph.nodes[number].inputs)]
