"""`dojo update` and the files that change by use: notebooks and the settings of an editor."""

from __future__ import annotations

import json
import re

import pytest

from checks.forks import ENV, commit, fork_of, git, publish_course
from checks.small_course import SmallCourse
from dojo.course.notebooks import digest_of, is_unedited

LESSONS = [f"notebooks/lesson_{number}.ipynb" for number in (1, 2, 3)]
SETTINGS, TASKS, LAUNCH = (f".vscode/{name}.json" for name in ("settings", "tasks", "launch"))


def _notebook(*sources: str, output: str = "") -> str:
    """A notebook as `dojo notebooks` writes it; with `output` it was run."""
    cells = [{"cell_type": "code", "source": [source], "outputs": [output] * bool(output)} for source in sources]
    return json.dumps({"cells": cells, "metadata": {"dojo": {"digest": digest_of(sources)}}})


OLD, RUN, NEW = _notebook("1", "2"), _notebook("1", "2", output="done"), _notebook("1", "3")
EDITED = OLD.replace('["2"]', '["my answer"]')


@pytest.fixture
def fork(course: SmallCourse, tmp_path) -> SmallCourse:
    """A fork whose course has changed its notebooks and settings since."""
    for path in (*LESSONS, SETTINGS, TASKS):
        course.write(path, OLD)
    upstream = publish_course(course, tmp_path)
    fork = fork_of(upstream, tmp_path)
    git(fork.root, "remote", "add", "upstream", str(upstream))
    for path in (*LESSONS, SETTINGS, TASKS, LAUNCH, "notebooks/lesson_4.ipynb"):
        course.write(path, NEW)
    commit(course, "new notebooks")
    git(course.root, "push", "--quiet", "origin", "main")
    return fork


def test_a_notebook_that_was_only_run_counts_as_unedited():
    assert [is_unedited(text.encode()) for text in (OLD, RUN, EDITED)] == [True, True, False]
    assert [is_unedited(data) for data in (b"", b"[]", b'{"cells": 3}', b'{"cells": []}')] == [False] * 4


def test_a_changed_file_stays_and_the_new_one_is_put_beside_it(fork):
    # One edit is committed, the others are not. One notebook was only run.
    fork.write(LESSONS[0], EDITED)
    commit(fork, "mine")
    fork.write(LESSONS[1], EDITED)
    fork.write(LESSONS[2], RUN)
    fork.write(SETTINGS, EDITED)
    # git does not know this file, and now the course has one of the same name.
    fork.write(LAUNCH, EDITED)
    ran = fork.dojo("update", env=ENV)
    assert ran.status == 0, ran.out
    kept = {LESSONS[0]: EDITED, LESSONS[1]: EDITED, LESSONS[2]: NEW, SETTINGS: EDITED, LAUNCH: EDITED, TASKS: NEW}
    assert {path: (fork.root / path).read_text() for path in kept} == kept
    assert (fork.root / "notebooks" / "lesson_4.ipynb").read_text() == NEW
    for path in (*LESSONS[:2], SETTINGS, LAUNCH):
        new = re.sub(r"\.(ipynb|json)$", r".new.\1", path)
        assert f"kept      {path} stays as you have it. The course's new version is next to it: {new}" in ran.out
        assert (fork.root / new).read_text() == NEW
    assert not list(fork.root.glob("notebooks/lesson_3.new*"))
    # What was not committed still is not.
    state = git(fork.root, "status", "--porcelain", "--untracked-files=no").splitlines()
    assert [line.split()[-1] for line in state] == [LAUNCH, SETTINGS, LESSONS[1]]
    assert git(fork.root, "show", f"HEAD:{LESSONS[0]}") == EDITED
    assert git(fork.root, "show", f"HEAD:{LESSONS[1]}") == NEW
    assert "Already up to date" in fork.dojo("update", env=ENV).out


def test_without_edits_the_fork_becomes_the_course(fork):
    assert "beside" not in fork.dojo("update", env=ENV).out
    assert git(fork.root, "rev-parse", "HEAD") == git(fork.root, "ls-remote", "upstream", "main").split()[0]
    assert git(fork.root, "status", "--porcelain", "--untracked-files=no") == ""
