"""Modules and files that are named as text: a name that matches nothing would fail silently.

A file that moves takes nothing along that names it in a string: the judge would guard less, send less, or look for
something that is not there.
"""

from __future__ import annotations

import ast
import importlib
import io
import json
import pkgutil
import re
import sys
import tarfile
from pathlib import Path

import pytest

import dojo
from dojo import cli

from .small_course import ROOT

TEXTS = ("dojo", "checks", "docs", ".github", ".ci", ".devcontainer", ".vscode")
ENDINGS = (".py", ".md", ".toml", ".yml", ".yaml", ".json", ".html", ".css", ".js", "")
# A path (checks/dojo.x) or a longer word is not a name of this package.
# dojo.toml is the file of an instructor's settings.
MODULE = re.compile(r"(?<![\w./-])dojo((?:\.(?!toml\b)[A-Za-z_]\w*)+)")
FILE = re.compile(r"(?<![\w./-])dojo/[\w./]*\.\w+")


def _texts():
    """Every text that may name a module or a file; of Python's files, what their strings say too."""
    files = [path for folder in TEXTS for path in (ROOT / folder).rglob("*")]
    files += [path for path in ROOT.iterdir() if path.suffix in (".md", ".toml", ".py", ".yml")]
    for path in files:
        if path.is_file() and path.suffix in ENDINGS and "__pycache__" not in path.parts:
            text = path.read_text(encoding="utf-8")
            yield path, text
            if path.suffix == ".py":
                for node in ast.walk(ast.parse(text)):
                    if isinstance(node, ast.Constant) and isinstance(node.value, str):
                        yield path, node.value


def _modules():
    """Every module of the package, by walking it."""
    yield "dojo"
    for found in pkgutil.walk_packages(dojo.__path__, "dojo."):
        if not found.name.endswith("__main__"):
            yield found.name


def _is_there(parts):
    """Whether these names lead to a module of the package, or to something in one."""
    found, module = dojo, "dojo"
    for index, part in enumerate(parts):
        try:
            module = f"{module}.{part}"
            found = importlib.import_module(module)
        except ModuleNotFoundError:
            return hasattr(found, parts[index])
    return True


def test_every_module_named_as_text_exists():
    named = {(match[1], path) for path, text in _texts() for match in MODULE.finditer(text)}
    # `from dojo.expect import assert_tensor, assert_value`, also as a line of a string.
    for path, text in _texts():
        for module, names in re.findall(r"^ *from dojo((?:\.\w+)*) import ([\w, ]+)", text, re.MULTILINE):
            named |= {(f"{module}.{name.split()[0]}", path) for name in names.split(",") if name.strip()}
    assert len(named) > 100
    assert not [f"dojo{name} in {path.relative_to(ROOT)}" for name, path in named if not _is_there(name[1:].split("."))]


def test_every_file_of_the_package_named_as_text_exists():
    named = {(match[0], path) for path, text in _texts() for match in FILE.finditer(text)}
    assert named
    assert not [f"{name} in {path.relative_to(ROOT)}" for name, path in named if not (ROOT / name).exists()]


