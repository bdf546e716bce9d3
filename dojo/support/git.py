"""Git, asked and told: plumbing that leaves the working tree and the index as they are."""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from dojo.support.errors import DojoError

# Who makes commits where nobody has told git a name, as on a machine of a CI.
_NOBODY = {"NAME": "PyTorch Dojo", "EMAIL": "dojo@localhost"}
_PATIENCE = 600.0


class GitError(DojoError):
    """A command of git that failed; `said` is git's own last line."""

    def __init__(self, text: str, said: str) -> None:
        super().__init__(text)
        self.said = said


class Repository:
    """A repository of git on disk. Every method raises GitError where git refuses."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def around(cls, start: Path) -> Repository:
        """The repository whose working tree `start` is in. Raises DojoError where it is in none."""
        try:
            return cls(Path(cls(start).text("rev-parse", "--show-toplevel")))
        except GitError:
            raise DojoError(f"{start} is in no git repository. Change into the folder that you cloned.") from None

    def run(self, *arguments: str, given: bytes = b"", env: Mapping[str, str] | None = None) -> bytes:
        """What a command of git prints; `given` is its standard input."""
        quiet = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
        try:
            ran = subprocess.run(
                ["git", *arguments],
                cwd=self.root,
                env=os.environ | quiet | dict(env or {}),
                input=given,
                capture_output=True,
                timeout=_PATIENCE,
                check=False,
            )
        except FileNotFoundError as error:
            what = "git is not installed" if error.filename == "git" else f"{self.root} is no folder"
            raise GitError(f"{what}.", str(error)) from None
        except subprocess.TimeoutExpired:
            raise GitError(f"git {arguments[0]} took longer than {_PATIENCE:.0f} s.", "") from None
        if ran.returncode:
            lines = ran.stderr.decode("utf-8", errors="replace").strip().splitlines()
            told = [line for line in lines if line.startswith(("fatal:", "error:", " ! "))] or lines[-1:]
            said = " ".join(told[0].split()) if told else f"exit status {ran.returncode}"
            raise GitError(f"git {arguments[0]}: {said}", said)
        return ran.stdout

    def text(self, *arguments: str, env: Mapping[str, str] | None = None) -> str:
        """What a command of git prints, as text without white space at its ends."""
        return self.run(*arguments, env=env).decode("utf-8", errors="replace").strip()

    def names(self, *arguments: str) -> list[str]:
        """The paths that a command prints when told -z."""
        return [name.decode("utf-8", errors="replace") for name in self.run(*arguments).split(b"\0") if name]

    def commit(self, name: str) -> str | None:
        """The id of the commit that a name means; None where there is none."""
        try:
            return self.text("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        except GitError:
            return None

    def is_ancestor(self, older: str, newer: str) -> bool:
        """Is the commit `older` in the history of `newer`? False where one of them is not here."""
        try:
            self.run("merge-base", "--is-ancestor", older, newer)
        except GitError:
            return False
        return True

    def remote_tip(self, remote: str, branch: str) -> str | None:
        """The commit that a branch of a remote is at; None where the remote has no such branch."""
        found = self.text("ls-remote", "--", remote, f"refs/heads/{branch}")
        return found.split()[0] if found else None

    def fetch(self, remote: str, what: str, to: str) -> None:
        """Fetch `what` of a remote into the reference `to`, whatever that was before."""
        self.run("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--", remote, f"+{what}:{to}")

    def size(self, name: str) -> int | None:
        """The size of a file in a commit (`commit:path`), in bytes; None where it is not there."""
        try:
            return int(self.text("cat-file", "-s", name)) if self._is_file(name) else None
        except GitError:
            return None

    def _is_file(self, name: str) -> bool:
        return self.text("cat-file", "-t", name) == "blob"

    def write_file(self, data: bytes) -> str:
        """Store a file; its id."""
        return self.run("hash-object", "-w", "--stdin", given=data).decode().strip()

    def write_tree(self, base: str | None, files: Mapping[str, str]) -> str:
        """Store the tree of `base` (a commit or a tree) with these files (path: id) put in; its id."""
        with tempfile.TemporaryDirectory(prefix="dojo_index_") as folder:
            env = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            if base is not None:
                self.run("read-tree", base, env=env)
            lines = "".join(f"100644 {blob}\t{path}\0" for path, blob in files.items())
            # A folder that has a file's name gives way to it.
            self.run("update-index", "-z", "--replace", "--index-info", given=lines.encode(), env=env)
            return self.text("write-tree", env=env)

    def write_commit(self, tree: str, parents: list[str], message: str, env: Mapping[str, str] | None = None) -> str:
        """Store a commit; its id. `env` may name its author and date (GIT_AUTHOR_NAME, …)."""
        someone = dict(env or {})
        if not someone:
            for who in ("AUTHOR", "COMMITTER"):
                for what, default in _NOBODY.items():
                    key = f"GIT_{who}_{what}"
                    someone[key] = os.environ.get(key) or self._configured(f"user.{what.lower()}") or default
        options = [word for parent in parents for word in ("-p", parent)]
        return self.text("commit-tree", tree, *options, "-m", message, env=someone)

    def _configured(self, key: str) -> str:
        try:
            return self.text("config", key)
        except GitError:
            return ""


# Long enough for a slow line, short enough that nobody waits for a host that is silent. In seconds.
_FETCH_LIMIT = 300.0
_LIMIT = 120.0
_FETCHED = "refs/dojo/update"


@dataclasses.dataclass(frozen=True)
class Entry:
    """What a tree or the index holds at a path."""

    mode: str
    oid: str


class Git:
    """The repository of a fork. Every method raises DojoError where git fails."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def run(
        self, *arguments: str, data: bytes = b"", index: Path | None = None, limit: float = _LIMIT, check: bool = True
    ) -> subprocess.CompletedProcess[bytes]:
        env = os.environ | {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
        if index is not None:
            env["GIT_INDEX_FILE"] = str(index)
        try:
            ran = subprocess.run(
                ["git", *arguments], cwd=self.root, input=data, env=env, capture_output=True, timeout=limit, check=False
            )
        except FileNotFoundError:
            raise DojoError("git is not installed, or not on the PATH: an update needs it.") from None
        except subprocess.TimeoutExpired:
            raise DojoError(f"git {arguments[0]} gave no answer in {limit:.0f} s: nothing was changed.") from None
        if check and ran.returncode != 0:
            raise DojoError(f"git {arguments[0]} failed, and nothing was changed: {last_words(ran)}")
        return ran

    def text(self, *arguments: str, index: Path | None = None) -> str:
        """What a command prints, without the line end."""
        return self.run(*arguments, index=index).stdout.decode("utf-8", errors="replace").strip()

    def says(self, *arguments: str) -> str | None:
        """What a command prints; None where it fails."""
        ran = self.run(*arguments, check=False)
        return ran.stdout.decode("utf-8", errors="replace").strip() if ran.returncode == 0 else None

    def tree(self, commit: str) -> dict[str, Entry]:
        """Every file of a commit or tree, by path."""
        found = {}
        for line in self._records("ls-tree", "-r", "-z", "--full-tree", commit):
            about, _, path = line.partition("\t")
            mode, _, oid = about.split()
            found[path] = Entry(mode, oid)
        return found

    def index(self) -> dict[str, Entry]:
        """Every file of the index. Raises DojoError while a merge has left conflicts in it."""
        found = {}
        for line in self._records("ls-files", "-s", "-z"):
            about, _, path = line.partition("\t")
            mode, oid, stage = about.split()
            if stage != "0":
                raise DojoError("A merge has left conflicts here. Resolve and commit them (git status), then update.")
            found[path] = Entry(mode, oid)
        return found

    def changed(self) -> dict[str, str]:
        """Paths that differ from HEAD: two letters each, as git status shows them (index, working tree)."""
        records = self._records("status", "--porcelain", "-z", "--untracked-files=no", "--no-renames")
        return {record[3:]: record[:2] for record in records}

    def untracked(self, folder: str) -> list[str]:
        return self._records("ls-files", "-z", "--others", "--exclude-standard", "--", folder)

    def blobs(self, oids: Iterable[str]) -> dict[str, bytes]:
        """The contents of blobs."""
        wanted = list(dict.fromkeys(oids))
        out = self.run("cat-file", "--batch", data="".join(f"{oid}\n" for oid in wanted).encode()).stdout
        found, at = {}, 0
        for oid in wanted:
            end = out.index(b"\n", at)
            size = out[at:end].split()[-1]
            if not size.isdigit():
                raise DojoError(f"git has lost an object ({oid}), and nothing was changed. Try: git fsck")
            found[oid] = out[end + 1 : end + 1 + int(size)]
            at = end + 2 + int(size)
        return found

    def write_blob(self, data: bytes) -> str:
        return self.run("hash-object", "-w", "--stdin", data=data).stdout.decode().strip()

    def write_tree(self, entries: dict[str, Entry], index: Path) -> str:
        """A tree of these files. `index` is a file to work in, which must not exist."""
        lines = "".join(f"{entry.mode} {entry.oid}\t{path}\0" for path, entry in entries.items())
        self.run(
            "update-index", "-z", "--index-info", data=lines.encode("utf-8", errors="surrogateescape"), index=index
        )
        return self.text("write-tree", index=index)

    def fetch(self, source: str, ref: str) -> str:
        """The commit that `ref` (a branch, a tag, a commit, or HEAD) is at the remote or URL `source`."""
        if not re.fullmatch(r"[^\s:^~?*\[\\\x00-\x1f+-][^\s:^~?*\[\\\x00-\x1f]*", ref) or ".." in ref:
            raise DojoError(f"--to {ref!r}: that is no name of a branch, a tag or a commit.")
        try:
            ran = self._fetch(source, f"+{ref}:{_FETCHED}")
            if ran.returncode == 0:
                return self.text("rev-parse", "--verify", f"{_FETCHED}^{{commit}}")
            if self._fetch(source, f"+HEAD:{_FETCHED}").returncode == 0:
                # The course answers: then it is the name that is wrong, or a commit's, shortened.
                commit = self.says("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}") if _is_hex(ref) else None
                if commit and self.run("merge-base", "--is-ancestor", commit, _FETCHED, check=False).returncode == 0:
                    return commit
                raise DojoError(f"The course at {source} has no branch, tag or commit named {ref}.")
            raise DojoError(f"The course at {source} can't be fetched, and nothing was changed: {last_words(ran)}")
        finally:
            self.run("update-ref", "-d", _FETCHED, check=False)

    def deepen(self) -> None:
        """Complete the history of a shallow clone, where its remote answers."""
        if self.text("rev-parse", "--is-shallow-repository") == "true":
            self.run("fetch", "--quiet", "--no-tags", "--unshallow", limit=_FETCH_LIMIT, check=False)

    def base_of(self, head: str, new: str) -> str | None:
        """The course version that the fork holds: where the histories part.

        Where they have nothing in common (a copy, a shallow clone), the newest course version whose trees of tests,
        hints and answers are most like the fork's; None where none is.
        """
        common = self.says("merge-base", head, new)
        if not common:
            self.deepen()
            common = self.says("merge-base", head, new)
        return common.splitlines()[0] if common else self._most_alike(head, new)

    def _most_alike(self, head: str, new: str) -> str | None:
        trees = ("tests", "solutions", "hints", "mistakes")
        here = [self.says("rev-parse", "--verify", "--quiet", f"{head}:{tree}") for tree in trees]
        commits = self.text("rev-list", new).split()
        asked = "".join(f"{commit}:{tree}\n" for commit in commits for tree in trees)
        out = self.run("cat-file", "--batch-check=%(objectname)", data=asked.encode()).stdout.decode().splitlines()
        scores = [
            sum(found == ours for found, ours in zip(out[at : at + len(trees)], here, strict=True))
            for at in range(0, len(out), len(trees))
        ]
        best = max(scores, default=0)
        return commits[scores.index(best)] if best else None

    def _fetch(self, source: str, refspec: str) -> subprocess.CompletedProcess[bytes]:
        return self.run("fetch", "--quiet", "--no-tags", "--", source, refspec, limit=_FETCH_LIMIT, check=False)

    def _records(self, *arguments: str) -> list[str]:
        out = self.run(*arguments).stdout.decode("utf-8", errors="surrogateescape")
        return [record for record in out.split("\0") if record]


def last_words(ran: subprocess.CompletedProcess[bytes]) -> str:
    """The line of a failed command that says why."""
    lines = [line.strip() for line in ran.stderr.decode("utf-8", errors="replace").splitlines() if line.strip()]
    said = next((line for line in lines if line.startswith(("fatal:", "error:"))), lines[-1] if lines else "")
    return "".join(c if c.isprintable() else "?" for c in said) or f"exit status {ran.returncode}"


def _is_hex(ref: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{4,40}", ref) is not None


def checked_out_commit(root: Path) -> str | None:
    """The commit that is checked out, read from git's own files: starting git takes longer than a test."""
    try:
        folder = root / ".git"
        head = (folder / "HEAD").read_text(encoding="utf-8").strip()
        if not head.startswith("ref: "):
            return head
        name = head.removeprefix("ref: ")
        if (folder / name).exists():
            return (folder / name).read_text(encoding="utf-8").strip()
        packed = (folder / "packed-refs").read_text(encoding="utf-8").splitlines()
        return next((line.split()[0] for line in packed if line.endswith(f" {name}")), None)
    except OSError:
        return _asked_of_git(root)


def _asked_of_git(root: Path) -> str | None:
    """The same where .git is no folder here: a worktree, a folder of a larger repository, or none at all."""
    try:
        found = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=root, capture_output=True, text=True, timeout=5, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return found.stdout.strip() or None if found.returncode == 0 else None
