"""The old name of dojo.pictures.data.

The tests of version 1.0.0 import it, and the CI of a fork of 1.0.0 runs these tests with this version.
"""

from __future__ import annotations

from dojo.pictures.data import Boundary, Curves, Images, Matrix, Picture, as_list, boundary

__all__ = ["Boundary", "Curves", "Images", "Matrix", "Picture", "as_list", "boundary"]
