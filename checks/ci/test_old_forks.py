"""The `dojo update` and the workflow files of a fork of version 1.0.0 work with this version.

The update is the old version's code, which runs while the new version's files replace it. The workflow files are old
too. Their publishing job installs the course and nothing else.
"""

from __future__ import annotations

import ast
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import venv
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from dojo.cli import parser_for
from dojo.course.definitions import read_definitions, read_source
from dojo.updating.apply import alone

from ..forks import ENV, clone_of, commit, fork_of, git, history, publish_course, write_report
from ..small_course import ROOT, SmallCourse
from .hub import Hub
from .test_workflows import commands_in

# Version 1.0.0. The repository has no tags.
OLD = "a607f12"
FULL_OF = "katas/lesson_1_tensors/kata_01_creating.py"
REPAIR = "katas/lesson_2_autograd/kata_03_accumulation.py"


@pytest.fixture(scope="module")
def old(tmp_path_factory):
    """The files of version 1.0.0, in a folder."""
    there = ["git", "cat-file", "-e", f"{OLD}^{{commit}}"]
    if subprocess.run(there, cwd=ROOT, capture_output=True, check=False).returncode:
        pytest.skip(f"{OLD}, version 1.0.0, is not in this history: a shallow checkout, or a copy without it.")
    folder = tmp_path_factory.mktemp("old")
    archive = subprocess.run(["git", "archive", OLD], cwd=ROOT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        tar.extractall(folder, filter="data")
    return folder


def _python(*arguments, cwd, path, python=sys.executable, env=None):
    return subprocess.run(
        [python, *arguments],
        cwd=cwd,
        env=os.environ | ENV | {"PYTHONPATH": str(path), "COLUMNS": "80", "NO_COLOR": "1"} | (env or {}),
        capture_output=True,
        text=True,
        check=False,
    )


def _upstream_and_fork(folder):
    """A course with the version being worked on, and a fork of version 1.0.0."""
    upstream, fork = folder / "upstream", folder / "fork"
    git(folder, "clone", "--quiet", str(ROOT), "upstream")
    # The working tree counts, not only what is committed.
    for name in git(ROOT, "ls-files", "--cached", "--others", "--exclude-standard").splitlines():
        (upstream / name).parent.mkdir(parents=True, exist_ok=True)
        (upstream / name).unlink(missing_ok=True)
        if (ROOT / name).is_file():
            shutil.copyfile(ROOT / name, upstream / name)
    git(upstream, "add", "--all")
    git(upstream, "commit", "--quiet", "--allow-empty", "--message", "the version being worked on")
    git(folder, "clone", "--quiet", str(ROOT), "fork")
    git(fork, "switch", "--quiet", "--force-create", "main", OLD)
    git(fork, "remote", "add", "upstream", str(upstream))
    return upstream, fork


def test_version_1_takes_every_step_for_a_stub():
    """Its `dojo update` refuses a course in which a definition of katas/ does not say `raise NotImplementedError`."""
    for path in sorted((ROOT / "katas").rglob("kata_*.py")):
        for step in read_source(path.read_text(encoding="utf-8")).by_name().values():
            if not step.name.startswith("_"):
                assert "raise NotImplementedError" in "\n".join(step.lines), f"{step.name} in {path.name}"


@pytest.mark.full
def test_the_old_versions_own_update_brings_this_version_in(old, tmp_path):
    upstream, fork = _upstream_and_fork(tmp_path)
    kata = fork / FULL_OF
    answered = kata.read_text().replace("raise NotImplementedError", "return torch.full(shape, value, MINE)", 1)
    kata.write_text(answered.replace("MINE", "dtype=torch.float32"))
    git(fork, "commit", "--quiet", "--all", "--message", "my answer")

    ran = _python("-m", "dojo", "update", cwd=fork, path=fork)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "Traceback" not in ran.stderr
    assert "return torch.full(shape, value, dtype=torch.float32)" in kata.read_text()
    # The stub of a step that is a repair step now is the code to fix.
    assert "# Fix the code below." in (fork / REPAIR).read_text()
    # The fork has every module of the new version, and none of the old one.
    here = {path.relative_to(upstream).as_posix() for path in (upstream / "dojo").rglob("*.py")}
    there = {path.relative_to(fork).as_posix() for path in (fork / "dojo").rglob("*.py")}
    assert here == there
    # The new version works in the fork.
    listed = _python("-m", "dojo", "list", "--json", cwd=fork, path=fork)
    assert json.loads(listed.stdout), listed.stderr
    judged = _python("-m", "pytest", "--step", "full_of", "--device", "cpu", cwd=fork, path=fork)
    assert judged.returncode == 0, judged.stdout + judged.stderr
    assert "full_of is green" in judged.stdout
    again = _python("-m", "dojo", "update", cwd=fork, path=fork)
    assert "Already up to date" in again.stdout, again.stdout + again.stderr


CREATING, DTYPES = "lesson_1_tensors/kata_01_creating", "lesson_1_tensors/kata_02_dtypes"
SURGERY, SHAPES = "lesson_3_nn_module/kata_07_surgery", "lesson_1_tensors/kata_04_shapes"
ROWS = [
    {"from": f"{CREATING}/from_rows", "to": f"{CREATING}/tensor_of_rows", "since": "2.0.0"},
    {"from": f"{DTYPES}/within", "to": f"{SHAPES}/between", "since": "2.0.0"},
    {"from": f"{SURGERY}/freeze", "to": f"{SHAPES}/freeze", "since": "2.0.0"},
]


def _new_cards_and_names(upstream):
    """Publish a version in which some cards are new, a step is renamed, and two have moved."""
    for tree in ("katas", "solutions"):
        for kata, old, new in (
            (CREATING, "def full_of(", "The first new line of this card."),
            (CREATING, "def zeros_matching(", "The first new line of this card."),
            (CREATING, "def from_rows(", "The first new line of this card."),
            (SURGERY, "def trainable(", "The first new line of this card."),
            ("lesson_3_nn_module/kata_01_parameters", "class Neuron(", "The first new line of a class."),
        ):
            path = upstream / tree / f"{kata}.py"
            before, found, after = path.read_text().partition(f"\n{old}")
            assert found, old
            path.write_text(before + found + after.replace('"""', f'"""{new}\n\n    ', 1))
    for tree in ("katas", "solutions", "tests", "mistakes"):
        path = upstream / tree / f"{CREATING}.py"
        path.write_text(re.sub(r"(\b|(?<=_))from_rows(\b|(?=__))", "tensor_of_rows", path.read_text()))
    for source, name, new in ((DTYPES, "within", "between"), (SURGERY, "freeze", "freeze")):
        for tree, first in (("katas", ""), ("solutions", ""), ("tests", "test_")):
            path, target = upstream / tree / f"{source}.py", upstream / tree / f"{SHAPES}.py"
            for each in read_source(path.read_text()).definitions[::-1]:
                if each.name == name or each.name.startswith(f"{first}{name}__"):
                    lines = path.read_text().split("\n")
                    block = "\n".join(each.block).replace(f"def {first}{name}", f"def {first}{new}")
                    target.write_text(target.read_text() + "\n\n" + block + "\n")
                    path.write_text("\n".join(lines[: each.top] + lines[each.end_line :]))
    (upstream / "tests/moved.json").write_text(json.dumps(ROWS))
    git(upstream, "commit", "--quiet", "--all", "--message", "new cards and names")


@pytest.mark.full
def test_this_version_finishes_once_what_the_old_versions_update_left(old, tmp_path):
    upstream, fork = _upstream_and_fork(tmp_path)
    _new_cards_and_names(upstream)
    # All reference answers are written in. The learner has changed one card whose text is new.
    shutil.copytree(old / "solutions", fork / "katas", dirs_exist_ok=True)
    kata = fork / FULL_OF
    before, found, after = kata.read_text().partition("\ndef zeros_matching(")
    kata.write_text(before + found + after.replace('"""', '"""My own note. ', 1))
    git(fork, "commit", "--quiet", "--all", "--message", "my answers")
    ran = _python("-m", "dojo", "update", cwd=fork, path=fork)
    assert ran.returncode == 0, ran.stdout + ran.stderr

    def state():
        return {path.name + str(path.parent): path.read_bytes() for path in (fork / "katas").rglob("*.*")}

    left = state()
    beside = sorted(path.name for path in (fork / "katas").rglob("*.new.txt"))
    assert {"kata_01_creating.full_of.new.txt", "kata_01_parameters.Neuron.new.txt"} <= set(beside)
    # A run that is not the learner's changes nothing.
    for arguments in (("--collect-only",), ("--against", "solutions"), ("--progress-json", str(tmp_path / "p.json"))):
        ran = _python("-m", "pytest", "-q", f"tests/{CREATING}.py", "--device=cpu", *arguments, cwd=fork, path=fork)
        assert ran.returncode in (0, 1), ran.stdout + ran.stderr
        assert state() == left, arguments

    # An update that is under way keeps this out.
    with alone(fork):
        ran = _python("-m", "pytest", "--step", "full_of", "--device=cpu", cwd=fork, path=fork)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert state() == left

    ran = _python("-m", "dojo", "run", "from_rows", "--device", "cpu", cwd=fork, path=fork)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "The new name of from_rows is tensor_of_rows." in ran.stderr
    (said,) = [line for line in ran.stdout.splitlines() if line.startswith("The update from version 1.0.0 is finished")]
    assert "the answers to tensor_of_rows, " in said
    (backup,) = (fork / ".dojo/backups").glob("*_finish")
    assert said.endswith(f"dojo restore {backup.name}")
    # Every answer is there, also those under a new name, and every card but the learner's own is the new one.
    moved = {row["from"]: row["to"] for row in ROWS}
    for tests in sorted((old / "tests").glob("lesson_*/kata_*.py")):
        kata_id = tests.relative_to(old / "tests").with_suffix("").as_posix()
        for name, was in read_definitions(old / "solutions" / f"{kata_id}.py").items():
            new_kata, _, new = moved.get(f"{kata_id}/{name}", f"{kata_id}/{name}").rpartition("/")
            given = read_definitions(fork / "solutions" / f"{new_kata}.py").get(new)
            if given is not None:
                now = read_definitions(fork / "katas" / f"{new_kata}.py")[new]
                assert now.code == [line.replace(f"def {name}", f"def {new}") for line in was.code], (kata_id, name)
                assert (now.docstring == given.docstring) == (name != "zeros_matching"), (kata_id, name)
    assert "My own note." in kata.read_text()
    assert [path.name for path in (fork / "katas").rglob("*.new.txt")] == ["kata_01_creating.zeros_matching.new.txt"]
    # What was changed is in the backup, and the work is done once.
    for path in backup.rglob("*.*"):
        assert path.read_bytes() == left[path.name + str(fork / "katas" / path.parent.relative_to(backup))]
    done = state()
    ran = _python("-m", "pytest", "--step", "between", "--device", "cpu", cwd=fork, path=fork)
    assert "is finished" not in ran.stdout
    again = _python("-m", "dojo", "update", cwd=fork, path=fork)
    assert "Already up to date" in again.stdout, again.stdout + again.stderr
    assert state() == done


@pytest.mark.full
def test_the_old_workflows_own_lines_judge_and_publish_with_this_version(old, course, tmp_path):
    for name in ("dojo", ".github"):
        shutil.copytree(old / name, course.root / name)
    for name in ("conftest.py", "pyproject.toml", "constraints.txt"):
        shutil.copy(old / name, course.root)
    hub = Hub(tmp_path / "hub", tmp_path)
    publish_course(course, tmp_path)
    (hub.home / "real").touch()
    hosted = hub.host("teachers/course", course.root)
    fork = hub.host("ada/course", course.root, parent=hosted)
    fork.variables["DOJO_FAIL_ON"] = "any-red"
    mine = clone_of(fork.bare, tmp_path / "fork")
    mine.solve(double="return x * x")
    head = commit(mine, "mine")
    git(mine.root, "push", "--quiet", "origin", "main")
    # The course publishes this version.
    shutil.rmtree(course.root / "dojo")
    shutil.copytree(ROOT / "dojo", course.root / "dojo", ignore=shutil.ignore_patterns("__pycache__"))
    commit(course, "this version")
    git(course.root, "push", "--quiet", str(hosted.bare), "main")

    jobs = hub.push(fork)["progress", "main"].jobs
    assert (jobs["judge"].result, jobs["publish"].result) == ("failure", "success"), jobs
    (line,) = history(fork.bare)
    assert (line["commit"], line["totals"]["green"]) == (head, 3)


def test_the_old_versions_tests_run_with_this_machinery(old):
    """The CI of an old fork judges with the installed machinery and the old version's own tests."""
    named = {line for path in [old / "conftest.py", *(old / "tests").rglob("*.py")] for line in _imports(path)}
    assert any("dojo.expect" in line for line in named)
    for line in named:
        exec(line, {})


def _imports(path: Path) -> list[str]:
    """The lines of a file that import something of the machinery, each as one line."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    lines = [ast.unparse(node) for node in nodes if isinstance(node, (ast.Import, ast.ImportFrom))]
    return [line for line in lines if line.split()[1].partition(".")[0] == "dojo"]


def test_every_command_of_the_old_workflows_is_still_understood(old):
    texts = [*(old / ".github/workflows").glob("*.yml"), old / ".gitlab-ci.yml"]
    found = set()
    for path in texts:
        loaded = YAML(typ="safe").load(path.read_text())
        jobs = loaded["jobs"].values() if "jobs" in loaded else [j for j in loaded.values() if isinstance(j, dict)]
        for job in jobs:
            for script in [step.get("run", "") for step in job.get("steps", [])] + job.get("script", []):
                for words in commands_in(script):
                    parser_for(words).parse_args(words)
                    found.add(words[0] if words[0] != "ci" else " ".join(words[:2]))
    assert found == {"check", "publish-solutions", "ci judge", "ci publish", "ci stray-pull-request"}


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """A Python that has only the standard library."""
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder, with_pip=False)
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    code = "import importlib.util as u; print([n for n in ('torch', 'pytest', 'rich', 'numpy') if u.find_spec(n)])"
    assert _python("-c", code, cwd=folder, path="", python=python).stdout.strip() == "[]"
    return python


def _bare(bare: Path, course: SmallCourse, *arguments: str) -> str:
    ran = _python("-m", "dojo", *arguments, cwd=course.root, path=ROOT, python=bare)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_what_the_job_that_may_write_runs_needs_the_standard_library_alone(course, tmp_path, bare):
    upstream = publish_course(course, tmp_path)
    assert "The branch solutions is at" in _bare(bare, course, "publish-solutions", "--push", "origin")
    fork = fork_of(upstream, tmp_path)
    write_report(fork, green=("double",))
    arguments = ["--progress", "report/progress.json", "--upstream", str(upstream)]
    _bare(bare, fork, "ci", "publish", *arguments)
    assert history(tmp_path / "fork.git")[0]["totals"]["green"] == 1
    assert "<svg" in git(tmp_path / "fork.git", "show", "progress:badge.svg")
    assert "<html" in git(tmp_path / "fork.git", "show", "progress:index.html")
    repositories = {"head": {"repo": {"full_name": "ada/course"}}, "base": {"repo": {"full_name": "school/course"}}}
    fork.write("event.json", json.dumps({"pull_request": {"user": {"login": "ada"}} | repositories}))
    fork.write("files", FULL_OF)
    assert f"Role: learner. The course at {upstream} judges" in _bare(
        bare, fork, "ci", "role", "--upstream", str(upstream)
    )
    arguments = ["--event", "event.json", "--files", "files", "--out", "note.md"]
    assert "meant for the learner's own fork" in _bare(bare, fork, "ci", "stray-pull-request", *arguments)
