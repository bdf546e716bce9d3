"""Before a run starts: what the typed paths and the typed names of steps mean."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dojo.course.curriculum import Curriculum
from dojo.course.layout import FINISHED
from dojo.running import held_start
from dojo.support.errors import DojoError, UnclearName
from dojo.support.text import nearest


def as_argument(config: pytest.Config, path: Path) -> str:
    """A path as an argument for pytest. It is relative, so that a [ in the course's folder does not confuse pytest."""
    try:
        return os.path.relpath(path, config.invocation_params.dir)
    except ValueError:
        # On Windows, the path is on another drive.
        return str(path)


# With one of these options pytest runs no test, or the run is not a learner's.
_NOT_A_LEARNERS_RUN = (
    "collectonly",
    "setuponly",
    "setupplan",
    "markers",
    "showfixtures",
    "show_fixtures_per_test",
    "against",
    "examine",
    "remember",
    "progress_json",
)


def finish_old_fork_before(config: pytest.Config, root: Path) -> str:
    """Before a learner's first run, finish an update by version 1.0.0. Returns a sentence about this, or ""."""
    # First the check that is true in almost every run.
    if (root / FINISHED).exists() or hasattr(config, "workerinput") or held_start.held() is not None:
        return ""
    if any(config.getoption(name, None) for name in _NOT_A_LEARNERS_RUN):
        return ""
    from dojo.updating.old_forks import finish_old_fork

    return finish_old_fork(root)


def use_tests_of_named_katas(config: pytest.Config, root: Path) -> None:
    """If a person names a kata's file or a folder of katas, run the tests of these: `pytest katas/lesson_1_tensors`.

    Raises DojoError for a path in katas/ that is neither a kata nor a folder of katas.
    """
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        return
    for index, argument in enumerate(config.args):
        name, double, rest = argument.partition("::")
        path = (config.invocation_params.dir / name).absolute()
        if root / "katas" in (path, *path.parents):
            tests = root / "tests" / path.relative_to(root / "katas")
            if not tests.exists():
                names = [each.relative_to(root / "tests").as_posix() for each in (root / "tests").rglob("*.py")]
                relative = path.relative_to(root / "katas").as_posix()
                raise DojoError(f"{argument}: the course has no such kata. {nearest(relative, names)}".strip())
            config.args[index] = f"{as_argument(config, tests)}{double}{rest}"


def use_tests_of_named_steps(config: pytest.Config, root: Path, curriculum: Curriculum) -> frozenset[str]:
    """With --step, run only the tests of the katas with these steps; return the steps' ids.

    Raises DojoError if a name is not the name of a step, or if paths are given as well.
    """
    try:
        steps = [curriculum.named(name) for name in config.getoption("only_steps")]
    except UnclearName as error:
        raise DojoError(error.as_commands(["pytest", *map(str, config.invocation_params.args)])) from None
    if steps:
        if config.args_source is pytest.Config.ArgsSource.ARGS:
            raise DojoError("--step already chooses the tests. Leave out either the path or --step.")
        katas = dict.fromkeys(step.kata_id for step in steps)
        config.args[:] = [as_argument(config, root / "tests" / f"{kata}.py") for kata in katas]
    return frozenset(step.id for step in steps)
