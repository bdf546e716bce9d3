"""Carries out the plan of an update: all of it, or nothing.

Whatever needs space on the disk comes first, in the folder `.dojo/update/`: the new files, and copies of the files
that they replace. After that, files are only renamed. A note in the folder lists what must be done. The branch moves
last. If an update is killed, the next update undoes it, or completes it if the user has edited a new file since then.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from dojo.course import backups
from dojo.course.backups import Backup
from dojo.support.errors import DojoError
from dojo.support.files import write_bytes, write_json
from dojo.support.git import Repository
from dojo.updating.fork import reason
from dojo.updating.plan import Plan

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


@dataclasses.dataclass(frozen=True)
class _Note:
    """The changes of an update: HEAD moves from `head` to `commit`, the index from `index` to `index_after` (trees).

    `files` maps the path of each new file to its digest, and the path of each deleted file to "".
    """

    head: str
    commit: str
    index: str
    index_after: str
    files: dict[str, str]

    def branch_must_move(self, fork: Repository) -> bool:
        """Return whether the branch has not moved yet, but must."""
        return _head(fork) == self.head != self.commit


@contextlib.contextmanager
def alone(root: Path) -> Iterator[None]:
    """Keep out a second update of the same fork. Raises DojoError if an update is running already."""
    try:
        (root / ".dojo").mkdir(exist_ok=True)
        lock = (root / ".dojo" / "update.lock").open("w")
    except OSError as error:
        raise DojoError(f"The update can't write to the folder .dojo/ ({error.strerror}).") from None
    with lock:
        if fcntl is not None:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise DojoError("Another dojo update is running here. Wait until it has ended.") from None
        yield


def commit_of(fork: Repository, plan: Plan) -> str:
    """Store the commit to which the branch moves: a merge, or the course's own commit if the fork adds nothing."""
    tree = fork.write_tree(plan.tree)
    if plan.base == plan.head and tree == fork.text("rev-parse", f"{plan.new}^{{tree}}"):
        return plan.new
    message = f"Bring in the course at {plan.new[:7]} (dojo update)"
    return fork.text("commit-tree", tree, "-p", plan.head, "-p", plan.new, "-m", message)


def back_up(fork: Repository, plan: Plan) -> Backup | None:
    """Copy the files of katas/ that change on disk or are not committed, and the files that the course replaces.

    Return None if there are no such files.
    """
    paths = dict.fromkeys([*plan.write, *plan.delete, *fork.changed(), *fork.untracked("katas")])
    katas = [path for path in paths if path.startswith("katas/") and (fork.root / path).is_file()]
    if not katas and not plan.replaced:
        return None
    backup = backups.back_up(fork.root, [fork.root / path for path in katas], "update")
    for path in plan.replaced:
        try:
            write_bytes(fork.root / ".dojo" / "replaced" / backup.name / path, (fork.root / path).read_bytes())
        except OSError as error:
            raise DojoError(f"No copy of {path} could be made, so nothing was changed: {error.strerror}.") from None
    return backup


def move(fork: Repository, plan: Plan, commit: str) -> None:
    """Put the plan's files, its index and `commit` in place. If it raises DojoError, everything is as it was."""
    failed = "The update could not be prepared, and nothing was changed"
    try:
        files = _prepare(fork, plan, commit)
        note = _Note(plan.head, commit, fork.text("write-tree"), fork.write_tree(plan.index), files)
        write_json(_stage(fork.root) / "note.json", dataclasses.asdict(note))
        failed = "The update failed, and everything is as it was"
        _finish(fork, note)
    except BaseException as error:
        undo(fork)
        if isinstance(error, (OSError, DojoError)):
            raise DojoError(f"{failed}: {reason(error)}") from None
        raise


def interrupted(root: Path) -> bool:
    """Return whether an update was killed before its end."""
    return _stage(root).exists()


def settle(fork: Repository) -> str:
    """Undo an update that was killed, or complete it if the user has edited a new file since then.

    Return a sentence about what was done, or "" if the update had reached its end. Raises DojoError if neither is
    possible; then all copies are kept.
    """
    note = _read_note(fork.root)
    if note is not None and note.branch_must_move(fork) and _edited_since(fork.root, note):
        try:
            _finish(fork, note)
        except OSError as error:
            raise _stuck(fork.root, "completed", error) from None
        return "An earlier update was interrupted. It is complete now, and what you have written since is kept."
    return "An earlier update was interrupted. It is undone now, and starts again." if undo(fork) else ""


