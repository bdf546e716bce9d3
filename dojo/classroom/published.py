"""Compares a fork with all versions that the course has published. Files are compared by their ids in git."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
from pathlib import Path

from dojo.classroom.forks import PROTECTED
from dojo.support.git import GitError, Repository


@dataclasses.dataclass(frozen=True)
class Compared:
    """How a fork's protected paths differ from the published versions.

    `version` is the published commit that is most like the fork, and `version_at` its time (ISO 8601). `changed` has
    the paths that differ from every published version: the files in a folder if they are known, otherwise the folder.
    `older` has the paths that equal a published version other than `version`.
    """

    version: str
    version_at: str
    changed: list[str]
    older: list[str]


class Published:
    """Every version of the protected paths in the history of the checkout at `root`, newest first."""

    def __init__(self, root: Path) -> None:
        """Read the history. If `root` is not in a repository, `versions` is empty, and nothing can be compared."""
        self.repository = Repository(root)
        self.versions: list[tuple[str, dict[str, str | None]]] = []
        self.commits: set[str] = set()
        self._compared: dict[tuple[str | None, ...], Compared] = {}
        self._files: dict[str, dict[str, str]] = {}
        try:
            # The course may be a folder of a larger repository.
            prefix = self.repository.text("rev-parse", "--show-prefix")
            lines = self.repository.text("rev-list", "--timestamp", "HEAD").splitlines()
            times = {commit: int(seconds) for seconds, commit in map(str.split, lines)}
            commits = list(times)
            ids = iter(self.repository.ids(f"{commit}:{prefix}{path}" for commit in commits for path in PROTECTED))
        except GitError:
            return
        self._times = times
        self.commits = set(commits)
        self.versions = [(commit, {path: next(ids) for path in PROTECTED}) for commit in commits]
        self._known = {path: {ids[path] for _, ids in self.versions} - {None} for path in PROTECTED}

    def knows(self, path: str, identity: str | None) -> bool:
        """Return whether a protected path was ever published with this id; True if nothing can be compared."""
        return not self.versions or identity in self._known[path]

    def compare(self, trees: dict[str, str | None], files: dict[str, str]) -> Compared | None:
        """Compare a fork with what was published. Return None if there is nothing to compare.

        trees: the id of each protected path of the fork. files: the ids of the files under these paths, except under
        paths that the course has published with the same id.
        """
        if not self.versions or not trees:
            return None
        key = tuple(trees.get(path) for path in PROTECTED)
        if key not in self._compared:
            self._compared[key] = self._compare(trees, files)
        return self._compared[key]

    def _compare(self, trees: dict[str, str | None], files: dict[str, str]) -> Compared:
        # max returns the first of several equal versions, which is the newest.
        commit, ids = max(
            self.versions, key=lambda version: sum(version[1][path] == trees.get(path) for path in PROTECTED)
        )
        changed: list[str] = []
        older: list[str] = []
        for path in PROTECTED:
            found = trees.get(path)
            if found == ids[path]:
                continue
            if self.knows(path, found):
                older.append(path)
            else:
                changed += self._differing(path, ids[path], files) if found else [f"{path} (missing)"]
        made = datetime.datetime.fromtimestamp(self._times[commit], datetime.timezone.utc)
        return Compared(commit, made.isoformat(), changed, older)

    def _differing(self, path: str, published: str | None, files: dict[str, str]) -> list[str]:
        """Return the files under `path` that differ, or the path itself if they are not known."""
        theirs = {file: blob for file, blob in files.items() if file.startswith(path + "/")}
        if not theirs or published is None:
            return [path]
        if published not in self._files:
            tree = {}
            # If the fork replaced a file by a folder, the published object is not a tree.
            with contextlib.suppress(GitError):
                tree = self.repository.tree(published)
            self._files[published] = {name: entry.oid for name, entry in tree.items()}
        ours = {f"{path}/{name}": blob for name, blob in self._files[published].items()}
        return sorted(file for file in ours.keys() | theirs.keys() if ours.get(file) != theirs.get(file)) or [path]
