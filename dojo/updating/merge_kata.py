"""Brings the file of one kata to a newer version of the course, step by step. The learner's answers stay."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Sequence

from dojo.course.definitions import Definition, Source, bound_by, is_unwritten, read_editable, used_in

# New lines for the lines [first, end) of a file.
Change = tuple[int, int, list[str]]


@dataclasses.dataclass(frozen=True)
class Carried:
    """An answer that comes from another kata: the learner's code, its old stub, and what else the code needs."""

    answer: Definition
    old: Definition
    imports: tuple[str, ...] = ()
    helpers: tuple[Definition, ...] = ()


@dataclasses.dataclass
class MergedSteps:
    """The effect of a merge on steps. The lists hold their names.

    Attributes:
        added: steps that are new.
        renewed: steps that were not written and have a new stub.
        kept: steps with an answer, which stays.
        cards: the steps of `kept` whose docstring is new.
        dropped: steps with an answer that the course has dropped. The answer goes.
        helpers: like `dropped`, but the answer stays because the learner's other code calls it.
    """

    added: list[str] = dataclasses.field(default_factory=list)
    renewed: list[str] = dataclasses.field(default_factory=list)
    kept: list[str] = dataclasses.field(default_factory=list)
    cards: list[str] = dataclasses.field(default_factory=list)
    dropped: list[str] = dataclasses.field(default_factory=list)
    helpers: list[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Merged(MergedSteps):
    """The result of a merge.

    Attributes:
        text: the new text of the file.
        beside: the new stub of each answer whose task has changed and whose docstring could not be replaced. If the
            learner's file can't be merged, the file does not change. Then the name "" has the whole new file.
    """

    text: str = ""
    beside: dict[str, str] = dataclasses.field(default_factory=dict)


def merge_kata(base: str, ours: str, theirs: str, carried: dict[str, Carried]) -> Merged:
    """Bring the learner's file `ours` from the course's old version `base` to the course's new version `theirs`.

    carried: answers from other katas to steps that are new in this kata. The result has no conflict markers.
    """
    old, own, new = map(read_editable, (base, ours, theirs))
    if old is None or own is None or new is None:
        return Merged(text=ours, beside={"": theirs} if theirs not in (base, ours) else {})
    merge = _Merge(old, own, new, carried, Merged(), _Edits(own))
    merge.merged.text = merge.run()
    if read_editable(merge.merged.text) is None:
        return Merged(text=ours, beside={"": theirs})
    return merge.merged


def take(name: str, ours: Source, base: Source | None, target: Source) -> Carried | None:
    """The learner's answer to a step that moves to another kata, as `carry` has it; None if there is no answer."""
    found, old = ours.named(name), base.named(name) if base else []
    if len(found) != 1 or not old or found[0].same_as(old[0]):
        return None
    return carry(found[0], old[0], ours, base, target)


def carry(answer: Definition, old: Definition, ours: Source, base: Source | None, target: Source) -> Carried:
    """An answer with the imports and helpers that it needs from its file `ours`, except those that `target` has.

    old: the course's stub of the step. base: the course's version of `ours`. target: the kata that the answer moves to.
    """
    known = {*target.names(), *bound_by(*target.header_statements()), answer.name}
    helpers: list[Definition] = []
    imports: list[str] = []
    wanted = _uses(answer) - known
    while wanted:
        each = wanted.pop()
        known.add(each)
        # An unwritten step that stays in the old kata is not a helper.
        if each.startswith("_") or not is_unwritten(each, ours, base):
            for helper in ours.named(each):
                helpers.append(helper)
                wanted |= _uses(helper) - known
        imports += ["\n".join(ours.text_of(node)) for node in ours.header_statements() if each in bound_by(node)]
    helpers.sort(key=lambda helper: helper.top)
    return Carried(answer, old, tuple(dict.fromkeys(imports)), tuple(helpers))


def with_new_card(answer: Definition, old: Definition, new: Definition) -> list[str] | None:
    """The lines of an answer, including the comments above it, with the course's new docstring.

    None if the course has not changed the docstring, or if the learner has. None also if the course has changed the
    signature, because then the new docstring would not fit the answer.
    """
    if not new.docstring or answer.docstring != old.docstring or old.docstring == new.docstring:
        return None
    own, theirs = _docstring_place(answer), _docstring_place(new)
    if own is None or theirs is None or old.signature != new.signature:
        return None
    card = new.lines[theirs[0] : theirs[1]]
    return [*answer.comments, *answer.lines[: own[0]], *card, *answer.lines[own[1] :]]


def _docstring_place(definition: Definition) -> tuple[int, int] | None:
    """The place of the docstring, `lines[first:end]`; None if it is missing or shares a line with code."""
    node = definition.node
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) or not definition.docstring:
        return None
    said = node.body[0]
    first, end = said.lineno - definition.first_line, (said.end_lineno or said.lineno) - definition.first_line + 1
    before = definition.lines[first].encode()[: said.col_offset]
    after = definition.lines[end - 1].encode()[said.end_col_offset :]
    return None if (before + after).strip() else (first, end)


