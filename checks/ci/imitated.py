"""`dojo` on an imitated CI machine. With `--imitated`, `dojo ci judge` runs no katas: what is written is green."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path


def main() -> None:
    from dojo.cli import main as dojo

    if sys.argv[1] == "--imitated":
        del sys.argv[1]
        if sys.argv[1:3] == ["ci", "judge"]:
            _imitate()
    # What code under test could read in the environment of its judge.
    Path(os.environ["HOME"], f"environment_{'_'.join(sys.argv[1:3])}").write_text(json.dumps(dict(os.environ)))
    sys.exit(dojo(sys.argv[1:]))


def _imitate() -> None:
    from checks.invented import invented_report
    from dojo.ci import judge
    from dojo.course.definitions import is_unwritten, read_source
    from dojo.progress.reading import parse_progress

    def judged(course: Path, fork: Path, *_: object):
        green = []
        for path in fork.glob("katas/lesson_*/kata_*.py"):
            source = read_source(path.read_text())
            green += [name for name in source.by_name() if not is_unwritten(name, source, None)]
        invented = invented_report(course, tuple(green), "2031-01-30T12:00:00+00:00")
        return parse_progress(json.dumps(invented).encode(), "a report"), ""

    judge._judged = judged
