"""`dojo publish-solutions`: makes a branch of the course with the solutions in katas/, to compare with in git."""

from __future__ import annotations

import argparse
from pathlib import Path, PurePosixPath

from dojo.commands.parser import Command
from dojo.support.errors import DojoError
from dojo.support.git import GitError, Repository
from dojo.support.text import clean, listed

# The command recognizes its own commits by this line of their message.
_MARK = "Solutions-of: "


def _run(arguments: argparse.Namespace) -> int:
    """Make the branch from HEAD, and push it if --push is given; return 0.

    The branch has HEAD's files, with each kata replaced by its solution. The same HEAD gives the same commit. The
    working tree and the index do not change. Raises DojoError if there are uncommitted changes, if HEAD is not on the
    branch --main, or if the branch holds other work; then nothing has changed.
    """
    branch, main, push = arguments.branch, arguments.main, arguments.push
    repository = Repository.around(Path.cwd())
    head = _head(repository, main)
    _refuse_foreign(repository, repository.commit(f"refs/heads/{branch}"), f"The branch {branch}")
    if f"branch refs/heads/{branch}\n" in repository.text("worktree", "list", "--porcelain") + "\n":
        raise DojoError(f"The branch {branch} is checked out. Change to {main} first: git switch {main}")
    made = _commit(repository, head)
    if push is not None:
        _push(repository, push, branch, made)
    repository.run("update-ref", f"refs/heads/{branch}", made)
    where = f", and on {push}" if push is not None else ""
    print(f"The branch {branch} is at {made[:10]}{where}. To compare: git diff {branch} -- katas")
    return 0


def _head(repository: Repository, main: str) -> str:
    """Return the commit of HEAD. Raises DojoError if the solutions can't be published from it."""
    head = repository.commit("HEAD")
    if head is None:
        raise DojoError(f"{repository.root} has no commit yet.")
    on = repository.text_or_none("symbolic-ref", "--quiet", "--short", "HEAD")
    if on is None:
        # A CI checks out a commit, not a branch. This is fine if it is the commit of main.
        on = main if repository.commit(f"refs/remotes/origin/{main}") == head else "no branch"
    if on != main:
        raise DojoError(f"The solutions are published from {main}, and you are on {on}: git switch {main}")
    changed = repository.records("status", "--porcelain", "-z", "--no-renames")
    if changed:
        paths = listed([clean(record[3:]) for record in changed])
        raise DojoError(f"Not committed: {paths}. Commit this first, or put it away (git stash -u).")
    return head


def _refuse_foreign(repository: Repository, tip: str | None, what: str) -> None:
    """Raise DojoError if there is a commit `tip` that this command did not make."""
    if tip is None:
        return
    parents, *message = repository.text("show", "--no-patch", "--format=%P%n%B", tip).splitlines() or [""]
    if f"{_MARK}{parents}" not in message:
        raise DojoError(
            f"{what} holds work that dojo publish-solutions did not make, and it would be overwritten. "
            "Give the solutions another name with --branch."
        )


def _commit(repository: Repository, head: str) -> str:
    """Store the commit and return its id. It has the author, committer and dates of HEAD."""
    tree = repository.tree(head)
    names = {path.removeprefix("solutions/") for path in tree if path.startswith("solutions/")}
    stubs = [path.removeprefix("katas/") for path in tree if path.startswith("katas/")]
    katas = [name for name in stubs if PurePosixPath(name).match("lesson_*/kata_*.py")]
    missing = next((name for name in katas if name not in names), None)
    if missing or not names:
        raise DojoError(f"There is no solutions/{missing or ''}, so katas/{missing or ''} can't be filled in.")
    filled = repository.write_tree({f"katas/{name}": tree[f"solutions/{name}"] for name in names}, base=head)
    keys = [f"GIT_{who}_{what}" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL", "DATE")]
    shown = "--format=%an%x00%ae%x00@%ad%x00%cn%x00%ce%x00@%cd"
    told = repository.text("show", "--no-patch", "--date=raw", shown, head)
    message = f"The course with its katas filled in\n\n{_MARK}{head}"
    return repository.write_commit(filled, [head], message, env=dict(zip(keys, told.split("\0"), strict=True)))


def _push(repository: Repository, remote: str, branch: str, made: str) -> None:
    try:
        tip = repository.remote_tip(remote, branch)
        if tip is not None and tip != made:
            repository.fetch(remote, f"refs/heads/{branch}", "refs/dojo/solutions")
            _refuse_foreign(repository, tip, f"The branch {branch} of {remote}")
        lease = f"--force-with-lease=refs/heads/{branch}:{tip or ''}"
        repository.run("push", "--quiet", lease, "--", remote, f"{made}:refs/heads/{branch}")
    except GitError as error:
        raise DojoError(f"The branch {branch} could not be pushed to {remote}: {error.said}") from None


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--branch", default="solutions", metavar="NAME", help="the branch (default: solutions)")
    parser.add_argument("--main", default="main", metavar="NAME", help="the branch that you are on (default: main)")
    parser.add_argument("--push", metavar="REMOTE", help="also push the branch to this remote")


COMMANDS = {
    "publish-solutions": Command(
        "Make a branch from your last commit, with the solutions in katas/. Your files do not change. To compare: "
        "git diff solutions -- katas/lesson_1_tensors",
        "dojo publish-solutions\ndojo publish-solutions --push origin    # in the course's own repository",
        _options,
        _run,
    ),
}
