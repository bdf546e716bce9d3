"""What an update will change: worked out in full before anything of the fork is touched."""

from __future__ import annotations

import dataclasses
from pathlib import Path, PurePosixPath

from dojo.course.layout import shared_judging_parts
from dojo.support.errors import DojoError
from dojo.support.git import Entry, Git
from dojo.updating.merge_katas import Files, KatasMerge, merge_katas, unwritten

# A learner may make these their own; they stay so where the course has not changed them.
_OWN = {"README.md", "docs", ".gitignore", ".gitattributes"}

Tree = dict[str, Entry]


@dataclasses.dataclass
class Plan:
    """A fork at `head`, begun from the course's `base`, and what brings it to `new`.

    `tree` and `index` are what is committed and staged afterwards. `katas` says what becomes of the learner's files
    as they are on disk. `write` are the paths on disk that change: with their bytes, or None for those that come from
    `tree` as they are; `delete` are those that go. `replaced` are course files that the learner had changed,
    `returned` those that the fork had deleted.
    """

    head: str
    base: str
    new: str
    tree: Tree
    index: Tree
    katas: KatasMerge
    new_tree: Tree
    head_tree: Tree
    write: dict[str, bytes | None] = dataclasses.field(default_factory=dict)
    delete: list[str] = dataclasses.field(default_factory=list)
    replaced: list[str] = dataclasses.field(default_factory=list)
    returned: list[str] = dataclasses.field(default_factory=list)

    def changes(self, *paths: str) -> bool:
        """Whether the commit changes one of these files, or a file in one of these folders."""
        return any(
            self.tree.get(path) != self.head_tree.get(path)
            for path in self.tree.keys() | self.head_tree.keys()
            if path in paths or path.startswith(tuple(f"{each}/" for each in paths))
        )


def make_plan(git: Git, head: str, new: str) -> Plan:
    """Work out the update of the fork at `head` to the course's commit `new`. Raises DojoError where it can't be done.

    Only objects are written.
    """
    new_tree = git.tree(new)
    if not any(path.startswith("katas/") for path in new_tree) or not any(
        path.startswith("tests/") for path in new_tree
    ):
        raise DojoError(f"There is no course in {new[:7]}: it has no katas/ and tests/.")
    new_katas = _katas(git, new_tree)
    if not unwritten(new_katas):
        raise DojoError(
            f"{new[:7]} holds answers in katas/: it is somebody's fork or a branch with solutions, no course."
        )
    base = git.base_of(head, new)
    if base is None:
        raise DojoError("This fork and that course have nothing in common, so nothing was changed. Is --from right?")
    base_tree, head_tree, index = git.tree(base), git.tree(head), git.index()
    changed = git.changed()
    outside = sorted(path for path in changed if not path.startswith("katas/"))
    if outside:
        more = f" and {len(outside) - 3} more" if len(outside) > 3 else ""
        raise DojoError(
            f"There are changes outside katas/ that are not committed: {', '.join(outside[:3])}{more}. "
            "Commit them, or put them away (git stash), then update."
        )
    base_katas = _katas(git, base_tree)
    similar = _similar(git, base, new)

    def merged(files: Files) -> KatasMerge:
        return merge_katas(base_katas, files, new_katas, similar)

    head_katas, index_katas = _katas(git, head_tree), _katas(git, index)
    disk = _on_disk(git, index_katas, changed)
    for_head = merged(head_katas)
    for_index = for_head if index_katas == head_katas else merged(index_katas)
    for_disk = for_head if disk == head_katas else merged(disk)

    plan = Plan(head, base, new, {}, {}, for_disk, new_tree, head_tree)
    _outside(plan, base_tree)
    known = _entries(git, [(index_katas, index), (head_katas, head_tree), (new_katas, new_tree)])
    plan.index = plan.tree | {path: _entry(git, data, known) for path, data in for_index.files.items()}
    plan.tree = plan.tree | {path: _entry(git, data, known) for path, data in for_head.files.items()}
    _refuse_files_as_folders(plan.tree)
    _on_disk_after(plan, git.root, index, disk, for_head.files)
    _refuse_what_is_in_the_way(plan, git.root)
    return plan