def is_untouched(found: list[Definition], given: list[Definition]) -> bool:
    """Whether the learner's definitions of a name are the course's."""
    return len(found) == 1 and bool(given) and found[0].same_as(given[-1])


@dataclasses.dataclass
class _Merge:
    """A merge in progress: the three versions of the file, the result so far, and the edits to `ours`."""

    base: Source
    ours: Source
    theirs: Source
    carried: dict[str, Carried]
    merged: Merged
    edits: _Edits

    def run(self) -> str:
        """Merge the versions; return the new text."""
        at = len(self.ours.header)
        for name in self.theirs.names():
            found = self.ours.named(name)
            if name in self.carried and (not found or is_untouched(found, self.theirs.named(name))):
                self._bring_answer(name, at)
            elif found:
                self._update(name)
            else:
                self._add(name, at)
            at = self.ours.end_of(found[-1]) if found else at
        self._drop()
        header = _merged_header(
            self.base, self.ours, self.theirs, [text for each in self.carried.values() for text in each.imports]
        )
        if header != self.ours.header:
            self.edits.replace_header(header)
        return self.edits.text()

    def _bring_answer(self, name: str, at: int) -> None:
        """Put the answer from another kata in the place of its stub, or at the line `at` if there is no stub."""
        answer, found = self.carried[name], self.ours.named(name)
        lacking = [each for each in answer.helpers if not self.ours.named(each.name) + self.theirs.named(each.name)]
        card = with_new_card(answer.answer, answer.old, self.theirs.named(name)[-1])
        lines = [line for helper in lacking for line in (*helper.block, "", "")] + (card or [*answer.answer.block])
        if found:
            self.edits.replace(found[0], lines)
        else:
            self.edits.insert(at, lines)
        self.merged.kept.append(name)
        if card:
            self.merged.cards.append(name)
        else:
            self._put_beside(name, answer.old)

    def _update(self, name: str) -> None:
        """Replace an unwritten definition with the course's new one; keep a definition that the learner has changed."""
        found, old, new = self.ours.named(name), self.base.named(name), self.theirs.named(name)
        if is_untouched(found, old):
            if not new[-1].same_as(old[-1]):
                self.edits.replace(found[0], new[-1].block)
                self._note(self.merged.renewed, name)
        elif not is_untouched(found, new):
            self._note(self.merged.kept, name)
            card = with_new_card(found[0], old[-1], new[-1]) if old and len(found) == 1 else None
            if card:
                self.edits.replace(found[0], card)
                self._note(self.merged.cards, name)
            else:
                self._put_beside(name, old[-1] if old else None)

    def _add(self, name: str, at: int) -> None:
        """Add a definition that is new in the course. A definition that the learner has deleted stays deleted."""
        old = self.base.named(name)
        if old:
            self._put_beside(name, old[-1])
        else:
            self.edits.insert(at, self.theirs.named(name)[-1].block)
            self._note(self.merged.added, name)

    def _put_beside(self, name: str, old: Definition | None) -> None:
        """Put the new stub next to the file if it differs from the old one."""
        new = self.theirs.named(name)[-1]
        if old is None or not old.same_as(new):
            self.merged.beside[name] = "\n".join(new.block) + "\n"

    def _note(self, names: list[str], name: str) -> None:
        """Add a name to a list if the name is a step's."""
        if not name.startswith("_") and not self.theirs.named(name)[-1].is_variable:
            names.append(name)

    def _drop(self) -> None:
        """Delete definitions that the course has dropped, except answers that other code of the learner calls."""
        dropped = [name for name in self.base.names() if not self.theirs.named(name) and self.ours.named(name)]
        answers = {name for name in dropped if not is_untouched(self.ours.named(name), self.base.named(name)[:1])}
        leaving = set(dropped)
        while called := self._used_without(leaving) & leaving & answers:
            leaving -= called
        for name in dropped:
            if name in leaving:
                for each in self.ours.named(name):
                    self.edits.delete(each)
            if name in answers:
                (self.merged.dropped if name in leaving else self.merged.helpers).append(name)

    def _used_without(self, leaving: set[str]) -> set[str]:
        """The names that the learner's file reads outside the definitions `leaving`."""
        gone = [each.node for each in self.ours.definitions if each.name in leaving]
        return set().union(*(used_in(node) for node in self.ours.tree.body if node not in gone))


