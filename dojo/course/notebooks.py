"""The metadata of the course's notebooks, which show whether somebody has edited a notebook."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

# The key of the course in a notebook's metadata: the digest of the cells, and the course that the links lead to.
ABOUT = "dojo"


def digest_of(sources: Iterable[str]) -> str:
    """A digest of the texts of a notebook's cells. Their outputs do not count."""
    return hashlib.sha256("\0".join(sources).encode()).hexdigest()[:16]


def is_unedited(data: bytes) -> bool:
    """Whether a file is a notebook with the cells that `dojo notebooks` wrote. The notebook may have been run."""
    try:
        notebook = json.loads(data)
        sources = ["".join(cell["source"]) for cell in notebook["cells"]]
        return bool(notebook["metadata"][ABOUT]["digest"] == digest_of(sources))
    except (ValueError, KeyError, TypeError, RecursionError):
        return False
