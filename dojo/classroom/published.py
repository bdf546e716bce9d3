"""What the course has published, by git's own ids, and in what a fork differs from it."""

from __future__ import annotations

import dataclasses
from collections import Counter
from pathlib import Path

from dojo.classroom.forks import PROTECTED
from dojo.support.git import GitError, Repository


@dataclasses.dataclass(frozen=True)
class Compared:
    """How a fork stands to what was published.

    `version` is the published commit that it is nearest to. `changed` are the paths that no published version has;
    for a folder the files in it that differ, where they are known. `older` are the paths that are those of another
    published version than the rest.
    """

    version: str | None
    changed: tuple[str, ...]
    older: tuple[str, ...]


class Published:
    """Every version of the protected paths in the history of the checkout at `root`."""

    def __init__(self, root: Path) -> None:
        """`versions` is empty, and nothing can be compared, where `root` is in no repository."""
        self.repository = Repository(root)
        self.versions: list[tuple[str, dict[str, str | None]]] = []
        self.commits: set[str] = set()
        self._compared: dict[tuple[str | None, ...], Compared] = {}
        self._files: dict[str, dict[str, str]] = {}
        try:
            # The course may be a folder of a larger repository.
            prefix = self.repository.text("rev-parse", "--show-prefix")
            commits = self.repository.text("rev-list", "HEAD").split()
            asked = "".join(f"{commit}:{prefix}{path}\n" for commit in commits for path in PROTECTED)
            told = self.repository.run("cat-file", "--batch-check=%(objectname)", given=asked.encode()).splitlines()
        except GitError:
            return
        self.commits = set(commits)
        ids = iter([None if line.endswith(b" missing") else line.decode() for line in told])
        self.versions = [(commit, {path: next(ids) for path in PROTECTED}) for commit in commits]
        self._known = {path: {ids[path] for _, ids in self.versions} - {None} for path in PROTECTED}

    def knows(self, path: str, identity: str | None) -> bool:
        """Whether a protected path was ever published with this id; True where nothing can be compared."""
        return not self.versions or identity in self._known[path]

    def compare(self, trees: dict[str, str | None], files: dict[str, str]) -> Compared | None:
        """How a fork with these ids stands; None where there is nothing to compare with.

        files: the blobs under the paths that were unknown when the fork was fetched.
        """
        if not self.versions or not trees:
            return None
        key = tuple(trees.get(path) for path in PROTECTED)
        if key not in self._compared:
            self._compared[key] = self._compare(trees, files)
        return self._compared[key]

    def _compare(self, trees: dict[str, str | None], files: dict[str, str]) -> Compared:
        fits: Counter[int] = Counter()
        for number, (_, ids) in enumerate(self.versions):
            fits[number] = sum(ids[path] == trees.get(path) for path in PROTECTED)
        # The newest of those that fit best: versions are newest first.
        best = max(fits, key=lambda number: (fits[number], -number))
        commit, ids = self.versions[best]
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
        return Compared(commit, tuple(changed), tuple(older))

    def _differing(self, path: str, published: str | None, files: dict[str, str]) -> list[str]:
        """The files under `path` that differ, or the path itself where they are not known."""
        theirs = {file: blob for file, blob in files.items() if file.startswith(path + "/")}
        if not theirs or published is None:
            return [path]
        if published not in self._files:
            told = self.repository.run("ls-tree", "-r", "-z", published).decode("utf-8", "replace")
            lines = [line.partition("\t") for line in told.split("\0") if line]
            self._files[published] = {name: about.split()[2] for about, _, name in lines}
        ours = {f"{path}/{name}": blob for name, blob in self._files[published].items()}
        return sorted(file for file in ours.keys() | theirs.keys() if ours.get(file) != theirs.get(file)) or [path]
