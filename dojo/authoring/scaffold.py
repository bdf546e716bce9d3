"""The skeleton of a new step: its part in each tree, as text, with TODO where something is still to be written.

A part that nobody has filled in never passes for one that is: `left_to_do` finds what is left of it.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

from dojo.course.source_blocks import Source, bound_by, read_source

# Where a step has a part, in the order in which they are written, and what it is.
PARTS = {
    "tests": "a test for each behaviour",
    "solutions": "the task, an example, the reference answer",
    "katas": "the stub: dojo reset {step} makes it from the solution",
    "hints": "three hints",
    "mistakes": "two mistakes",
    "checks/accepted": "two accepted ways",
}

_HEADERS = {
    "tests": '"""The specification of katas/{kata}.py."""',
    "solutions": '"""{title}.\n\nTODO: what of Foundations comes back in this kata, and what is new in it.\n"""',
    "katas": '"""{title}.\n\nTODO: the same words as in solutions/.\n"""',
    "hints": "# Hints: {title}",
    "mistakes": '"""Wrong answers to katas/{kata}.py, each with the sentence that corrects the belief."""',
    "checks/accepted": '"""Other right answers to katas/{kata}.py: the tests must accept them."""',
}

_TEST = """\
def test_{step}__todo_name_the_behaviour(device):
    # TODO: call the test after the one behaviour that it checks; expected values come from NumPy or mathematics.
    x = torch.tensor([1.0, 2.0], device=device)
    assert_tensor({call}, torch.tensor([0.0, 0.0]), device=device)
"""

_DOCSTRING = '''\
    """Return TODO: what, in one sentence.

    x: TODO: shapes and dtypes, of what is returned too.

    >>> {example}
    TODO: what comes out.

    In Foundations: TODO: the idea that it is the same as.
    """
'''

_STUB = '    """TODO: the same as in solutions/. The command `dojo reset {step}` puts it here."""\n'

_FUNCTION = "def {name}(x):\n{docstring}{comment}    raise NotImplementedError\n"

_CLASS = """\
class {name}(nn.Module):
{docstring}
    def __init__(self, size):
{comment2}        raise NotImplementedError

    def forward(self, x):
{comment2}        raise NotImplementedError
"""

_HINTS = """\
## {step}

### Hint 1

TODO: a question whose answer is the way to go.

### Hint 2

TODO: the name of the thing. Where this is for a symptom, the heading says which: Hint 2: wrong dtype.

### Hint 3

TODO: the shape of the answer, never a whole line of it.
"""

_SAYS = '    """TODO: which belief is wrong, in 20 to 200 characters; not what to type."""\n'
_UNFINISHED = re.compile(r"\bTODO\b:? *(.*)|\w__todo")


def file_in(tree: str, kata_id: str) -> str:
    """The path of a kata's file in a tree, from the root of the course."""
    return f"{tree}/{kata_id}{'.md' if tree == 'hints' else '.py'}"


def new_file(tree: str, kata_id: str, title: str, step: str, *, is_class: bool) -> str:
    """The text of a kata's whole file in a tree, with one step in it."""
    lesson, _, kata = kata_id.partition("/")
    header = _HEADERS[tree].format(kata=kata_id, title=title)
    if tree == "hints":
        return f"{header}\n\n{_part(tree, step, is_class)}"
    text = header + "\n"
    if tree == "tests":
        text = _with_import(text, f"from katas.{lesson} import {kata} as kata")
    return with_step(tree, text, step, is_class=is_class)


def with_step(tree: str, text: str, step: str, *, is_class: bool, after: str | None = None) -> str:
    """The text of a kata's file with a step more: behind the step `after`, or at the end.

    Raises ValueError where the text does not parse, and KeyError where nothing in it is of the step `after`.
    """
    part = _part(tree, step, is_class)
    if tree != "hints":
        for statement in _imports(tree, is_class):
            text = _with_import(text, statement)
    ends = [end for name, _, end in _pieces(tree, text) if name == after]
    if after is None:
        return f"{text.rstrip()}\n{_gap(tree)}{part}"
    if not ends:
        raise KeyError(after)
    lines = text.splitlines()
    before, behind = lines[: ends[-1]], lines[ends[-1] :]
    while before and not before[-1].strip():
        before.pop()
    while behind and not behind[0].strip():
        behind.pop(0)
    rest = "".join(f"{line}\n" for line in behind)
    return "\n".join(before) + f"\n{_gap(tree)}{part}" + (_gap(tree) + rest if rest else "")


def names_in(tree: str, text: str) -> set[str]:
    """Every name that a new step in this file could collide with. Raises ValueError where the text does not parse."""
    found = {name for name, _, _ in _pieces(tree, text)}
    if tree != "hints":
        for node in _source(text).tree.body:
            if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                found |= bound_by(node)
    return found


def left_to_do(root: Path, kata_id: str, step: str) -> list[str]:
    """What of a step is still to be written, a line for each: `path:line: what`. Empty where nothing is.

    What is left at the top of a file counts for all its steps.
    """
    left = []
    for tree in PARTS:
        path = root / file_in(tree, kata_id)
        if not path.is_file():
            continue
        text = path.read_text(encoding="utf-8")
        if "TODO" not in text and "__todo" not in text:
            continue
        try:
            pieces = _pieces(tree, text)
        except ValueError:
            continue  # whatever runs the file says so better
        lines = text.splitlines()
        top = min((first for _, first, _ in pieces), default=len(lines))
        numbers = [*range(top)]
        for name, first, end in pieces:
            if name == step:
                numbers += range(first, end)
        for number in numbers:
            found = _UNFINISHED.search(lines[number])
            if found:
                words = (found[1] or "").removesuffix('"""').strip()
                left.append(
                    f"{file_in(tree, kata_id)}:{number + 1}: {words or 'the name says todo, and not what it is about.'}"
                )
    return left


