"""Finishes, once, what the `dojo update` of version 1.0.0 left undone in a fork.

That version leaves the old card above each answer, and writes the new card into a file next to it (`.new.txt`). It
moves the answer to a renamed step into a backup. Here the new card replaces an old card that the learner has not
changed, and answers come back from the backup. Then `.new.txt` files that are no longer needed are deleted.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

from dojo import __version__
from dojo.course import backups
from dojo.course.curriculum import Curriculum, Kata, Step, read_curriculum
from dojo.course.definitions import Definition, Source, is_unwritten, read_editable, read_source
from dojo.course.layout import FINISHED, beside, file_in
from dojo.course.stubs import stub_file_of, stub_of, unwritten_steps
from dojo.support.errors import DojoError
from dojo.support.files import bytes_like, write_text
from dojo.support.git import GitError, Repository
from dojo.support.text import counted
from dojo.updating.apply import alone, interrupted
from dojo.updating.merge_kata import Carried, carry, merge_kata, with_new_card
from dojo.updating.merge_katas import text_of
from dojo.updating.new_names import with_new_name

# The time limit of a git command, in seconds.
_SECONDS = 20.0


def finish_old_fork(root: Path) -> str:
    """Finish what version 1.0.0 left undone in the fork at `root`; return a sentence about what was done, or "".

    Each file is copied to a backup before it changes. Afterwards the fork has the file FINISHED. If the files can't
    be written, the sentence says so, and nothing has changed.
    """
    if (root / FINISHED).exists():
        return ""
    try:
        with alone(root):
            return finish_in_lock(root)
    except DojoError:
        # Another update is under way, or .dojo/ can't be written.
        return ""


def finish_in_lock(root: Path) -> str:
    """Like `finish_old_fork`, for a caller that keeps other updates out."""
    # The next update settles an update that was killed.
    if (root / FINISHED).exists() or interrupted(root):
        return ""
    try:
        said = _Finishing(root).run() if _has_been_updated(root) else ""
        write_text(root / FINISHED, f"{__version__}\n")
    except GitError:
        return ""
    except OSError as error:
        return f"The update from version 1.0.0 could not be finished: {error}."
    except DojoError as error:
        return str(error)
    return said


def _has_been_updated(root: Path) -> bool:
    """Whether `dojo update` has changed this fork, in this clone or in another one."""
    if any("_update" in backup.name for backup in backups.backups(root)):
        return True
    if not (root / ".git").exists():
        return False
    repository = Repository(root, seconds=_SECONDS)
    if repository.text_or_none("rev-parse", "--verify", "--quiet", "HEAD") is None:
        return False
    return bool(repository.text("log", "-1", "--format=%H", "--merges", "--fixed-strings", "--grep=(dojo update)"))


@dataclasses.dataclass
class _Kata:
    """A kata: the learner's file as bytes, its text as changed so far, and the solution, which has the new cards."""

    kata: Kata
    data: bytes
    text: str
    solution: Source


