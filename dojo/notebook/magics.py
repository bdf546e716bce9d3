"""The magics of the notebooks: `%%kata`, `%hint`, `%diff`, `%graph`, `%show`, `%progress` and `%dojo`.

Each magic runs the ordinary command in another process, so a notebook and the command line judge in the same way.
"""

from __future__ import annotations

import contextlib
import dataclasses
import importlib.util
import shlex
import tempfile
from collections.abc import Callable
from pathlib import Path

from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

from dojo.course.curriculum import Step, read_curriculum
from dojo.course.layout import Course, find_root
from dojo.notebook.answer import write_answer
from dojo.notebook.child import as_magics, run, show
from dojo.notebook.saving import load, push, save
from dojo.progress.reading import read_progress
from dojo.progress.statuses import GREEN, RED
from dojo.support.errors import DojoError
from dojo.testbed.kata_import import KataFinder, kata_module

# The limits of a run, in seconds. Each test has its own limit, which is much shorter.
_STEP, _ALL_STEPS = 300.0, 3600.0
# These commands need a terminal or an editor, or they never end.
_NOT_HERE = ("watch", "open", "mcp")
# What each option of %progress moves answers to or from.
_MOVES = {"--push": "one address", "--save": "one file", "--load": "one file"}


class Interrupted(KeyboardInterrupt):
    """The user has interrupted a run. IPython shows one line in place of a traceback."""

    def _render_traceback_(self) -> list[str]:
        return ["Interrupted: the run was ended."]


@dataclasses.dataclass
class _Magics:
    """The magics of a kernel. Each method gets the words after its name, and `kata` also the rest of the cell."""

    shell: InteractiveShell
    finder: KataFinder | None = None

    def kata(self, line: str, cell: str | None = None) -> None:
        """%%kata STEP writes the answer in the cell into katas/ and runs the step; %kata STEP only runs the step."""
        root, name = find_root(), line.strip()
        curriculum = read_curriculum(root)
        if not name:
            where, magic = (" in the first line of this cell", "%%kata") if cell is not None else ("", "%kata")
            example = next(curriculum.steps()).name
            raise DojoError(f"Name the step{where}, for example: {magic} {example}")
        step = curriculum.named(name)
        if cell is not None and cell.strip():
            kept = write_answer(root, curriculum.place(step)[1], step, cell)
            if kept:
                print(f"This cell held the given code, so your answer in katas/{step.kata_id}.py stays and is judged.")
                self.shell.set_next_input(f"%%kata {name}\n{kept}", replace=True)
        with tempfile.TemporaryDirectory(prefix="dojo-notebook-") as folder:
            told = Path(folder) / "progress.json"
            typed = f"--dojo-typed=%%kata {name}"
            show(run(root, ["pytest", "--step", step.id, "--progress-json", str(told), typed], _STEP).printed)
            status = ""
            with contextlib.suppress(DojoError):
                status = next((each.status for each in read_progress(told).steps if each.id == step.id), "")
        if status in (GREEN, RED):
            self._define(Course.at(root), step)

    def hint(self, line: str) -> None:
        """%hint STEP shows the next hint."""
        show(run(find_root(), ["dojo", "hint", *shlex.split(line)], _STEP).printed)

    def diff(self, line: str) -> None:
        """%diff STEP shows the learner's answer next to the reference answer."""
        show(run(find_root(), ["dojo", "diff", *shlex.split(line)], _STEP).printed)

    def dojo(self, line: str) -> None:
        """%dojo COMMAND runs any command of the course."""
        words = shlex.split(line)
        if not words:
            raise DojoError("Name a command, for example: %dojo list")
        if words[0] in _NOT_HERE:
            raise DojoError(f"The command {words[0]} does not work in a notebook.")
        show(run(find_root(), ["dojo", *words], _ALL_STEPS).printed)

    def graph(self, line: str) -> None:
        """%graph STEP draws the graph that the learner's own code recorded."""
        self._draw(["graph", *shlex.split(line)], "--svg", "graph.svg")

    def show(self, line: str) -> None:
        """%show STEP draws what the learner's own code did, and %show LESSON the picture at the end of a lesson."""
        # Without matplotlib there is only a drawing in text.
        option = "--png" if importlib.util.find_spec("matplotlib") else ""
        self._draw(["show", *shlex.split(line)], option, "show.png")

    def progress(self, line: str) -> None:
        """%progress shows where the learner stands; --push, --save and --load move the answers."""
        root, words = find_root(), shlex.split(line)
        option = words[0] if words and words[0] in _MOVES else ""
        if option == "--load" and len(words) == 1:
            raise DojoError("Name the file, for example: %progress --load answers.zip")
        if option and len(words) > 2:
            raise DojoError(f"%progress {option} accepts {_MOVES[option]}.")
        if option == "--push":
            print(push(root, words[1] if words[1:] else None))
        elif option == "--save":
            print(save(root, root / words[1] if words[1:] else None, _ALL_STEPS))
        elif option == "--load":
            print(as_magics(load(root, root / words[1])))
        else:
            show(run(root, ["dojo", "progress", *words], _ALL_STEPS).printed)

    def _draw(self, words: list[str], option: str, name: str) -> None:
        """Run a command that draws into the file that `option` names, and show the picture."""
        root = find_root()
        picture = root / ".dojo" / "notebook" / name
        picture.unlink(missing_ok=True)
        chosen = [option, str(picture)] if option and option not in words else []
        printed = run(root, ["dojo", *words, *chosen], _STEP).printed
        if chosen:
            # An error may suggest the whole command.
            printed = printed.replace(f" {shlex.join(chosen)}", "")
        show(printed, picture)

    def _define(self, course: Course, step: Step) -> None:
        """Define the step in the notebook, so that other cells can try it. The kata's file has just been run."""
        if self.finder is not None:
            self.finder.uninstall()
        self.finder = KataFinder(course)
        self.finder.install()
        with contextlib.suppress(Exception):
            self.shell.user_ns[step.name] = getattr(kata_module(step.kata_id), step.name)


def add_magics(shell: InteractiveShell) -> None:
    """Add the magics to a kernel."""
    magics = _Magics(shell)
    shell.register_magic_function(_quiet(magics.kata), "line_cell", "kata")
    # IPython looks for this line magic if %%kata is not in the first line of its cell.
    shell.register_magic_function(_quiet(_not_first), "line", "%kata")
    for magic in (magics.hint, magics.diff, magics.graph, magics.show, magics.progress, magics.dojo):
        shell.register_magic_function(_quiet(magic), "line", magic.__name__)


def _not_first(line: str) -> None:
    """The line %%kata STEP after other lines."""
    raise DojoError(f"%%kata {line.strip()} must be the first line of its cell.")


def _quiet(magic: Callable[..., None]) -> Callable[..., None]:
    """A magic that shows its errors as sentences, without a traceback."""

    def called(*arguments: str) -> None:
        try:
            magic(*arguments)
        except KeyboardInterrupt:
            raise Interrupted from None
        except (DojoError, ValueError) as error:
            raise UsageError(as_magics(str(error))) from None

    called.__doc__ = magic.__doc__
    return called
