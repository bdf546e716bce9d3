"""Moving a fork to an update that is worked out: all of it, or none.

Everything that could fail for want of room is done first, in `.dojo/update/`: the new files, and copies of those they
replace. What is left is renaming. A note there says what was to be done, so that an update that was killed is undone
by the next one, or ended, where a file that it had brought was edited since; the branch moves last.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from dojo.support.errors import DojoError
from dojo.support.files import write_json
from dojo.support.git import Git
from dojo.updating.plan import Plan

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


@dataclasses.dataclass(frozen=True)
class _Note:
    """What an update was to do: move HEAD from `head` to `commit`, the index from one tree to another, and `files`.

    files: a digest of each new file by its path; "" for one that goes.
    """

    head: str
    commit: str
    index: str
    index_after: str
    files: dict[str, str]

    def was_under_way(self, git: Git) -> bool:
        """Whether the branch has not moved yet, and is to."""
        return git.says("rev-parse", "--verify", "HEAD") == self.head != self.commit


@contextlib.contextmanager
def alone(root: Path) -> Iterator[None]:
    """Keep a second update of the same fork out. Raises DojoError where one is under way."""
    try:
        (root / ".dojo").mkdir(exist_ok=True)
        lock = (root / ".dojo" / "update.lock").open("w")
    except OSError as error:
        raise DojoError(f"An update needs the folder .dojo/, which can't be written ({error.strerror}).") from None
    with lock:
        if fcntl is not None:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise DojoError("Another dojo update is under way here.") from None
        yield


def move(git: Git, plan: Plan, commit: str) -> None:
    """Put the plan's files, index and `commit` in place. Raises DojoError, and then everything is as it was."""
    stage = _stage(git.root)
    try:
        after = _prepare(git, plan, commit, stage)
        before = git.text("write-tree")
        index = git.write_tree(plan.index, stage / "staged.index")
    except (OSError, DojoError) as error:
        shutil.rmtree(stage, ignore_errors=True)
        raise DojoError(f"The update could not be prepared, and nothing was changed: {_said(error)}") from None
    except BaseException:
        shutil.rmtree(stage, ignore_errors=True)
        raise
    try:
        note = _Note(plan.head, commit, before, index, after)
        write_json(stage / "note.json", dataclasses.asdict(note))
        _bring(git, note)
    except BaseException as error:
        undo(git)
        if isinstance(error, (OSError, DojoError)):
            raise DojoError(f"The update failed, and everything is as it was: {_said(error)}") from None
        raise
    shutil.rmtree(stage, ignore_errors=True)
    git.run("update-index", "-q", "--refresh", check=False)


def interrupted(root: Path) -> bool:
    """Whether an update was killed before its end."""
    return _stage(root).exists()


def settle(git: Git) -> str:
    """Undo an update that was killed, or end it where a file that it had brought was edited since; say which it was.

    Empty where it had come to its end. Raises DojoError where neither can be done; then all copies are kept.
    """
    note = _read_note(git.root)
    if note is not None and note.was_under_way(git) and _edited_after(git.root, note):
        try:
            _bring(git, note)
        except OSError as error:
            raise DojoError(
                f"An update that was interrupted can't be ended ({error}). Your files are in "
                f"{_stage(git.root) / 'before'}."
            ) from None
        shutil.rmtree(_stage(git.root), ignore_errors=True)
        git.run("update-index", "-q", "--refresh", check=False)
        return "An earlier update was interrupted: it is ended, with what you have written since."
    return "An earlier update was interrupted: it is undone, and begins anew." if undo(git) else ""


