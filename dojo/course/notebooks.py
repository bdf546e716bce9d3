"""What a notebook of the course says of itself: where it comes from, and whether somebody has edited it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

# Where a notebook's metadata have the digest of its cells, and the course that its links lead to.
ABOUT = "dojo"


def digest_of(sources: Iterable[str]) -> str:
    """A digest of the texts of a notebook's cells. Their outputs do not count."""
    return hashlib.sha256("\0".join(sources).encode()).hexdigest()[:16]


def is_unedited(data: bytes) -> bool:
    """Whether a file is a notebook with the cells that `dojo notebooks` wrote. It may have been run."""
    try:
        notebook = json.loads(data)
        sources = ["".join(cell["source"]) for cell in notebook["cells"]]
        return bool(notebook["metadata"][ABOUT]["digest"] == digest_of(sources))
    except (ValueError, KeyError, TypeError, RecursionError):
        return False
