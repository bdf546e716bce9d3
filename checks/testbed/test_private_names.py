"""Private names of PyTorch and pytest: three files hold them, and a run goes on without any of them."""

from __future__ import annotations

import ast
import re

import pytest

from dojo.testbed import pytest_private, torch_private

from ..private_names import runs_without
from ..small_course import ROOT, small_course

NAMES = {
    f"{private.module}.{private.name}".strip("."): private for private in (*pytest_private.NAMES, *torch_private.NAMES)
}
COUNTS = """

def test_total__is_one_operation():
    from dojo.expect import assert_operators, count_operators

    rows = torch.ones(2, 3)
    with count_operators() as operators:
        kata.total(rows)
    assert_operators(operators, at_most=1, because="One call is enough.")
"""


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    course = small_course(tmp_path_factory.mktemp("private") / "course")
    course.solve(double="return x * x")
    tests = course.root / course.tests
    tests.write_text(tests.read_text() + COUNTS)
    return runs_without(course, [*NAMES], "--device", "cpu")


@pytest.mark.full
@pytest.mark.parametrize("name", NAMES)
def test_a_run_without_a_private_name_gives_its_verdict_and_says_what_it_lacks(runs, name):
    ran = runs[name]
    assert ran.status == 1
    assert "2 of 2 values differ" in ran.out
    assert ran.out.count(" has no ") == 1
    assert f" has no {name}: {NAMES[name].lost}\n" in ran.out


def test_this_pytorch_and_this_pytest_have_every_private_name():
    assert (torch_private.missing(), pytest_private.missing()) == ([], [])


HOMES = ("testbed/torch_private.py", "testbed/pytest_private.py", "sim/private.py")
FILES = [path for path in (ROOT / "dojo").rglob("*.py") if path.relative_to(ROOT / "dojo").as_posix() not in HOMES]
# Names of Python's own library.
PYTHONS = {
    "_asdict",
    "_exit",
    "_getframe",
    "_current_frames",
    "_data",
    "_actions",
    "_SubParsersAction",
    "_MISSING_TYPE",
}
NAMED = re.compile(r"(?<![\w.])(_pytest|torch(\.\w+)*\._[a-zA-Z]\w*)")


def _own_names():
    """Every private name that dojo/ itself defines: functions, classes, variables and attributes."""
    found = set()
    for path in (ROOT / "dojo").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                found.add(node.name)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                found.add(node.id)
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                found.add(node.attr)
    return found


def _foreign_names(source, own):
    """The private names of PyTorch and pytest that a file uses."""
    tree = ast.parse(source)
    said = {
        id(body[0].value)
        for node in ast.walk(tree)
        if (body := getattr(node, "body", None)) and isinstance(body, list) and isinstance(body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and re.match("_[a-zA-Z]", node.attr) and node.attr not in own | PYTHONS:
            yield node.attr
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            module = getattr(node, "module", "") or ""
            yield from (name for each in node.names if NAMED.match(name := f"{module}.{each.name}".strip(".")))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield from (match[0] for match in NAMED.finditer(node.value))


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from _pytest.runner import runtestprotocol", ["_pytest.runner.runtestprotocol"]),
        ("import torch._dynamo", ["torch._dynamo"]),
        ("from torch.utils._python_dispatch import TorchDispatchMode", ["torch.utils._python_dispatch"]),
        ("with torch._C.DisableTorchFunction(): pass", ["_C"]),
        ("reporter._tw.write('x')", ["_tw"]),
        ("importlib.import_module('torch._dynamo')", ["torch._dynamo"]),
        ("def f():\n    'As torch._dynamo does.'\n    self._mine.x = os._exit", []),
    ],
)
def test_the_search_for_private_names_finds_them(source, found):
    assert [name[: len(wanted)] for name, wanted in zip(_foreign_names(source, {"_mine"}), found, strict=True)] == found


def test_private_names_are_used_in_three_files_alone():
    own = _own_names()
    found = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in FILES
        for name in _foreign_names(path.read_text(encoding="utf-8"), own)
    }
    assert found == set()
