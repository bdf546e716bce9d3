"""One kata's file brought to a newer version of the course: step by step, the learner's answers kept."""

from __future__ import annotations

import ast
import dataclasses

from dojo.course.source_blocks import Block, Source, bound_by, is_stub, read_source, used_in


@dataclasses.dataclass(frozen=True)
class Carried:
    """An answer that comes from another kata: as the learner wrote it, its old stub, and what it needs besides."""

    answer: Block
    old: Block
    imports: tuple[str, ...] = ()
    helpers: tuple[Block, ...] = ()


@dataclasses.dataclass
class Merged:
    """What became of a file. `text` is its new text.

    Names of steps: `added` are new, `renewed` were untouched and have a new stub, `kept` are answers that stay,
    `dropped` are answers that the course has no step for any more, and `helpers` those of them that other answers
    call, so they stay. `beside` holds new stubs for answers whose task reads differently now; under the name ""
    the whole new file, where the learner's can't be taken apart and stays as it is.
    """

    text: str
    added: list[str] = dataclasses.field(default_factory=list)
    renewed: list[str] = dataclasses.field(default_factory=list)
    kept: list[str] = dataclasses.field(default_factory=list)
    dropped: list[str] = dataclasses.field(default_factory=list)
    helpers: list[str] = dataclasses.field(default_factory=list)
    beside: dict[str, str] = dataclasses.field(default_factory=dict)


def merge_kata(base: str, ours: str, new: str, carried: dict[str, Carried] | None = None) -> Merged:
    """Bring the learner's file `ours`, begun from the course's `base`, to the course's `new`. Nothing is ever marked.

    carried: answers from other katas to steps that are new here.
    """
    carried = carried or {}
    was, mine, comes = read_source(base), read_source(ours), read_source(new)
    if mine is None or comes is None or was is None:
        return Merged(ours, beside={"": new} if new not in (base, ours) else {})
    merged = Merged(ours)
    edits = _Edits(mine)
    _steps(was, mine, comes, carried, merged, edits)
    _dropped(was, mine, comes, merged, edits)
    header = _header(was, mine, comes, [line for each in carried.values() for line in each.imports])
    if header != mine.header:
        edits.replace_header(header)
    text = edits.text()
    if read_source(text) is None:
        return Merged(ours, beside={"": new})
    merged.text = text
    return merged


def take(name: str, mine: Source, was: Source | None, comes: Source) -> Carried | None:
    """The learner's answer to a step, with the imports and helpers of its file that the kata it goes to lacks.

    None where there is no answer.
    """
    found, old = mine.named(name), was.named(name) if was else []
    if len(found) != 1 or not old or found[0].same_as(old[0]):
        return None
    known = set(comes.names()).union(*(bound_by(node) for node in comes.header_statements()), {name})
    helpers: list[Block] = []
    imports: list[str] = []
    wanted = used_in(found[0].node) - known
    while wanted:
        each = wanted.pop()
        known.add(each)
        for block in mine.named(each):
            # A stub that stays behind is no helper.
            if not is_stub(block):
                helpers.append(block)
                wanted |= used_in(block.node) - known
        for node in mine.header_statements():
            if each in bound_by(node):
                imports.append("\n".join(mine.text_of(node)))
    helpers.sort(key=lambda block: block.first)
    return Carried(found[0], old[0], tuple(dict.fromkeys(imports)), tuple(helpers))