def _outside(plan: Plan, base: Tree) -> None:
    """Everything outside katas/: the course's, but files that the course never had stay."""
    for path, entry in plan.new_tree.items():
        if path.startswith("katas/"):
            continue
        mine, before = plan.head_tree.get(path), base.get(path)
        if mine is not None and before == entry and PurePosixPath(path).parts[0] in _OWN:
            entry = mine
        elif mine is None and before is not None:
            plan.returned.append(path)
        elif mine not in (None, before, entry):
            plan.replaced.append(path)
        plan.tree[path] = entry
    for path, mine in plan.head_tree.items():
        if path.startswith("katas/") or path in plan.new_tree:
            continue
        if path not in base:
            plan.tree[path] = mine
        elif mine != base[path]:
            plan.replaced.append(path)


def _on_disk_after(plan: Plan, root: Path, index: Tree, disk: Files, committed: Files) -> None:
    """Find out which files on disk change."""
    for path in sorted(plan.tree.keys() | plan.head_tree.keys()):
        if path.startswith("katas/"):
            continue
        if path not in plan.tree:
            plan.delete.append(path)
        elif plan.tree[path] != index.get(path):
            plan.write[path] = None
            if path not in index and (root / path).is_file():
                # The learner's own, never committed, where the course now has a file.
                plan.replaced.append(path)
    for path, data in plan.katas.files.items():
        if path not in disk or disk[path] != data:
            plan.write[path] = None if committed.get(path) == data else data
    plan.write |= plan.katas.beside
    plan.delete += [path for path in disk if path not in plan.katas.files]


def _on_disk(git: Git, index: Files, changed: dict[str, str]) -> Files:
    """The files of katas/ on disk, as git would store those that have not changed."""
    found = dict(index)
    paths = [path for path, letters in changed.items() if letters[1] != " " and path.startswith("katas/")]
    for path in [*paths, *git.untracked("katas")]:
        file = git.root / path
        found.pop(path, None)
        if file.is_file() and not file.is_symlink():
            try:
                found[path] = file.read_bytes()
            except OSError as error:
                raise DojoError(f"{path} can't be read ({error.strerror}), so nothing was changed.") from None
    return found


def _katas(git: Git, tree: Tree) -> Files:
    entries = {path: entry for path, entry in tree.items() if path.startswith("katas/") and entry.mode != "160000"}
    blobs = git.blobs(entry.oid for entry in entries.values())
    return {path: blobs[entry.oid] for path, entry in entries.items()}


def _entries(git: Git, sources: list[tuple[Files, Tree]]) -> dict[bytes, Entry]:
    """The objects that git has already, by their contents."""
    return {data: tree[path] for files, tree in sources for path, data in files.items()}


def _entry(git: Git, data: bytes, known: dict[bytes, Entry]) -> Entry:
    if data not in known:
        known[data] = Entry("100644", git.write_blob(data))
    return known[data]


def _similar(git: Git, base: str, new: str) -> dict[str, str]:
    """Files of katas/ that git finds renamed, old path to new."""
    out = git.run("diff", "--name-status", "-z", "-M", "--diff-filter=R", base, new, "--", "katas").stdout
    records = out.decode("utf-8", errors="surrogateescape").split("\0")
    return {records[at + 1]: records[at + 2] for at in range(0, len(records) - 2, 3)}


def _refuse_files_as_folders(tree: Tree) -> None:
    folders = {str(parent) for path in tree for parent in PurePosixPath(path).parents}
    for path in sorted(folders & tree.keys()):
        raise DojoError(
            f"{path} is a file in your fork and a folder in the new course. Rename yours, commit, then update."
        )


def _refuse_what_is_in_the_way(plan: Plan, root: Path) -> None:
    """Raise DojoError for a folder, never committed, where the course has a file, or the other way round."""
    leaving = set(plan.delete)
    for path in plan.write:
        target = root / path
        if target.is_dir() and not target.is_symlink():
            inside = (file.relative_to(root).as_posix() for file in target.rglob("*") if not file.is_dir())
            if any(name not in leaving for name in inside):
                raise DojoError(f"{path} is a folder here and a file in the new course. Move yours away, then update.")
        for parent in PurePosixPath(path).parents:
            if (root / parent).is_file() and str(parent) not in leaving:
                raise DojoError(
                    f"{parent} is a file here and a folder in the new course. Move yours away, then update."
                )


def judging() -> tuple[str, ...]:
    """Folders and files outside katas/ on which the verdict of every step depends."""
    return shared_judging_parts()


def trees_of(kata_id: str) -> tuple[str, ...]:
    """A kata's files that its verdict depends on."""
    return tuple(f"{tree}/{kata_id}.py" for tree in ("katas", "tests"))
