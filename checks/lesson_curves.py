"""Draw the loss curves on lesson 4's page: python checks/lesson_curves.py

Trains the same small net on real digits four times, once well and three times with a fault, and draws the losses into
katas/lesson_4_training_loop/curves.svg. Takes about 10 seconds.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import torch
from torch import nn

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from katas import digits  # noqa: E402 - the line above makes it importable

FILE = ROOT / "katas" / "lesson_4_training_loop" / "curves.svg"
EPOCHS = 30
Curves = tuple[list[float], list[float]]


def train(train_rows: int, hidden: int, rate: float, momentum: float = 0.0, *, clear: str = "each step") -> Curves:
    """Train a net with one hidden layer; return the mean training and validation losses of each epoch.

    clear: when to clear the gradients: "each step", "before the update" (a fault) or "never" (a fault).
    """
    torch.manual_seed(0)
    images, labels = digits.load()
    order = torch.randperm(len(labels))
    x = torch.tensor(images / 16, dtype=torch.float32).flatten(1)[order]
    y = torch.tensor(labels)[order]
    model = nn.Sequential(nn.Linear(64, hidden), nn.ReLU(), nn.Linear(hidden, 10))
    loss_function = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=rate, momentum=momentum)
    training, validation = [], []
    for _ in range(EPOCHS):
        total = 0.0
        for rows in torch.randperm(train_rows).split(50):
            loss = loss_function(model(x[rows]), y[rows])
            if clear == "each step":
                optimizer.zero_grad()
            loss.backward()
            if clear == "before the update":
                optimizer.zero_grad()
            optimizer.step()
            total += loss.item() * len(rows)
        training.append(total / train_rows)
        with torch.no_grad():
            validation.append(loss_function(model(x[-360:]), y[-360:]).item())
    return training, validation


RUNS: list[tuple[str, str, Callable[[], Curves]]] = [
    ("healthy", "both fall, and end close together", lambda: train(1000, 32, 0.2)),
    ("flat", "cleared between backward and step", lambda: train(1000, 32, 0.2, clear="before the update")),
    ("wild", "never cleared: gradients pile up", lambda: train(1000, 32, 0.2, clear="never")),
    ("overfitted", "80 images by heart, and no others", lambda: train(80, 256, 0.3, 0.9)),
]


def main() -> None:
    """Train and draw."""
    torch.set_num_threads(1)
    wide, tall, gap, left, top = 180, 130, 32, 46, 78
    width = left + len(RUNS) * (wide + gap)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 286" width="{width}" height="286" '
        'font-family="DejaVu Sans, Verdana, sans-serif" font-size="12" role="img" aria-label="Training and validation '
        'losses of a healthy run and of three that are not: flat, wild, and overfitted">',
        f'<rect width="{width}" height="286" rx="10" fill="#ffffff"/>',
    ]
    for number, (name, says, run) in enumerate(RUNS):
        training, validation = run()
        shown = [min(value, 4.0) for curve in (training, validation) for value in curve if value == value]
        high = max(max(shown), 0.5)
        x0 = left + number * (wide + gap)
        parts.append(f'<text x="{x0}" y="34" font-size="15" font-weight="bold" fill="#222">{name}</text>')
        parts.append(f'<text x="{x0}" y="54" font-size="10.5" fill="#555">{says}</text>')
        parts.append(
            f'<path d="M{x0} {top} V{top + tall} H{x0 + wide}" fill="none" stroke="#888" stroke-width="1"/>'
            f'<text x="{x0 - 6}" y="{top + 8}" text-anchor="end" fill="#555">{high:.1f}</text>'
            f'<text x="{x0 - 6}" y="{top + tall}" text-anchor="end" fill="#555">0</text>'
            f'<text x="{x0 + wide}" y="{top + tall + 18}" text-anchor="end" fill="#555">epoch {EPOCHS}</text>'
        )
        for curve, colour in ((validation, "#d1642b"), (training, "#4c78a8")):
            points = " ".join(
                f"{x0 + epoch * wide / (EPOCHS - 1):.1f},{top + tall * (1 - min(value, high) / high):.1f}"
                for epoch, value in enumerate(curve)
                if value == value
            )
            parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2.2"/>')
        print(f"{name}: training {training[0]:.3f} → {training[-1]:.3f}, ", end="")
        print(f"validation {validation[0]:.3f} → {validation[-1]:.3f}, lowest {min(validation):.3f}")
    for offset, colour, word in ((0, "#4c78a8", "training loss"), (150, "#d1642b", "validation loss")):
        parts.append(f'<path d="M{left + offset} 258 h26" stroke="{colour}" stroke-width="3"/>')
        parts.append(f'<text x="{left + offset + 34}" y="262" fill="#333">{word}</text>')
    FILE.write_text("\n".join([*parts, "</svg>", ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
