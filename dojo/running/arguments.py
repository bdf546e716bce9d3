"""Before a run starts: is PyTorch there, and what do the paths that were typed mean?"""

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
    """A path as an argument for pytest: relative, as pytest takes none that has a [ in it."""
    try:
        return os.path.relpath(path, config.invocation_params.dir)
    except ValueError:
        # On Windows, of another drive.
        return str(path)


# With these, pytest runs no test, or a run is a machine's and not a learner's.
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
    """Before the first run of a learner, finish what an update by version 1.0.0 left; return a sentence, or ""."""
    # The ordinary start costs this one look.
    if (root / FINISHED).exists() or hasattr(config, "workerinput") or held_start.held() is not None:
        return ""
    if any(config.getoption(name, None) for name in _NOT_A_LEARNERS_RUN):
        return ""
    from dojo.updating.old_forks import finish_old_fork

    return finish_old_fork(root)


def use_tests_of_named_katas(config: pytest.Config, root: Path) -> None:
    """Where a person names a kata's own file or folder, run its tests: `pytest katas/lesson_1_tensors`.

    Raises DojoError for a path in katas/ that is no kata's.
    """
    for index, argument in enumerate(config.args):
        name, double, rest = argument.partition("::")
        path = (config.invocation_params.dir / name).absolute()
        if config.args_source is pytest.Config.ArgsSource.ARGS and root / "katas" in (path, *path.parents):
            tests = root / "tests" / path.relative_to(root / "katas")
            if not tests.exists():
                names = [each.relative_to(root / "tests").as_posix() for each in (root / "tests").rglob("*.py")]
                relative = path.relative_to(root / "katas").as_posix()
                raise DojoError(f"{argument}: the course has no such kata. {nearest(relative, names)}".strip())
            config.args[index] = f"{as_argument(config, tests)}{double}{rest}"


def use_tests_of_named_steps(config: pytest.Config, root: Path, curriculum: Curriculum) -> frozenset[str]:
    """With --step, run the tests of the katas that the steps named are in; return the steps' ids.

    Raises DojoError for a name that is no step's, and where paths are given as well.
    """
    try:
        steps = [curriculum.named(name) for name in config.getoption("only_steps")]
    except UnclearName as error:
        raise DojoError(error.as_commands(["pytest", *map(str, config.invocation_params.args)])) from None
    if steps:
        if config.args_source is pytest.Config.ArgsSource.ARGS:
            raise DojoError("--step chooses the tests by itself: leave out the path, or the option.")
        katas = dict.fromkeys(step.kata_id for step in steps)
        config.args[:] = [as_argument(config, root / "tests" / f"{kata}.py") for kata in katas]
    return frozenset(step.id for step in steps)
