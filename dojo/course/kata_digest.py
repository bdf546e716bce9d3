"""What the verdict on a kata's steps depends on, as one short text: equal texts, equal verdicts."""

from __future__ import annotations

from pathlib import Path

from dojo import __version__
from dojo.course.layout import given_files
from dojo.support.versions import version_of


def kata_digest(root: Path, kata_id: str) -> str:
    """A digest of a kata's file, its tests, the given files, and the versions that run them."""
    import hashlib  # only some commands need it

    digest = hashlib.sha256(f"{__version__} {version_of('torch')}".encode())
    own = (root / "katas" / f"{kata_id}.py", root / "tests" / f"{kata_id}.py", root / "conftest.py")
    for path in (*own, *given_files(root)):
        try:
            digest.update(path.read_bytes())
        except OSError:
            digest.update(b"missing")
        digest.update(b"|")
    return digest.hexdigest()[:16]
