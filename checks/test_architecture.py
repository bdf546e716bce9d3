"""How the packages of dojo/ stand to each other: imports go one way, as ARCHITECTURE.md shows."""

from __future__ import annotations

import ast
import re
import subprocess
import sys

import pytest

from .small_course import ROOT

# Each line may import from the lines above it, and nothing else; a package may import from itself.
ORDER = (
    ("support", "sim"),
    ("course",),
    ("testbed", "updating"),
    ("failures",),
    ("pictures", "progress", "authoring", "expect"),
    ("reports", "judging", "picture", "card_example"),
    ("classroom", "running", "ci"),
    ("watching", "notebook", "tutor", "plugin"),
    ("commands",),
    ("cli",),
    ("__main__",),
)
LINE = {name: number for number, names in enumerate(ORDER) for name in names}


def _module_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {_module_of(path): path for path in (ROOT / "dojo").rglob("*.py")}


def _imports(name):
    """The modules that a module imports, anywhere in it, by their full names."""
    found = set()
    for node in ast.walk(ast.parse(MODULES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name}: imports name modules in full"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found.add(whole if whole in MODULES else node.module)
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return {module for module in found if module.partition(".")[0] == "dojo"}


def _package(module):
    return module.split(".")[1] if "." in module else ""


def test_every_module_is_in_a_package_of_the_order():
    assert {_package(name) for name in MODULES} - {""} == set(LINE)


@pytest.mark.parametrize("name", sorted(MODULES))
def test_imports_go_from_later_lines_to_earlier_ones(name):
    here = _package(name)
    for imported in _imports(name):
        assert imported in MODULES, f"{name} imports {imported}"
        there = _package(imported)
        # `from dojo import __version__` needs no package.
        if there not in ("", here):
            assert LINE[there] < LINE[here], f"{name} imports {imported}, which must be on an earlier line of the order"


def test_no_cycle_inside_a_package():
    graph = {name: _imports(name) for name in MODULES}
    seen: set[str] = set()

    def walk(name, path):
        assert name not in path, " > ".join([*path, name])
        if name not in seen:
            for other in sorted(graph[name]):
                walk(other, [*path, name])
            seen.add(name)

    for name in graph:
        walk(name, [])


def test_the_map_shows_this_order():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| `([\w./]+)` \|", text, re.MULTILINE)
    shown = {name.removesuffix("/").removesuffix(".py"): int(line) for line, name in rows}
    assert shown == {name: number + 1 for name, number in LINE.items() if name != "__main__"}
    for name in shown:
        path = ROOT / "dojo" / name
        assert path.is_dir() or path.with_suffix(".py").is_file()


def test_the_map_names_files_that_exist():
    for page in ("ARCHITECTURE.md", "CONTRIBUTING.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        named = re.findall(r"`((?:dojo|checks|docs|data|\.github)/[\w./-]*)`", text)
        assert named
        assert not [name for name in named if not (ROOT / name).exists()]


def test_the_plugin_loads_without_torch():
    code = "import sys, dojo.plugin; print([n for n in ('torch', 'numpy') if n in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_the_machinery_names_no_kata_of_the_course():
    from dojo.course.curriculum import read_curriculum

    curriculum = read_curriculum(ROOT)
    # A step may be called as an operator of PyTorch is; a name of several words is nobody else's.
    names = {step.name for step in curriculum.steps() if "_" in step.name}
    names |= {kata.id.partition("/")[2] for kata in curriculum.katas()} | {each.id for each in curriculum.lessons}
    for name, path in MODULES.items():
        constants = (node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant))
        assert not names & {value for value in constants if isinstance(value, str)}, name