class _Edits:
    """Replacements of lines of a file. They are collected first, and then made from the bottom up."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.changes: dict[tuple[int, int], list[str]] = {}

    def replace(self, definition: Definition, lines: Sequence[str]) -> None:
        self.changes[definition.top, definition.end_line] = list(lines)

    def delete(self, definition: Definition) -> None:
        """Delete a definition and the blank lines above it."""
        first = definition.top
        while first > 0 and not self.source.lines[first - 1].strip():
            first -= 1
        self.changes[first, definition.end_line] = []

    def insert(self, at: int, lines: Sequence[str]) -> None:
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


def _merged_header(base: Source, ours: Source, theirs: Source, carried_imports: list[str]) -> list[str]:
    """The header of the new file: the course's, the learner's additions, and imports that the learner's code needs."""
    changes: list[Change] = []
    if ours.header == base.header:
        source, lacking = theirs, _imports_still_used(base, ours, theirs)
    else:
        source = ours
        lacking, changes = _changes_of_course(base, ours, theirs)
        if _docstring(ours) == _docstring(base) != _docstring(theirs):
            changes.append((*ours.docstring_lines(), _docstring(theirs)))
    have = _statements(source)
    extra = [text for text in dict.fromkeys(carried_imports) if ast.unparse(ast.parse(text)) not in have]
    added = [*lacking, *(line for text in extra for line in text.split("\n"))]
    imports = [node for node in have.values() if isinstance(node, (ast.Import, ast.ImportFrom))]
    at = max((node.end_lineno or 0 for node in imports), default=source.docstring_lines()[1])
    changes.append((at, at, ["", *added] if added and not imports and at else added))
    lines = list(source.header)
    for first, end, new in sorted(changes, reverse=True, key=lambda change: change[:2]):
        lines[first:end] = new
    return lines


def _imports_still_used(base: Source, ours: Source, theirs: Source) -> list[str]:
    """The lines of imports that the course has dropped and the learner's code uses."""
    used = used_in(ours.tree) - {*bound_by(*theirs.header_statements())}
    after = _statements(theirs)
    return [
        line
        for text, node in _statements(base).items()
        if text not in after and isinstance(node, (ast.Import, ast.ImportFrom)) and used & {*bound_by(node)}
        for line in ours.text_of(node)
    ]


def _changes_of_course(base: Source, ours: Source, theirs: Source) -> tuple[list[str], list[Change]]:
    """The course's changes to a header that the learner has changed too.

    Returns the lines of new statements, and the changes to statements that the learner still has.
    """
    before, have, after = _statements(base), _statements(ours), _statements(theirs)
    lacking = {text: node for text, node in after.items() if text not in before and text not in have}
    used = used_in(ours.tree)
    changes: list[Change] = []
    for text, node in before.items():
        if text in after or text not in have:
            continue
        bound = {*bound_by(node)}
        successor = next((each for each, new in lacking.items() if bound & {*bound_by(new)}), None)
        if successor is not None or not bound & used:
            lines = theirs.text_of(lacking.pop(successor)) if successor is not None else []
            changes.append((have[text].lineno - 1, have[text].end_lineno or 0, lines))
    return [line for node in lacking.values() for line in theirs.text_of(node)], changes


def _statements(source: Source) -> dict[str, ast.stmt]:
    """The statements of a header, by their text without layout."""
    return {ast.unparse(node): node for node in source.header_statements()}


def _docstring(source: Source) -> list[str]:
    first, end = source.docstring_lines()
    return source.lines[first:end]


def _uses(definition: Definition) -> set[str]:
    return used_in(definition.node) if definition.node is not None else set()
