"""The skeleton of a new step: its part in each tree, with TODO in every place that the author must write.

`left_to_do` finds the places that are not written yet, so that nobody mistakes a skeleton for a finished step.
"""

from __future__ import annotations

import ast
import dataclasses
import re
import sys
from pathlib import Path

from dojo.course.curriculum import core_in, tests_by_step
from dojo.course.definitions import Source, bound_by, read_editable
from dojo.course.given_code import AS_IT_WAS
from dojo.course.hints import sections_of
from dojo.course.layout import ALL_TREES, file_in

# The author's task in each tree, in this order.
TASKS = {
    "tests": "a test for each behaviour",
    "katas": "the card",
    "solutions": "the reference answer; dojo sync-cards puts the card here",
    "hints": "three hints",
    "mistakes": "two mistakes",
    "checks/accepted": "two accepted ways",
}

_HEADERS = {
    "tests": '"""The specification of katas/{kata}.py."""',
    "katas": (
        '"""{title}.\n\n'
        "TODO: the idea. The introduction has at most 22 lines of at most 76 characters.\n\n"
        "    >>> TODO: a worked example that is nobody's answer\n\n"
        "Every step: TODO: what all steps share, in at most two lines.\n\n"
        'Afterwards you can TODO: do what.\n"""'
    ),
    "solutions": '"""TODO: the introduction. The command `dojo sync-cards` copies it from katas/."""',
    "hints": "# Hints: {title}",
    "mistakes": '"""Wrong answers to katas/{kata}.py, each with the sentence that corrects the belief."""',
    "checks/accepted": '"""Other right answers to katas/{kata}.py: the tests must accept them."""',
}

_TEST = """\
def test_{step}__todo_name_the_behaviour(device):
    # TODO: call the test after the one behaviour that it checks; expected values come from NumPy or mathematics.
    x = torch.tensor([1.0, 2.0], device=device)
    assert_tensor({call}, torch.tensor([0.0, 0.0]), device=device)


def test_{step}__does_what_its_example_shows(example):
    example.check(kata)
"""

_CARD = '''\
    """Return TODO: what, in one sentence on one line.

    Args:
        x: TODO: shape and dtype, then anything unusual about it.

    Returns:
        TODO: shape, dtype and device, unless every step shares them.

    Must:
        - TODO: what the tests demand, if Args and Returns do not say it

    Example:
        >>> {example}
        TODO: numbers that can be checked by hand

    Foundations: TODO: the same idea by hand. Or Grows from: a step.
    """
'''

_REPAIR_CARD = '''\
    """Fix TODO: what goes wrong, in one sentence.

    Args:
        x: TODO: shape and dtype, then anything unusual about it.

    Returns:
        TODO: type, shape, dtype.

    Symptom: as given, the example TODO: what it shows, never its cause.

    Example:
        >>> {example}
        TODO: numbers that can be checked by hand, once it is fixed

    Foundations: TODO: the same idea by hand. Or Grows from: a step.
    """
'''

_CARD_OF_A_CLASS = '''\
    """A TODO: what, in one sentence on one line.

    Args:
        size: TODO: what is unusual about it.

    Methods:
        forward(x): TODO: shapes and dtypes of x and of the result.

    Must:
        - TODO: what the tests demand, if the sections above do not say it

    Example:
        >>> {example}
        TODO: numbers that can be checked by hand

    Foundations: TODO: the same idea by hand. Or Grows from: a step.
    """
'''

_COPIED = '    """TODO: the card. The command `dojo sync-cards` copies it from katas/."""\n'

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

TODO: a question that the learner can answer, if possible by trying something.

### Hint 2

TODO: the name of the function or the idea, with a link to its page in PyTorch's documentation. If the hint is for a
symptom, the heading says so: Hint 2: wrong dtype.

### Hint 3

TODO: the shape of the answer, never a whole line of it.
"""

_SAYS = '    """TODO: what the code did. What to do instead. (At most 20 words each.)"""\n'
_CORE = re.compile(r"^CORE *= *\([^()]*\)", re.MULTILINE)
_UNFINISHED = re.compile(r"\bTODO\b:? *(.*)|\w__todo")


@dataclasses.dataclass(frozen=True)
class NewStep:
    """A step to write: its name, and whether it is a class or a repair step."""

    name: str
    is_class: bool
    is_repair: bool

    def tasks(self) -> dict[str, str]:
        """The author's tasks, by tree."""
        if self.is_repair:
            return TASKS | {"mistakes": f"the code to fix, {self.name}__{AS_IT_WAS}, and another mistake"}
        return TASKS