def undo(fork: Repository) -> bool:
    """Put back what an unfinished update has changed; return False if the update had reached its end.

    Files that the user has edited since then stay. Raises DojoError if a file can't be put back; then all copies are
    kept.
    """
    stage = _stage(fork.root)
    note = _read_note(fork.root)
    if note is None:
        # The update was still preparing, so it has changed nothing outside its own folder.
        shutil.rmtree(stage, ignore_errors=True)
        return True
    if note.branch_must_move(fork):
        try:
            # New files come first, because one of them may be in a folder that has the name of an old file.
            for path, digest in sorted(note.files.items(), key=lambda item: not item[1]):
                if not digest:
                    _remove_empty_folders(fork.root, [f"{path}/file"])
                _put_back(fork.root / path, stage / "before" / path, digest)
        except OSError as error:
            raise _stuck(fork.root, "undone", error) from None
        _read_index(fork, note.index)
    undone = _head(fork) == note.head
    _remove(stage)
    _remove_empty_folders(fork.root, note.files)
    return undone


def _stuck(root: Path, done: str, error: OSError) -> DojoError:
    return DojoError(f"An interrupted update can't be {done} ({error}). Your files are in {_stage(root) / 'before'}.")


def _remove(stage: Path) -> None:
    """Delete the folder of an update that has ended. If this is killed, nothing is left that looks like an update."""
    settled = stage.with_name("update_settled")
    shutil.rmtree(settled, ignore_errors=True)
    os.replace(stage, settled)
    shutil.rmtree(settled, ignore_errors=True)


def _read_note(root: Path) -> _Note | None:
    try:
        return _Note(**json.loads((_stage(root) / "note.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _finish(fork: Repository, note: _Note) -> None:
    """Move whatever has not moved yet: the files, then the index, and last the branch."""
    stage = _stage(fork.root)
    gone = [path for path, digest in note.files.items() if not digest]
    for path in gone:
        with contextlib.suppress(FileNotFoundError):
            (fork.root / path).unlink()
    _remove_empty_folders(fork.root, gone)
    for path, digest in note.files.items():
        staged, target = stage / "after" / path, fork.root / path
        if digest and os.path.lexists(staged):
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(staged, target)
    _read_index(fork, note.index_after)
    fork.run("update-ref", "-m", "dojo update", "HEAD", note.commit, note.head)
    _remove(stage)


def _read_index(fork: Repository, tree: str) -> None:
    fork.run("read-tree", tree)
    # Without the times of the files in the index, the next git status would read every file. This command fails if
    # files have changed, which does no harm.
    fork.text_or_none("update-index", "-q", "--refresh")


def _head(fork: Repository) -> str | None:
    return fork.text_or_none("rev-parse", "--verify", "HEAD")


def _edited_since(root: Path, note: _Note) -> bool:
    """Return whether a new file was edited after the update was killed, but no file that must still change."""
    stage = _stage(root)
    edited = False
    for path, digest in note.files.items():
        now = _digest(root / path)
        if digest and not os.path.lexists(stage / "after" / path):
            edited = edited or now != digest
        elif now and now != _digest(stage / "before" / path):
            return False
    return edited


def _prepare(fork: Repository, plan: Plan, commit: str) -> dict[str, str]:
    """Write the new files and copies of the old ones. Return what _Note has as `files`."""
    stage = _stage(fork.root)
    (stage / "after").mkdir(parents=True)
    (stage / "before").mkdir()
    env = {"GIT_INDEX_FILE": str(stage / "checkout.index")}
    fork.run("read-tree", commit, env=env)
    paths = "\0".join(path for path, data in plan.write.items() if data is None)
    given = paths.encode("utf-8", errors="surrogateescape")
    fork.run("checkout-index", "-z", "--stdin", f"--prefix={stage / 'after'}/", given=given, env=env)
    for path, data in plan.write.items():
        staged, target = stage / "after" / path, fork.root / path
        if data is not None:
            staged.parent.mkdir(parents=True, exist_ok=True)
            with staged.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if target.is_file():
                shutil.copymode(target, staged)
    for path in [*plan.write, *plan.delete]:
        target, copy = fork.root / path, stage / "before" / path
        if _is_file(target):
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(target, copy, follow_symlinks=False)
    files = {path: _digest(stage / "after" / path) for path in plan.write}
    for path, digest in files.items():
        if not digest:
            raise DojoError(f"{path} is not a file in the new version.")
    return files | dict.fromkeys(plan.delete, "")


def _put_back(target: Path, copy: Path, digest: str) -> None:
    """Put an old file back, unless the user has edited the new file. `digest` is the new file's, "" if deleted."""
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
    """Return a digest of the content of a file, or "" if there is no file."""
    if path.is_symlink():
        return "link " + os.readlink(path)
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _remove_empty_folders(root: Path, paths: Iterable[str]) -> None:
    for folder in {root / parent for path in paths for parent in PurePosixPath(path).parents if str(parent) != "."}:
        with contextlib.suppress(OSError):
            while folder != root:
                folder.rmdir()
                folder = folder.parent


def _stage(root: Path) -> Path:
    return root / ".dojo" / "update"
