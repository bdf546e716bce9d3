"""An autograd graph as an SVG picture: the leaves on the left, the result on the right."""

from __future__ import annotations

import dataclasses
import itertools
from html import escape

from dojo.pictures.graph import Graph, Node
from dojo.support.text import cut

_ROW, _GAP, _EDGE, _TOP = 64, 70, 24, 64
_LETTER = 7.3
_FONT = "DejaVu Sans Mono, Menlo, Consolas, monospace"

# What takes up a row of a layer: a node (its index), or an edge that passes the layer (node, input, layer).
_Slot = int | tuple[int, int, int]


@dataclasses.dataclass(frozen=True)
class Box:
    """Where a node is drawn. All boxes are 38 high."""

    left: float
    top: float
    width: float

    @property
    def middle(self) -> float:
        return self.top + 19


@dataclasses.dataclass(frozen=True)
class Layout:
    """Where everything of a graph is drawn: a box for each node, and the points that each edge passes.

    An edge is a curve through its points. At each point, the curve is horizontal.
    """

    boxes: list[Box]
    edges: list[list[tuple[float, float]]]
    width: float
    height: float


def lay_out(graph: Graph) -> Layout:
    """Give each node and each edge of a graph its place."""
    layers = _layers(graph)
    widths = [max(_width(graph.nodes[slot]) for slot in layer if isinstance(slot, int)) for layer in layers]
    tall = max(len(layer) for layer in layers)
    places: dict[_Slot, Box] = {}
    left = float(_EDGE)
    for layer, width in zip(layers, widths, strict=True):
        top = _TOP + (tall - len(layer)) * _ROW / 2
        for row, slot in enumerate(layer):
            places[slot] = Box(left, top + row * _ROW, width)
        left += width + _GAP
    edges = []
    for number, node in enumerate(graph.nodes):
        for order, following in enumerate(node.inputs):
            passed = [(number, order, layer) for layer in range(len(layers))]
            between = [places[slot] for slot in passed if slot in places]
            edges.append(_edge([places[following], *between, places[number]], order, len(node.inputs)))
    boxes = [places[number] for number in range(len(graph.nodes))]
    return Layout(boxes, edges, left - _GAP + _EDGE, _TOP + tall * _ROW + 40)


def draw(graph: Graph, title: str) -> str:
    """Draw a graph; return the text of an SVG file that needs no other file."""
    layout = lay_out(graph)
    height = layout.height
    said = "Forward is to the right, and backward to the left. The picture shows only what autograd recorded."
    if graph.left_out:
        said = f"{graph.left_out} more nodes are not shown. " + said
    total = max(layout.width, (_LETTER + 1.2) * len(title) + 2 * _EDGE, _LETTER * len(said) + 2 * _EDGE)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total:.0f} {height:.0f}" width="{total:.0f}" '
        f'height="{height:.0f}" font-family="{_FONT}" font-size="12" role="img" aria-label="{escape(title)}">',
        _STYLE,
        f'<rect class="paper" width="{total:.0f}" height="{height:.0f}" rx="8"/>',
        f'<text class="title" x="{_EDGE}" y="30">{escape(title)}</text>',
    ]
    parts += [f'<path class="edge" d="{_path(points)}"/>' for points in layout.edges]
    parts += [
        _box(node, place, number == 0)
        for number, (node, place) in enumerate(zip(graph.nodes, layout.boxes, strict=True))
    ]
    parts.append(f'<text class="quiet" x="{_EDGE}" y="{height - 16:.0f}">{escape(said)}</text>')
    return "\n".join([*parts, "</svg>", ""])


_STYLE = """<style>
.paper{fill:#fff}.title{fill:#222;font-weight:bold;font-size:14px}.quiet{fill:#666}.text{fill:#222}
.leaf{fill:#e3f1e7;stroke:#2e7d4f;stroke-width:1.5}.op{fill:#eaf1f8;stroke:#4c78a8;stroke-width:1.5}
.result{stroke-width:3}.edge{fill:none;stroke:#8aa3bd;stroke-width:1.5}.grad{fill:#b4501a}
@media (prefers-color-scheme: dark){.paper{fill:#16191d}.title,.text{fill:#e8e8e8}.quiet{fill:#9aa4ad}
.leaf{fill:#17301f}.op{fill:#1b2a3a}.grad{fill:#f0a070}}
</style>"""