def new_file(tree: str, kata_id: str, title: str, step: NewStep) -> str:
    """The text of a kata's new file in a tree, with one step in it."""
    lesson, _, kata = kata_id.partition("/")
    header = _HEADERS[tree].format(kata=kata_id, title=title)
    if tree == "hints":
        return f"{header}\n\n{_part(tree, step)}"
    text = header + "\n"
    if tree == "tests":
        text = _with_import(text, f"from katas.{lesson} import {kata} as kata")
    return with_step(tree, text, step)


def with_step(tree: str, text: str, step: NewStep, after: str | None = None) -> str:
    """The text of a kata's file with one more step, after the step `after` or at the end.

    Raises ValueError if the text does not parse, and KeyError if nothing in the text belongs to the step `after`.
    """
    part = _part(tree, step)
    if tree != "hints":
        for statement in _imports(tree, step):
            text = _with_import(text, statement)
    ends = [end for name, _, end in _pieces(tree, text) if name == after]
    if after is None:
        return f"{text.rstrip()}\n{_gap(tree)}{part}"
    if not ends:
        raise KeyError(after)
    lines = text.splitlines()
    above, below = "\n".join(lines[: ends[-1]]).rstrip(), "\n".join(lines[ends[-1] :])
    below = below.lstrip("\n")
    return f"{above}\n{_gap(tree)}{part}" + (f"{_gap(tree)}{below}\n" if below else "")


def names_in(tree: str, text: str) -> set[str]:
    """The names in a file that a new step must not have. Raises ValueError if the text does not parse."""
    found = {name for name, _, _ in _pieces(tree, text)}
    return found if tree == "hints" else found | {*bound_by(*_source(text).tree.body)}


def left_to_do(root: Path, kata_id: str, step: str) -> list[str]:
    """The places of a step that the author must still write: a line `path:line: what` for each.

    A place at the top of a file belongs to all steps of the file.
    """
    left = []
    for tree in ALL_TREES:
        path = root / file_in(tree, kata_id)
        if not path.is_file():
            continue
        text = path.read_text(encoding="utf-8")
        if "TODO" not in text and "__todo" not in text:
            continue
        try:
            pieces = _pieces(tree, text)
        except ValueError:
            continue  # a run of the tests reports this error better
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
                left.append(f"{file_in(tree, kata_id)}:{number + 1}: {words or 'the name says todo.'}")
    return left


def with_mark(tests: str, kata_id: str, step: str, *, is_core: bool) -> str:
    """The text of a kata's tests with the step in CORE, or with is_core=False without the step in CORE.

    Raises DojoError if CORE is not a tuple of names.
    """
    names = list(tests_by_step(tests))
    core = core_in(tests, kata_id)
    if core is None and is_core and len(names) > 1:
        # Without CORE, all steps of a kata are core.
        return tests
    known = set(names if core is None else core) - {step}
    marked = [name for name in names if name in known or (is_core and name == step)]
    found = _CORE.search(tests)
    if found is not None:
        return tests[: found.start()] + _core(marked) + tests[found.end() :]
    source = _source(tests)
    at = max((node.end_lineno or 0 for node in source.header_statements()), default=source.docstring_lines()[1])
    return "\n".join([*source.lines[:at], "", _core(marked), *source.lines[at:]])


def _core(names: list[str]) -> str:
    """The constant CORE as ruff formats it."""
    quoted = [f'"{name}"' for name in names]
    line = f"CORE = ({', '.join(quoted)}{',' if len(quoted) == 1 else ''})"
    return line if len(line) <= 120 else "\n".join(["CORE = (", *(f"    {name}," for name in quoted), ")"])


def _part(tree: str, step: NewStep) -> str:
    """The text of a step's part in a tree."""
    call = f"{step.name}(2)(x)" if step.is_class else f"{step.name}(x)"
    if tree == "tests":
        return _TEST.format(step=step.name, call=f"kata.{call}")
    if tree == "hints":
        return _HINTS.format(step=step.name)
    if tree == "katas":
        example = call.replace("(x)", "(torch.tensor([1.0, 2.0]))")
        card = _REPAIR_CARD if step.is_repair else _CARD_OF_A_CLASS if step.is_class else _CARD
        return _definition(step.name, step.is_class, card.format(example=example), "")
    if tree == "solutions":
        return _definition(step.name, step.is_class, _COPIED, "# TODO: the clearest body.")
    if tree == "mistakes":
        first = (AS_IT_WAS, "the code to fix") if step.is_repair else ("todo_one_belief", "the wrong answer")
        docstring, answers = _SAYS, [first, ("todo_another_belief", "the wrong answer")]
    else:
        docstring, answers = "", [(label, "another right answer") for label in ("todo_one_way", "todo_another_way")]
    return "\n\n".join(
        _definition(f"{step.name}__{label}", step.is_class, docstring, f"# TODO: {what}.") for label, what in answers
    )


