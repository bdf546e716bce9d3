"""Real handwritten digits, given: 1,797 small images and what they show. Source and license: data/README.md."""

from pathlib import Path

import numpy as np

_FILE = Path(__file__).resolve().parent.parent / "data" / "digits.npz"


def load():
    """The images and their labels.

    Returns: images (1797, 8, 8), float64 from 0 (paper) to 16 (ink), and labels (1797,), int64 from 0 to 9.
    """
    with np.load(_FILE) as file:
        return file["images"].astype(np.float64), file["labels"].astype(np.int64)
