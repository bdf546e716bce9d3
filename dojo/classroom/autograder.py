"""The zip that Gradescope runs: the course as an instructor has it, and the two scripts that Gradescope asks for."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from dojo.course.layout import PARTS, given_files, lesson_pages
from dojo.support.errors import DojoError
from dojo.support.files import write_bytes

_SETUP = """\
#!/usr/bin/env bash
# Gradescope runs this once, when it builds the autograder.
set -euo pipefail
cd "$(dirname "$0")"
apt-get update
apt-get install -y python3-venv
python3 -m venv /opt/dojo
/opt/dojo/bin/pip install --extra-index-url https://download.pytorch.org/whl/cpu -c constraints.txt -e .
# The code of a submission runs as another user, who has no business here.
chmod go-rwx .
"""
_RUN = """\
#!/usr/bin/env bash
# Gradescope runs this for each submission. The settings are in dojo.toml, in this folder.
set -euo pipefail
cd /autograder/source
exec /opt/dojo/bin/dojo grade /autograder/submission --container --as gradescope --out /autograder/results/results.json
"""
_ALSO = ("README.md", "LICENSE", "constraints.txt")


def write_autograder(root: Path, settings: Path, out: Path) -> None:
    """Write the zip. `settings` goes into it as dojo.toml if there is such a file. Raises DojoError."""
    files = {path.relative_to(root).as_posix(): path.read_bytes() for path in _files(root)}
    if settings.is_file():
        files["dojo.toml"] = settings.read_bytes()
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(_entry(name, 0o644), content)
        for name, script in (("setup.sh", _SETUP), ("run_autograder", _RUN)):
            archive.writestr(_entry(name, 0o755), script)
    try:
        write_bytes(out, data.getvalue())
    except OSError as error:
        raise DojoError(f"{out} can't be written ({error.strerror}).") from None


def _entry(name: str, mode: int) -> zipfile.ZipInfo:
    """A file of the zip. Its date is fixed, so that the same course makes the same zip."""
    entry = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
    entry.external_attr = mode << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _files(root: Path) -> Iterator[Path]:
    """What the judge needs of the course, and what it is installed with. Cards are made from the solutions."""
    needed = [root / part.path for part in PARTS if part.judges or part.path == "solutions"]
    for top in [*needed, *(root / name for name in _ALSO)]:
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and "__pycache__" not in path.parts:
                yield path
    yield from given_files(root)
    yield from lesson_pages(root)
