"""Make data/digits.npz from scikit-learn's copy of the UCI handwritten digits: python data/make_digits.py

Writes the same bytes each time. Needs scikit-learn (`pip install -e ".[dev]"`).
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

FILE = Path(__file__).with_name("digits.npz")


def main() -> None:
    """Write the file."""
    digits = load_digits()
    arrays = {"images": digits.images.astype(np.uint8), "labels": digits.target.astype(np.uint8)}
    with zipfile.ZipFile(FILE, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in arrays.items():
            buffer = io.BytesIO()
            np.save(buffer, array)
            # A fixed date, so that the file depends on the data alone.
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(1998, 7, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, buffer.getvalue())
    print(f"{FILE.name}: {len(arrays['labels'])} images, {FILE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
