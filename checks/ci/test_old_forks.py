"""The `dojo update` and the workflow files of a fork of version 1.0.0 work with this version.

The update is the old version's code, which runs while the new version's files replace it. The workflow files are old
too. Their publishing job installs the course and nothing else.
"""

from __future__ import annotations

import ast
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import venv
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from dojo.cli import parser_for

from ..forks import ENV, commit, fork_of, git, history, publish_course, write_report
from ..small_course import ROOT, SmallCourse
from .test_workflows import Job, commands_in, machine  # noqa: F401 - a fixture

# Version 1.0.0. The repository has no tags.
OLD = "a607f12"
FULL_OF = "katas/lesson_1_tensors/kata_01_creating.py"


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


def test_the_old_versions_own_update_brings_this_version_in(old, tmp_path):
    upstream, fork = tmp_path / "upstream", tmp_path / "fork"
    git(tmp_path, "clone", "--quiet", str(ROOT), "upstream")
    # The working tree counts, not only what is committed.
    for name in git(ROOT, "ls-files", "--cached", "--others", "--exclude-standard").splitlines():
        (upstream / name).parent.mkdir(parents=True, exist_ok=True)
        (upstream / name).unlink(missing_ok=True)
        if (ROOT / name).is_file():
            shutil.copyfile(ROOT / name, upstream / name)
    git(upstream, "add", "--all")
    git(upstream, "commit", "--quiet", "--allow-empty", "--message", "the version being worked on")
    git(tmp_path, "clone", "--quiet", str(ROOT), "fork")
    git(fork, "switch", "--quiet", "--force-create", "main", OLD)
    git(fork, "remote", "add", "upstream", str(upstream))
    kata = fork / FULL_OF
    answered = kata.read_text().replace("raise NotImplementedError", "return torch.full(shape, value, MINE)", 1)
    kata.write_text(answered.replace("MINE", "dtype=torch.float32"))
    git(fork, "commit", "--quiet", "--all", "--message", "my answer")

    ran = _python("-m", "dojo", "update", cwd=fork, path=fork)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "Traceback" not in ran.stderr
    assert "return torch.full(shape, value, dtype=torch.float32)" in kata.read_text()
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


def test_the_old_workflows_own_lines_judge_and_publish_with_this_version(old, course, tmp_path, machine):  # noqa: F811
    shutil.copytree(old / "dojo", course.root / "dojo")
    for name in ("conftest.py", "pyproject.toml"):
        shutil.copy(old / name, course.root)
    upstream = publish_course(course, tmp_path)
    fork = fork_of(upstream, tmp_path)
    fork.solve(double="return x * x")
    head = commit(fork, "mine")
    git(fork.root, "push", "--quiet", "origin", "main")
    # The course publishes this version.
    shutil.rmtree(course.root / "dojo")
    shutil.copytree(ROOT / "dojo", course.root / "dojo", ignore=shutil.ignore_patterns("__pycache__"))
    commit(course, "this version")
    git(course.root, "push", "--quiet", "origin", "main")

    jobs = YAML(typ="safe").load((old / ".github/workflows/progress.yml").read_text())["jobs"]
    known = {"github.token": "t", "vars.DOJO_UPSTREAM": "", "vars.DOJO_FAIL_ON || 'went-red'": "any-red"}
    for name, wanted in (("judge", [0, 0, 1]), ("publish", [0, 0, 0])):
        workspace = tmp_path / f"workspace_{name}"
        workspace.mkdir()
        git(workspace, "clone", "--quiet", str(tmp_path / "fork.git"), "fork")
        if name == "publish":
            (tmp_path / "workspace_judge" / "report").rename(workspace / "report")
        assert Job(workspace, machine, known).run(jobs[name]) == wanted
    (line,) = history(tmp_path / "fork.git")
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
    arguments = ["--event", "event.json", "--files", "files", "--out", "note.md"]
    assert "meant for the learner's own fork" in _bare(bare, fork, "ci", "stray-pull-request", *arguments)