def _layers(graph: Graph) -> list[list[_Slot]]:
    """The slots of each layer, from left to right. In a layer, slots are near the nodes that use them."""
    depth = graph.depth()
    # A leaf is in the layer before the first operation that uses it, not in the leftmost layer.
    users: dict[int, int] = {}
    for number, node in enumerate(graph.nodes):
        for following in node.inputs:
            users[following] = min(users.get(following, depth[number]), depth[number])
    place = [users[n] - 1 if node.is_leaf and n in users else depth[n] for n, node in enumerate(graph.nodes)]
    layers: list[list[_Slot]] = [[] for _ in range(max(place) + 1)]
    after: dict[_Slot, list[tuple[_Slot, float]]] = {}
    for number, node in enumerate(graph.nodes):
        layers[place[number]].append(number)
        for order, following in enumerate(node.inputs):
            # The offsets keep the inputs of a node in their order.
            previous: _Slot = number
            offset = 0.2 * (order - (len(node.inputs) - 1) / 2)
            for layer in range(place[number] - 1, place[following], -1):
                slot = (number, order, layer)
                layers[layer].append(slot)
                after.setdefault(slot, []).append((previous, offset))
                previous, offset = slot, 0.0
            after.setdefault(following, []).append((previous, offset))
    rank: dict[_Slot, float] = {}
    for slots in reversed(layers):
        slots.sort(
            key=lambda slot: _mean([rank[user] + offset for user, offset in after.get(slot, []) if user in rank])
        )
        rank.update({slot: row - (len(slots) - 1) / 2 for row, slot in enumerate(slots)})
    return layers


def _mean(numbers: list[float]) -> float:
    return sum(numbers) / len(numbers) if numbers else 0.0


def texts_of(node: Node) -> tuple[str, str]:
    """The two lines in a node's box: its name and operation, and its value or shape."""
    head = f"{node.name} = {node.operation}" if node.name and node.operation else node.name or node.operation
    below = node.value or (f"shape {node.shape}" if node.shape and node.shape != "()" else "")
    return cut(head, 28), cut(below, 28)


def _width(node: Node) -> float:
    grad = f"grad {node.grad}" if node.grad else ""
    return max(70.0, 18 + _LETTER * max(len(text) for text in (*texts_of(node), cut(grad, 30))))


def _box(node: Node, place: Box, result: bool) -> str:
    head, below = texts_of(node)
    kind = ("leaf" if node.is_leaf else "op") + (" result" if result else "")
    middle = place.left + place.width / 2

    def text(style: str, y: float, words: str, weight: str = "") -> str:
        return f'<text class="{style}" text-anchor="middle" x="{middle:.1f}" y="{y:.1f}"{weight}>{escape(words)}</text>'

    lines = [
        f'<rect class="{kind}" x="{place.left:.1f}" y="{place.top:.1f}" width="{place.width:.1f}" height="38" '
        f'rx="{19 if node.is_leaf else 6}"/>',
        text("text", place.top + (16 if below else 23), head, ' font-weight="bold"'),
    ]
    if below:
        lines.append(text("text", place.top + 31, below))
    if node.grad:
        lines.append(text("grad", place.top + 51, cut(f"grad {node.grad}", 30)))
    return "\n".join(lines)


def _edge(boxes: list[Box], order: int, of: int) -> list[tuple[float, float]]:
    """The points of an edge from the first box to the last, straight through the boxes between.

    The last box has `of` inputs; the edge is number `order` of them, from 0, and they end apart from each other.
    """
    points = [(boxes[0].left + boxes[0].width, boxes[0].middle)]
    for box in boxes[1:-1]:
        points += [(box.left, box.middle), (box.left + box.width, box.middle)]
    points.append((boxes[-1].left, boxes[-1].middle + (order - (of - 1) / 2) * min(14, 30 / max(of, 1))))
    return points


def _path(points: list[tuple[float, float]]) -> str:
    path = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for (x1, y1), (x2, y2) in itertools.pairwise(points):
        bend = (x2 - x1) / 2
        path.append(f"C{x1 + bend:.1f} {y1:.1f} {x2 - bend:.1f} {y2:.1f} {x2:.1f} {y2:.1f}")
    return " ".join(path)