def test_the_installed_package_is_the_whole_package():
    tomllib = pytest.importorskip("tomllib", reason="Python 3.10 has no tomllib")
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    packages = {path.parent for path in (ROOT / "dojo").rglob("*.py")}
    assert all((package / "__init__.py").is_file() for package in packages)
    if isinstance(tool["packages"], list):
        assert {package.relative_to(ROOT).as_posix().replace("/", ".") for package in packages} == {*tool["packages"]}
    else:
        assert tool["packages"] == {"find": {"include": ["dojo", "dojo.*"]}}
    data = {
        path
        for package, patterns in tool["package-data"].items()
        for pattern in patterns
        for folder in (packages if package == "*" else [ROOT / package.replace(".", "/")])
        for path in folder.glob(pattern)
    }
    others = {path for path in (ROOT / "dojo").rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")}
    assert data == others


def test_a_machine_that_verifies_gets_the_whole_package():
    from dojo.judging.judge import archive_of

    with tarfile.open(fileobj=io.BytesIO(archive_of(ROOT))) as tar:
        sent = {name for name in tar.getnames() if name.startswith("dojo/")}
    files = {path for path in (ROOT / "dojo").rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert sent == {path.relative_to(ROOT).as_posix() for path in files}


def test_the_sandbox_finds_what_sets_its_limits():
    from dojo.judging import sandbox, set_limits

    assert Path(sandbox.LAUNCHER) == Path(set_limits.__file__)


def test_a_warm_process_finds_this_package():
    from dojo.watching import runner

    assert Path(runner.PACKAGE_PARENT, "dojo") == Path(dojo.__file__).parent
    assert importlib.import_module(runner.WARM).main


WRAPS_ALL = """\
import json, sys
from pathlib import Path
wrapped = []
for name, module in list(sys.modules.items()):
    if name == "dojo" or name.startswith("dojo."):
        for key, value in list(vars(module).items()):
            if callable(value) and not isinstance(value, type) and getattr(value, '__module__', '') == name:
                setattr(module, key, (lambda f: lambda *a, **k: f(*a, **k))(value))
                wrapped.append(f"{name}:{key}")
if wrapped:
    Path(FILE).write_text(json.dumps(wrapped))
return 2 * x
"""
TELLS = """\
import json, sys
from pathlib import Path
wrapped = json.loads(Path(FILE).read_text())
left = [
    name for name in wrapped
    if vars(sys.modules[name.partition(":")[0]])[name.partition(":")[2]].__name__ == "<lambda>"
]
Path(FILE).with_suffix(".after").write_text(json.dumps([left, sorted(sys.modules)]))
return rows.sum(dim=1)
"""


def test_whatever_guards_the_judge_guards_every_module_that_judges(course, tmp_path):
    told = tmp_path / "told.json"
    file = repr(str(told))
    course.solve(double=WRAPS_ALL.replace("FILE", file), total=TELLS.replace("FILE", file))
    ran = course.pytest("--all")
    assert "replaces dojo." in " ".join(ran.out.split())
    wrapped = json.loads(told.read_text())
    left, loaded = json.loads(told.with_suffix(".after").read_text())
    assert left == []
    # Every module that this run loaded and that defines a function has been tried, in every package.
    tried = {name.partition(":")[0] for name in wrapped}
    judges = {name for name in loaded if name.startswith("dojo.") and name in set(_modules())}
    assert len(judges) > 20
    without = {name for name in judges if not re.search(r"^def ", _source(name), re.MULTILINE)}
    assert judges - tried <= without


def _source(name):
    path = Path(dojo.__file__).parent.parent / name.replace(".", "/")
    return (path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text(encoding="utf-8")


def test_every_module_can_be_guarded():
    from dojo.testbed import tampering

    for name in _modules():
        importlib.import_module(name)
    guarded = {names.path for names in tampering.Originals()._kept}
    assert {name for name in _modules() if name != "dojo"} <= guarded


def test_a_module_that_is_imported_late_is_guarded_from_then_on(monkeypatch):
    from dojo.failures.clues import of_failure
    from dojo.testbed import tampering

    monkeypatch.setattr(tampering._Snapshot, "originals", None)
    monkeypatch.delitem(sys.modules, of_failure.__name__)
    tampering.snapshot()
    monkeypatch.setitem(sys.modules, of_failure.__name__, of_failure)
    tampering.guard_new_modules()
    original = of_failure.clue_of
    monkeypatch.setattr(of_failure, "clue_of", lambda *arguments: None)
    assert f"{of_failure.__name__}.clue_of" in tampering.put_back(thorough=True)
    assert of_failure.clue_of is original


def test_the_page_on_commands_names_every_command():
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    missing = [name for name in cli.COMMANDS if f"`dojo {name}" not in text]
    assert not missing, f"docs/commands.md has no line for {missing}"


def test_the_page_on_clues_names_every_kind():
    text = (ROOT / "docs" / "clues.md").read_text(encoding="utf-8")
    # The kinds of errors stand together in one module, to which the page points.
    modules = set((ROOT / "dojo/failures/clues").glob("*.py")) - {ROOT / "dojo/failures/clues/errors.py"}
    kinds = {
        kind for module in modules for kind in re.findall(r'\bClue\(\s*"(\w+)"', module.read_text(encoding="utf-8"))
    }
    assert len(kinds) > 30
    missing = [kind for kind in sorted(kinds) if f"`{kind}`" not in text]
    assert not missing, f"the table of docs/clues.md has no {missing}"