def _part(tree: str, step: str, is_class: bool) -> str:
    """A step's part in a tree, as a text with a line end."""
    call = f"{step}(2)(x)" if is_class else f"{step}(x)"
    if tree == "tests":
        return _TEST.format(step=step, call=f"kata.{call}")
    if tree == "hints":
        return _HINTS.format(step=step)
    if tree == "katas":
        return _definition(step, is_class, _STUB.format(step=step), "")
    if tree == "solutions":
        example = call.replace("(x)", "(torch.tensor([1.0, 2.0]))")
        return _definition(step, is_class, _DOCSTRING.format(example=example), "# TODO: the clearest body.")
    if tree == "mistakes":
        labels = ("todo_one_belief", "todo_another_belief")
        parts = [_definition(f"{step}__{label}", is_class, _SAYS, "# TODO: the wrong answer.") for label in labels]
    else:
        labels = ("todo_one_way", "todo_another_way")
        parts = [_definition(f"{step}__{label}", is_class, "", "# TODO: another right answer.") for label in labels]
    return "\n\n".join(parts)


def _definition(name: str, is_class: bool, docstring: str, comment: str) -> str:
    comment = f"    {comment}\n" if comment else ""
    if not is_class:
        return _FUNCTION.format(name=name, docstring=docstring, comment=comment)
    text = _CLASS.format(name=name, docstring=docstring, comment2=comment and f"    {comment}")
    return text if docstring else text.replace(":\n\n", ":\n", 1)


def _gap(tree: str) -> str:
    return "\n" if tree == "hints" else "\n\n"


def _imports(tree: str, is_class: bool) -> list[str]:
    """What a part in a tree needs imported."""
    if tree == "tests":
        return ["import torch", "from dojo.expect import assert_tensor"]
    return ["import torch", *(["from torch import nn"] if is_class else [])]


def _source(text: str) -> Source:
    source = read_source(text)
    if source is None:
        raise ValueError("it is no valid Python, or has other line ends than \\n")
    return source


def _pieces(tree: str, text: str) -> list[tuple[str, int, int]]:
    """The pieces of a file: the step (or other name) that each belongs to, and its lines as [first, end)."""
    return _sections(text) if tree == "hints" else _blocks(tree, text)


def _blocks(tree: str, text: str) -> list[tuple[str, int, int]]:
    source = _source(text)
    found = []
    for block in source.blocks:
        name = block.name.removeprefix("test_") if tree == "tests" else block.name
        if not name.startswith("_"):
            name = name.partition("__")[0]
        end = block.end
        # Comments that still belong to its body.
        while end < len(source.lines) and source.lines[end][:1] in (" ", "\t") and source.lines[end].strip():
            end += 1
        found.append((name, block.first, end))
    return found


def _sections(text: str) -> list[tuple[str, int, int]]:
    lines = text.splitlines()
    starts = []
    fenced = False
    for number, line in enumerate(lines):
        fenced ^= line.lstrip().startswith("```")
        if not fenced and line.startswith("## "):
            starts.append(number)
    ends = [*starts[1:], len(lines)]
    return [(lines[first][3:].strip().strip("`"), first, end) for first, end in zip(starts, ends, strict=False)]


def _with_import(text: str, statement: str) -> str:
    """The text with an import in its sorted place at the top, unless what it binds is bound there."""
    source = _source(text)
    new = ast.parse(statement).body[0]
    header = source.header_statements()
    if bound_by(new) <= set().union(*(bound_by(node) for node in header)):
        return text
    lines = text.splitlines()
    known = [node for node in header if isinstance(node, (ast.Import, ast.ImportFrom))]
    for node in known:
        if isinstance(node, ast.ImportFrom) and isinstance(new, ast.ImportFrom) and node.module == new.module:
            names = sorted((ast.unparse(each) for each in [*node.names, *new.names]), key=_order_of_name)
            short = f"from {node.module} import {', '.join(names)}"
            long = [f"from {node.module} import (", *(f"    {name}," for name in names), ")"]
            first, end = node.lineno - 1, node.end_lineno or node.lineno
            lines[first:end] = [short] if end - first == 1 and len(short) <= 120 else long
            return "\n".join(lines) + "\n"
    before = next((node for node in reversed(known) if _order(node) < _order(new)), None)
    behind = next((node for node in known if _order(node) > _order(new)), None)
    if behind is not None and _order(behind)[0] == _order(new)[0]:
        at, added = behind.lineno - 1, [statement]
    elif before is not None:
        at = before.end_lineno or 0
        added = [statement] if _order(before)[0] == _order(new)[0] else ["", statement]
    elif behind is not None:
        at, added = behind.lineno - 1, [statement, ""]
    else:
        at = source.docstring_lines()[1]
        added = ["", statement] if at else [statement, *([""] * 2 if lines else [])]
    lines[at:at] = added
    return "\n".join(lines) + "\n"


def _order(node: ast.stmt) -> tuple[int, bool, str]:
    """Where isort puts an import: the standard library, packages, the course's own; `import` before `from`."""
    name = (node.module or "") if isinstance(node, ast.ImportFrom) else ""
    if isinstance(node, ast.Import):
        name = node.names[0].name
    top = name.partition(".")[0]
    section = 0 if top in sys.stdlib_module_names else 2 if top in ("dojo", "katas") else 1
    return section, isinstance(node, ast.ImportFrom), name


def _order_of_name(name: str) -> tuple[int, str]:
    return (0 if name.isupper() else 1 if name[:1].isupper() else 2), name
