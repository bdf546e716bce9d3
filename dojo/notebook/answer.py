"""Puts the answer in a notebook's cell into the kata's file, as if the learner had edited the file."""

from __future__ import annotations

import ast
import dataclasses
import sys
import traceback
import types
from collections.abc import Iterable
from pathlib import Path

from dojo.course.backups import back_up, replace
from dojo.course.curriculum import Kata, Step
from dojo.course.definitions import Definition, Source, defined_twice, is_unwritten, parse_source, read_editable
from dojo.course.stubs import answer_in, editable, stub_of
from dojo.support.errors import DojoError
from dojo.support.files import bytes_like
from dojo.updating.merge_kata import Carried, merge_kata

_DEFINING = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclasses.dataclass(frozen=True)
class Cell:
    """The code of a cell, by what it is: imports, constants by name, and functions and classes by name."""

    imports: tuple[str, ...]
    constants: dict[str, Definition]
    definitions: dict[str, Definition]


def write_answer(root: Path, kata: Kata, step: Step, code: str) -> str:
    """Put the answer to a step into the kata's file, after a backup of the file. Returns "".

    If the cell holds the given code and the file has an answer, the file does not change, and its answer is returned.
    Raises DojoError if the code cannot go into the file. Then the file has not changed either.
    """
    path = root / "katas" / f"{kata.id}.py"
    own, lines = editable(root, path, kata.id)
    answer, given = answer_in(own, step), parse_source(stub_of(root, step))
    if twice := defined_twice(path, step.name):
        raise DojoError(f"{twice} Delete all but one of them, and run this cell again.")
    source = _source_of(code)
    cell = _cell_of(source, kata, step)
    if is_unwritten(step.name, source, given) and not is_unwritten(step.name, own, given):
        return "\n".join(answer.code)
    text = "\n".join(lines) + "\n"
    new = _with_cell(text, cell, step, answer, answer if answer.docstring else given.by_name()[step.name])
    if new != text:
        problem = _import_problem(path, new)
        # A file that did not import before may be put right in several steps.
        if problem and not _import_problem(path, text):
            raise DojoError(f"Nothing was written: katas/{kata.id}.py would not import with this cell.\n\n{problem}")
        back_up(root, [path], "notebook")
        replace(path, bytes_like(path.read_bytes(), new))
    return ""


def _import_problem(path: Path, text: str) -> str:
    """How a kata's file with this text fails when it is imported: the line and the error; "" if it imports."""
    module = types.ModuleType("kata_in_a_cell")
    # A dataclass looks up the module of its class.
    sys.modules[module.__name__] = module
    try:
        exec(compile(text, str(path), "exec", dont_inherit=True), module.__dict__)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        numbers = [line for frame, line in traceback.walk_tb(error.__traceback__) if _is_of(frame, path)]
        shown = f"    {text.splitlines()[numbers[0] - 1].strip()}\n\n" if numbers else ""
        return shown + traceback.format_exception_only(error)[-1].strip()
    finally:
        del sys.modules[module.__name__]
    return ""


def _is_of(frame: types.FrameType, path: Path) -> bool:
    return frame.f_code.co_filename == str(path)


def _source_of(code: str) -> Source:
    """The code of a cell, taken apart. Raises DojoError if Python cannot read it."""
    code = code.replace("\r\n", "\n")
    try:
        source = parse_source(code)
    except SyntaxError as error:
        # The first line of the cell is the magic.
        shown = f"\n\n    {error.text.rstrip()}\n    {' ' * ((error.offset or 1) - 1)}^\n" if error.text else ""
        where = f"line {(error.lineno or 1) + 1} of this cell"
        raise DojoError(f"Nothing was written: Python can't read {where}.{shown}\n{error.msg}") from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise DojoError(f"Nothing was written: Python can't read this cell.\n{error}") from None
    if read_editable(code) is None:
        raise DojoError("Two statements of this cell share a line. Give each its own line.")
    return source