class _Edits:
    """Replacements of lines of one file, collected first and made from the bottom up."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.changes: dict[tuple[int, int], list[str]] = {}

    def replace(self, block: Block, lines: tuple[str, ...]) -> None:
        self.changes[block.first, block.end] = list(lines)

    def delete(self, block: Block) -> None:
        first = block.first
        while first > 0 and not self.source.lines[first - 1].strip():
            first -= 1
        self.changes[first, block.end] = []

    def insert(self, at: int, lines: tuple[str, ...]) -> None:
        self.changes.setdefault((at, at), []).extend(["", "", *lines])

    def replace_header(self, lines: list[str]) -> None:
        end = len(self.source.header)
        if self.changes.get((end, end)):
            lines = [*lines, *self.changes.pop((end, end))]
        self.changes[0, end] = lines

    def text(self) -> str:
        lines = list(self.source.lines)
        for (first, end), new in sorted(self.changes.items(), reverse=True):
            if first == end and new and first < len(lines) and lines[first].strip():
                new = [*new, "", ""]
            lines[first:end] = new
        while lines and not lines[0].strip() and self.source.lines[0].strip():
            lines.pop(0)
        return "\n".join(lines).rstrip("\n") + "\n" if self.changes else "\n".join(lines)


def _steps(
    was: Source, mine: Source, comes: Source, carried: dict[str, Carried], merged: Merged, edits: _Edits
) -> None:
    """Every definition of the new version, in its order."""
    at = len(mine.header)
    for name in comes.names():
        stub, old, found = comes.named(name)[-1], was.named(name), mine.named(name)
        step = not name.startswith("_") and not isinstance(stub.node, ast.Assign)
        if name in carried and (not found or (len(found) == 1 and found[0].same_as(stub))):
            each = carried[name]
            needed = [helper for helper in each.helpers if not mine.named(helper.name) and not comes.named(helper.name)]
            lines = [line for helper in needed for line in [*helper.lines, "", ""]] + list(each.answer.lines)
            if found:
                edits.replace(found[0], tuple(lines))
                at = _behind(mine, found[0])
            else:
                edits.insert(at, tuple(lines))
            merged.kept.append(name)
            if not each.old.same_as(stub):
                merged.beside[name] = "\n".join(stub.lines) + "\n"
        elif found:
            at = _behind(mine, found[-1])
            changed = not (old and old[-1].same_as(stub))
            if len(found) == 1 and old and found[0].same_as(old[-1]):
                if changed:
                    edits.replace(found[0], stub.lines)
                    if step:
                        merged.renewed.append(name)
            elif not (len(found) == 1 and found[0].same_as(stub)):
                if step:
                    merged.kept.append(name)
                if changed:
                    merged.beside[name] = "\n".join(stub.lines) + "\n"
        elif not old:
            edits.insert(at, stub.lines)
            if step:
                merged.added.append(name)
        elif not old[-1].same_as(stub):
            # The learner took this one out.
            merged.beside[name] = "\n".join(stub.lines) + "\n"


def _behind(source: Source, block: Block) -> int:
    """The line where something can follow a block: behind comments that belong to its body."""
    at = block.end
    while at < len(source.lines) and source.lines[at].strip() and source.lines[at][0] in " \t":
        at += 1
    return at


def _dropped(was: Source, mine: Source, comes: Source, merged: Merged, edits: _Edits) -> None:
    """Definitions that the course has no more."""
    gone = [name for name in was.names() if not comes.named(name) and mine.named(name)]
    written = {
        name for name in gone if len(mine.named(name)) > 1 or not mine.named(name)[0].same_as(was.named(name)[0])
    }
    leaving = set(gone)
    while True:
        # What stays may call what would leave; then that stays too.
        staying = [
            node
            for node in mine.tree.body
            if not any(block.node is node for name in leaving for block in mine.named(name))
        ]
        called = set().union(*(used_in(node) for node in staying)) & leaving & written
        if not called:
            break
        leaving -= called
    for name in gone:
        if name in leaving:
            for block in mine.named(name):
                edits.delete(block)
        if name in written:
            (merged.dropped if name in leaving else merged.helpers).append(name)


def _header(was: Source, mine: Source, comes: Source, more: list[str]) -> list[str]:
    """The header of the new file: the course's, with what the learner added and what the learner's code still uses."""
    used = set().union(*(used_in(node) for node in mine.tree.body))
    before = {ast.unparse(node): node for node in was.header_statements()}
    after = {ast.unparse(node): node for node in comes.header_statements()}
    have = {ast.unparse(node): node for node in mine.header_statements()}
    if mine.header == was.header:
        lines, source, have = comes.header, comes, after
        lacking = [
            (text, mine.text_of(node))
            for text, node in before.items()
            if text not in after
            and (bound_by(node) & used) - set().union(*(bound_by(each) for each in after.values()))
            and isinstance(node, (ast.Import, ast.ImportFrom))
        ]
        replaced: dict[str, list[str]] = {}
    else:
        lines, source = mine.header, mine
        lacking = [(text, comes.text_of(node)) for text, node in after.items() if text not in {**before, **have}]
        replaced = {}
        for text, node in before.items():
            if text in after or text not in have:
                continue
            successor = next((each for each in lacking if bound_by(after[each[0]]) & bound_by(node)), None)
            if successor is not None:
                lacking.remove(successor)
                replaced[text] = successor[1]
            elif not bound_by(node) & used:
                replaced[text] = []
    extra = [text for text in more if ast.unparse(ast.parse(text)) not in have]
    lacking += [(text, text.split("\n")) for text in dict.fromkeys(extra)]
    imports = [node for node in have.values() if isinstance(node, (ast.Import, ast.ImportFrom))]
    at = max((node.end_lineno or 0 for node in imports), default=source.docstring_lines()[1])
    changes = [(at, at, [line for _, text in lacking for line in text])]
    if not imports and lacking:
        changes = [(at, at, [*([""] if at else []), *changes[0][2]])]
    changes += [(have[text].lineno - 1, have[text].end_lineno or 0, new) for text, new in replaced.items()]
    if source is mine and _docstring(mine) == _docstring(was) != _docstring(comes):
        changes.append((*mine.docstring_lines(), _docstring(comes)))
    lines = list(lines)
    for first, end, new in sorted(changes, reverse=True, key=lambda change: change[:2]):
        lines[first:end] = new
    return lines


def _docstring(source: Source) -> list[str]:
    first, end = source.docstring_lines()
    return source.lines[first:end]