def _definition(name: str, is_class: bool, docstring: str, comment: str) -> str:
    comment = f"    {comment}\n" if comment else ""
    if not is_class:
        return _FUNCTION.format(name=name, docstring=docstring, comment=comment)
    text = _CLASS.format(name=name, docstring=docstring, comment2=comment and f"    {comment}")
    return text if docstring else text.replace(":\n\n", ":\n", 1)


def _gap(tree: str) -> str:
    return "\n" if tree == "hints" else "\n\n"


def _imports(tree: str, step: NewStep) -> list[str]:
    """The imports that a step's part in a tree needs."""
    if tree == "tests":
        return ["import torch", "from dojo.expect import assert_tensor"]
    return ["import torch", *(["from torch import nn"] if step.is_class else [])]


def _source(text: str) -> Source:
    source = read_editable(text)
    if source is None:
        raise ValueError("it is not valid Python, or its lines do not end in \\n")
    return source


def _pieces(tree: str, text: str) -> list[tuple[str, int, int]]:
    """The pieces of a file. Each is a step (or another name) and its lines as [first, end)."""
    if tree == "hints":
        return sections_of(text.splitlines())
    source = _source(text)
    found = []
    for each in source.definitions:
        name = each.name.removeprefix("test_") if tree == "tests" else each.name
        if not name.startswith("_"):
            name = name.partition("__")[0]
        found.append((name, each.top, source.end_of(each)))
    return found


def _with_import(text: str, statement: str) -> str:
    """The text with an import in its sorted place at the top, unless the header binds the names already."""
    source = _source(text)
    new = ast.parse(statement).body[0]
    header = source.header_statements()
    if {*bound_by(new)} <= {*bound_by(*header)}:
        return text
    lines = text.splitlines()
    known = [node for node in header if isinstance(node, (ast.Import, ast.ImportFrom))]
    for node in known:
        if isinstance(node, ast.ImportFrom) and isinstance(new, ast.ImportFrom) and node.module == new.module:
            lines[node.lineno - 1 : node.end_lineno] = _joined(node, new)
            break
    else:
        at, added = _place_of_import(source, known, new)
        lines[at:at] = added
    return "\n".join(lines) + "\n"


def _joined(node: ast.ImportFrom, new: ast.ImportFrom) -> list[str]:
    """The lines of one import of everything that two imports from the same module name."""
    names = sorted((ast.unparse(each) for each in [*node.names, *new.names]), key=_order_of_name)
    short = f"from {node.module} import {', '.join(names)}"
    if node.lineno == node.end_lineno and len(short) <= 120:
        return [short]
    return [f"from {node.module} import (", *(f"    {name}," for name in names), ")"]


def _place_of_import(source: Source, known: list[ast.Import | ast.ImportFrom], new: ast.stmt) -> tuple[int, list[str]]:
    """The index of the line at which to insert a new import, and its lines with blank lines around it."""
    statement = ast.unparse(new)
    section = _order(new)[0]
    before = next((node for node in reversed(known) if _order(node) < _order(new)), None)
    after = next((node for node in known if _order(node) > _order(new)), None)
    if after is not None and _order(after)[0] == section:
        return after.lineno - 1, [statement]
    if before is not None:
        return before.end_lineno or 0, [statement] if _order(before)[0] == section else ["", statement]
    if after is not None:
        return after.lineno - 1, [statement, ""]
    at = source.docstring_lines()[1]
    return at, ["", statement] if at else [statement, *([""] * 2 if any(source.lines) else [])]


def _order(node: ast.stmt) -> tuple[int, bool, str]:
    """A key that sorts imports as isort does: standard library, packages, the course; `import` before `from`."""
    name = (node.module or "") if isinstance(node, ast.ImportFrom) else ""
    if isinstance(node, ast.Import):
        name = node.names[0].name
    top = name.partition(".")[0]
    section = 0 if top in sys.stdlib_module_names else 2 if top in ("dojo", "katas") else 1
    return section, isinstance(node, ast.ImportFrom), name


def _order_of_name(name: str) -> tuple[int, str]:
    return (0 if name.isupper() else 1 if name[:1].isupper() else 2), name