class _Finishing:
    """The work in one fork."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._curriculum: Curriculum = read_curriculum(root)
        self._old_solutions = _old_solutions(root)
        self._files: dict[Path, bytes] = {}
        self._needless: list[Path] = []
        self._cards: list[str] = []
        self._came: list[str] = []

    def run(self) -> str:
        """Do the work; return a sentence, or "" if there was nothing to do. Raises DojoError."""
        for kata in self._curriculum.katas():
            path, solution = self._root / file_in("katas", kata.id), self._root / file_in("solutions", kata.id)
            if path.is_file() and solution.is_file():
                data = path.read_bytes()
                text, source = text_of(data), read_source(solution.read_text(encoding="utf-8"))
                if text is not None and source is not None and read_editable(text) is not None:
                    self._finish(_Kata(kata, data, text, source))
        if not self._files and not self._needless:
            return ""
        backup = backups.back_up(self._root, [*self._files, *self._needless], "finish")
        for path, data in self._files.items():
            backups.replace(path, data)
        for path in self._needless:
            path.unlink(missing_ok=True)
        return self._sentence(backup.name)

    def _sentence(self, backup: str) -> str:
        done = []
        if self._cards:
            done.append(counted(len(self._cards), "new card"))
        if self._came:
            answers = "the answer to" if len(self._came) == 1 else "the answers to"
            done.append(f"{answers} {', '.join(self._came)} from the backup")
        if self._needless:
            done.append(f"{counted(len(self._needless), '.new.txt file')} deleted")
        return f"The update from version 1.0.0 is finished: {'; '.join(done)}. To go back: dojo restore {backup}"

    def _finish(self, found: _Kata) -> None:
        came = self._bring_answers(found)
        self._renew_cards(found)
        data = bytes_like(found.data, found.text)
        name = file_in("katas", found.kata.id)
        if data != found.data:
            self._files[self._root / name] = data
        after = read_source(found.text)
        definitions = after.by_name() if after else {}
        new = [step for step in found.kata.steps if _has_new_card(definitions.get(step.name), found, step)]
        needless = [self._root / beside(name, step.name) for step in new]
        if len(new) == len(found.kata.steps):
            needless.append(self._root / beside(name))
        self._needless += [path for path in needless if path.is_file()]
        for step in came:
            if step not in new:
                self._files[self._root / beside(name, step.name)] = f"{stub_of(self._root, step)}\n".encode()

    def _bring_answers(self, found: _Kata) -> list[Step]:
        """Put answers to renamed steps from the backups into the text; return the steps."""
        target = read_editable(found.text)
        assert target is not None
        unwritten = unwritten_steps(self._root, found.kata)
        carried: dict[str, Carried] = {}
        for step in found.kata.steps:
            if self._old_ids(step) and (step.name in unwritten or not target.named(step.name)):
                answer = self._answer_in_backups(step, target, found.solution)
                if answer is not None:
                    carried[step.name] = answer
        if not carried:
            return []
        given = stub_file_of(self._root, found.kata)
        merged = merge_kata(given, found.text, given, carried)
        steps = [step for step in found.kata.steps if step.name in carried and step.name in merged.kept]
        found.text = merged.text
        self._came += [self._curriculum.spelling_of(step) for step in steps]
        return steps

    def _old_ids(self, step: Step) -> list[str]:
        return [move.old for move in self._curriculum.moves if self._curriculum.is_now(move.old, step)]

    def _answer_in_backups(self, step: Step, target: Source, solution: Source) -> Carried | None:
        """The newest answer in a backup to a step that had one of its old ids; None if there is no such answer."""
        for backup in backups.backups(self._root):
            for old in self._old_ids(step) if "_update" in backup.name else ():
                kata_id, _, name = old.rpartition("/")
                file = backup.folder / f"{kata_id}.py"
                text = text_of(file.read_bytes()) if file.is_file() else None
                if text is not None and name != step.name:
                    text = with_new_name(text, name, step.name)
                source = read_editable(text) if text is not None else None
                answers = source.named(step.name) if source else []
                if source and len(answers) == 1 and not is_unwritten(step.name, source, None):
                    return carry(answers[0], solution.named(step.name)[-1], source, None, target)
        return None

    def _renew_cards(self, found: _Kata) -> None:
        """Put the new cards into the text of a kata, in place of old cards that the learner has not changed."""
        source = read_editable(found.text)
        assert source is not None
        lines = list(source.lines)
        for answer in reversed(source.definitions):
            step = next((step for step in found.kata.steps if step.name == answer.name), None)
            if step is None or len(source.named(answer.name)) != 1 or _has_new_card(answer, found, step):
                continue
            new = found.solution.named(answer.name)[-1]
            cards = (with_new_card(answer, old, new) for old in self._old_versions(answer, step))
            card = next((card for card in cards if card), None)
            if card:
                lines[answer.top : answer.end_line] = card
                self._cards.append(step.id)
        text = "\n".join(lines)
        if read_editable(text) is not None:
            found.text = text

    def _old_versions(self, answer: Definition, step: Step) -> Iterator[Definition]:
        """The step in the course's earlier solutions, in the versions that have the same card as the answer."""
        names = {step.name, *(old.rpartition("/")[2] for old in self._old_ids(step))}
        first = answer.docstring.partition("\n")[0]
        for text in self._old_solutions:
            source = read_source(text) if first and first in text else None
            for each in source.definitions if source else ():
                if each.name in names and each.docstring == answer.docstring:
                    yield each


def _has_new_card(answer: Definition | None, found: _Kata, step: Step) -> bool:
    """Whether the docstring of an answer is the course's new card."""
    new = found.solution.named(step.name)
    return answer is not None and bool(new) and answer.docstring == new[-1].docstring


def _old_solutions(root: Path) -> list[str]:
    """The texts of all earlier versions of the solutions, newest first. Raises GitError."""
    repository = Repository(root, seconds=_SECONDS)
    options = ("--format=", "--raw", "--no-abbrev", "--no-renames", "--diff-filter=MD")
    changes = repository.text("log", *options, "--", "solutions").splitlines()
    # A line is `:mode mode old-id new-id letter<tab>path`. The old ids are those of the earlier versions.
    ids = [line.split()[2] for line in changes if line.startswith(":") and line.endswith(".py")]
    return [data.decode("utf-8", errors="replace") for data in repository.files(ids).values()]
