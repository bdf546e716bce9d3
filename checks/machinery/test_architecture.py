"""How the modules of dojo/ stand to each other."""

from __future__ import annotations

import ast
import subprocess
import sys

from .conftest import ROOT

MODULES = {path.stem: path for path in (ROOT / "dojo").rglob("*.py")}


def _imports(path):
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("dojo"):
            parts = node.module.split(".")
            found |= {parts[-1]} if len(parts) > 1 else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[-1] for alias in node.names if alias.name.startswith("dojo.")}
    return found & MODULES.keys()


def test_no_cycle_and_nobody_imports_plugin_or_cli():
    graph = {name: _imports(path) for name, path in MODULES.items() if name not in ("__init__", "__main__")}
    for name, imported in graph.items():
        assert not imported & {"plugin", "cli"}, name
    seen: set[str] = set()

    def walk(name, path):
        assert name not in path, " > ".join([*path, name])
        if name not in seen:
            for other in graph.get(name, ()):
                walk(other, [*path, name])
            seen.add(name)

    for name in graph:
        walk(name, [])


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