def _cell_of(source: Source, kata: Kata, step: Step) -> Cell:
    """The parts of a cell. Raises DojoError if a part can't go into the file, or if the step's answer is missing."""
    constants, imports = {}, []
    for node in source.tree.body:
        name = _assigned_name(node)
        if name:
            own, end = tuple(source.text_of(node)), node.end_lineno or node.lineno
            constants[name] = Definition(name, node.lineno, node.lineno, end, own, (), node)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            imports.append("\n".join(source.text_of(node)))
        elif not isinstance(node, _DEFINING):
            raise DojoError(
                f"Line {node.lineno + 1} of this cell is neither a definition, an import nor an assignment to a name, "
                "so it can't go into the kata's file. Write it into another cell."
            )
    definitions = source.by_name()
    others = sorted({each.name for each in kata.steps} & (definitions.keys() | constants.keys()) - {step.name})
    if others:
        raise DojoError(f"This cell defines {', '.join(others)} too. Write each step into a separate cell.")
    if step.name not in definitions:
        raise DojoError(f"This cell does not define {step.name}, so nothing was written.")
    return Cell(tuple(imports), constants, definitions)


def _with_cell(text: str, cell: Cell, step: Step, old: Definition, with_card: Definition) -> str:
    """The text of the kata's file with the parts of a cell. Raises DojoError if it cannot be edited.

    old: the step in the file. with_card: a definition of the step that has its card.
    """
    text, new = _with_constants(text, cell.constants.values())
    own = read_editable(text)
    if own is None:
        raise DojoError(f"In katas/{step.kata_id}.py two statements share a line. Give each its own line.")
    written = dict(cell.definitions)
    answer = _with_card(written.pop(step.name), with_card)
    answer = dataclasses.replace(answer, comments=answer.comments or old.comments)
    helpers = [each for each in written.values() if each.name not in own.names()]
    # The old version has no docstring, so the merge keeps the docstring of the answer.
    carried = {name: Carried(each, _nothing(name)) for name, each in written.items() if each not in helpers}
    carried[step.name] = Carried(answer, _nothing(step.name), cell.imports, (*new, *helpers))
    merged = merge_kata(text, text, text, carried).text
    found = read_editable(merged)
    wanted = {**written, step.name: answer}
    if found is None or any(found.by_name()[name].lines != each.lines for name, each in wanted.items()):
        raise DojoError(
            f"This cell could not be put into katas/{step.kata_id}.py. Write the answer into this file yourself."
        )
    try:
        compile(merged, step.kata_id, "exec", dont_inherit=True)
    except SyntaxError as error:
        raise DojoError(f"With this cell, Python can't read katas/{step.kata_id}.py: {error.msg}.") from None
    return merged


def _nothing(name: str) -> Definition:
    return Definition(name, 1, 1, 1, ())


def _with_constants(text: str, constants: Iterable[Definition]) -> tuple[str, list[Definition]]:
    """The text with new values for the constants that it has, and the constants that it lacks."""
    lacking = []
    for constant in constants:
        source = read_editable(text)
        body = source.tree.body if source else []
        place = next((node for node in body if _assigned_name(node) == constant.name), None)
        if source is None or place is None:
            lacking.append(constant)
        else:
            source.lines[place.lineno - 1 : place.end_lineno] = constant.lines
            text = "\n".join(source.lines)
    return text, lacking


def _assigned_name(node: ast.stmt) -> str:
    """The one name that a statement assigns to; empty for any other statement."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return targets[0].id if len(targets) == 1 and isinstance(targets[0], ast.Name) else ""


def _with_card(answer: Definition, given: Definition) -> Definition:
    """The answer with the card of the given code, unless the answer has a docstring."""
    assert isinstance(answer.node, _DEFINING)
    assert isinstance(given.node, _DEFINING)
    if answer.docstring or not given.docstring:
        return answer
    said, body = given.node.body[0], answer.node.body[0]
    card = list(given.lines[said.lineno - given.first_line : (said.end_lineno or 0) + 1 - given.first_line])
    first = min(each.lineno for each in (body, *getattr(body, "decorator_list", ())))
    at = first - answer.first_line
    line = answer.lines[at]
    before = line.encode()[: body.col_offset].decode() if first == body.lineno else ""
    indent = "    " if before.strip() else line[: len(line) - len(line.lstrip())]
    card[0] = indent + card[0].lstrip()
    if answer.is_class:
        card.append("")
    if before.strip():
        # The body begins on the line of the signature.
        own = [before.rstrip(), *card, indent + line[len(before) :]]
        return dataclasses.replace(answer, lines=(*answer.lines[:at], *own, *answer.lines[at + 1 :]))
    # The comments above the body stay below the card.
    above = at
    while above and not answer.lines[above - 1].partition("#")[0].strip():
        above -= 1
    while not answer.lines[above].strip():
        answer = dataclasses.replace(answer, lines=(*answer.lines[:above], *answer.lines[above + 1 :]))
    return dataclasses.replace(answer, lines=(*answer.lines[:above], *card, *answer.lines[above:]))
