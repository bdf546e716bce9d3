"""The zip that Gradescope runs: the instructor's course, and the two scripts that Gradescope needs."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from dojo.judging.judge import judge_files
from dojo.support.files import write_bytes, writing

_SETUP = """\
#!/usr/bin/env bash
# Gradescope runs this once, when it builds the autograder.
set -euo pipefail
cd "$(dirname "$0")"
apt-get update
apt-get install -y python3-venv
python3 -m venv /opt/dojo
/opt/dojo/bin/pip install --extra-index-url https://download.pytorch.org/whl/cpu -c constraints.txt -e .
# The code of a submission runs as another user, who must not read this folder.
chmod go-rwx .
"""
_RUN = """\
#!/usr/bin/env bash
# Gradescope runs this for each submission. The settings are in dojo.toml, in this folder.
set -euo pipefail
cd /autograder/source
exec /opt/dojo/bin/dojo grade /autograder/submission --container --as gradescope --out /autograder/results/results.json
"""


def write_autograder(root: Path, settings: Path, out: Path) -> None:
    """Write the zip. If the file `settings` exists, it becomes dojo.toml. Raises DojoError if this fails."""
    # The cards of the course are made from the solutions, and pip needs the other files.
    further = [*root.glob("solutions/**/*.py"), *(root / name for name in ("README.md", "LICENSE", "constraints.txt"))]
    files = dict(judge_files(root)) | {path.relative_to(root).as_posix(): path for path in further if path.is_file()}
    if settings.is_file():
        files["dojo.toml"] = settings
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in sorted(files.items()):
            archive.writestr(_entry(name, 0o644), path.read_bytes())
        for name, script in (("setup.sh", _SETUP), ("run_autograder", _RUN)):
            archive.writestr(_entry(name, 0o755), script)
    with writing(out):
        write_bytes(out, data.getvalue())


def _entry(name: str, mode: int) -> zipfile.ZipInfo:
    """A file of the zip. Its date is fixed, so that the same course always makes the same zip."""
    entry = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
    entry.external_attr = mode << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
