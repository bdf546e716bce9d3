"""What lesson 4 ends with: your own net reads handwritten digits that it has never seen."""

import torch

from dojo.pictures import data as picture
from katas import digits
from katas.lesson_4_training_loop import kata_10_digits as kata


def win():
    """Some digits with what the net reads, misread ones among them, and which digit it takes for which."""
    torch.manual_seed(0)
    generator = torch.Generator().manual_seed(0)
    training, _, (inputs, labels) = kata.prepare_digits(*digits.load(), generator)
    model = kata.DigitNet(64)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    kata.train_digits(model, optimizer, *training, 15, 64, generator)
    model.eval()
    with torch.no_grad():
        read = model(inputs).argmax(dim=1)
    counts = torch.bincount(10 * labels + read, minlength=100).reshape(10, 10)
    right = int((read == labels).sum())
    # First the misread ones, at most four, then others: twelve in all.
    shown = torch.cat([(read != labels).nonzero()[:4, 0], (read == labels).nonzero()[:, 0]])[:12]
    return [
        picture.Images(
            f"Your net reads {right} of {len(labels)} handwritten digits that it has never seen",
            inputs[shown].reshape(-1, 8, 8).tolist(),
            labels[shown].tolist(),
            read[shown].tolist(),
        ),
        picture.Matrix("Which digit it takes for which", counts.tolist()),
    ]