def undo(git: Git) -> bool:
    """Put back what an update that did not come to its end has changed; False where it had come to its end.

    A file that was edited since then stays as it is. Raises DojoError where a file can't be put back; then all copies
    are kept.
    """
    stage = _stage(git.root)
    note = _read_note(git.root)
    if note is None:
        # It was still preparing, or has just finished: nothing outside its own folder was under way.
        shutil.rmtree(stage, ignore_errors=True)
        return True
    files = note.files
    if note.was_under_way(git):
        try:
            # What was added goes first: a folder may stand where a file is to come back.
            for path, digest in sorted(files.items(), key=lambda item: not item[1]):
                if not digest:
                    _remove_empty_folders(git.root, [f"{path}/file"])
                _put_back(git.root / path, stage / "before" / path, digest)
        except OSError as error:
            raise DojoError(
                f"An update that was interrupted can't be undone ({error}). Your files are in {stage / 'before'}."
            ) from None
        git.run("read-tree", note.index)
        git.run("update-index", "-q", "--refresh", check=False)
    undone = git.says("rev-parse", "--verify", "HEAD") == note.head
    shutil.rmtree(stage, ignore_errors=True)
    _remove_empty_folders(git.root, list(files))
    return undone


def _read_note(root: Path) -> _Note | None:
    try:
        return _Note(**json.loads((_stage(root) / "note.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _bring(git: Git, note: _Note) -> None:
    """Move what is not moved yet: the files, the index, and at last the branch."""
    staged = _stage(git.root) / "after"
    gone = [path for path, digest in note.files.items() if not digest]
    for path in gone:
        with contextlib.suppress(FileNotFoundError):
            (git.root / path).unlink()
    _remove_empty_folders(git.root, gone)
    for path, digest in note.files.items():
        if digest and os.path.lexists(staged / path):
            target = git.root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(staged / path, target)
    git.run("read-tree", note.index_after)
    git.run("update-ref", "-m", "dojo update", "HEAD", note.commit, note.head)


def _edited_after(root: Path, note: _Note) -> bool:
    """Whether a file that the update had brought was edited since, and none that it was still to replace or remove."""
    stage = _stage(root)
    brought = False
    for path, digest in note.files.items():
        now = _digest(root / path)
        if digest and not os.path.lexists(stage / "after" / path):
            brought = brought or now != digest
        elif now and now != _digest(stage / "before" / path):
            return False
    return brought


def _prepare(git: Git, plan: Plan, commit: str, stage: Path) -> dict[str, str]:
    """Write the new files and copies of the old ones; return a digest of each new file ("" for one that goes)."""
    (stage / "after").mkdir(parents=True)
    (stage / "before").mkdir()
    index = stage / "checkout.index"
    git.run("read-tree", commit, index=index)
    from_commit = [path for path, data in plan.write.items() if data is None]
    git.run(
        "checkout-index",
        "-z",
        "--stdin",
        f"--prefix={stage / 'after'}/",
        data="\0".join(from_commit).encode("utf-8", errors="surrogateescape"),
        index=index,
    )
    for path, data in plan.write.items():
        staged, target = stage / "after" / path, git.root / path
        if data is not None:
            staged.parent.mkdir(parents=True, exist_ok=True)
            with staged.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if target.is_file():
                shutil.copymode(target, staged)
    for path in [*plan.write, *plan.delete]:
        target, copy = git.root / path, stage / "before" / path
        if _is_file(target):
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(target, copy, follow_symlinks=False)
    after = {path: _digest(stage / "after" / path) for path in plan.write}
    for path, digest in after.items():
        if not digest:
            raise DojoError(f"{path} is no file in the new version.")
    return after | dict.fromkeys(plan.delete, "")


def _put_back(target: Path, copy: Path, digest: str) -> None:
    changed = (_digest(target) == digest) if digest else not os.path.lexists(target)
    if not changed:
        return
    if _is_file(copy):
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(copy, target)
    elif digest:
        target.unlink()


def _is_file(path: Path) -> bool:
    return path.is_symlink() or path.is_file()


def _digest(path: Path) -> str:
    """What a file holds, in short; "" where there is none."""
    if path.is_symlink():
        return "link " + os.readlink(path)
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _remove_empty_folders(root: Path, paths: list[str]) -> None:
    for folder in {root / parent for path in paths for parent in PurePosixPath(path).parents if str(parent) != "."}:
        with contextlib.suppress(OSError):
            while folder != root:
                folder.rmdir()
                folder = folder.parent


def _stage(root: Path) -> Path:
    return root / ".dojo" / "update"


def _said(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{error.strerror}: {error.filename}" if error.filename else str(error.strerror)
    return str(error)
