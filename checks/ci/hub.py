"""Runs workflow files on this machine, as GitHub does: their own `run:` lines, on bare repositories.

The actions that the files use are imitated. An action, an input or a condition that is not known here is an error.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from ..forks import ENV, clone_of, commit, git
from ..small_course import ROOT, SmallCourse
from .expressions import evaluate, is_true

# `pip install` copies what it installs, once for each version, and `dojo` is the one that was installed last.
# `dojo ci judge` judges only if the file `real` is there: else katas/ is read, and what is written counts as green.
_COMMANDS = {
    "pip": 'echo "pip $*" >> "$HOME/asked"; for each; do from="${each%\\[dev\\]}"; if [ -d "$from/dojo" ]; then\n'
    'to="$INSTALLED/$(git -C "$from" rev-parse HEAD:dojo)"; echo "$to" > "$HOME/installed"\n'
    '[ -d "$to" ] || { cp -r "$from" "$to.$$" && mv -T "$to.$$" "$to" || true; }; fi; done',
    "dojo": 'echo "dojo $*" >> "$HOME/asked"; here=$(cat "$HOME/installed")\n'
    'case "$*" in "doctor --class") [ -f "$HOME/allowed" ] || { echo "AppArmor forbids it"; exit 1; };; esac\n'
    'case "$1" in check|list|hint|doctor) exit;; esac\n'
    f'[ -f "$HOME/real" ] || set -- --imitated "$@"\n'
    f'cd "$PWD" && PYTHONPATH="$here:{ROOT}" exec "{sys.executable}" -c '
    '"from checks.ci.imitated import main; main()" "$@"',
    "python3": f'exec "{sys.executable}" "$@"',
    "python": f'echo "python $*" >> "$HOME/asked"; case "$*" in "-m "*) exec "{sys.executable}" "$@";; esac',
    "pytest": 'echo "pytest $*" >> "$HOME/asked"; [ -n "$*" ]',
    "sudo": 'echo "sudo $*" >> "$HOME/asked"; case "$1" in sysctl) touch "$HOME/allowed";; esac',
    "gh": f'exec "{sys.executable}" "{Path(__file__).with_name("gh.py")}" "$@"',
}
_ACTIONS = {
    "actions/checkout": {"path", "fetch-depth", "persist-credentials", "ref"},
    "actions/setup-python": {"python-version", "cache", "cache-dependency-path"},
    "actions/upload-artifact": {"name", "path", "if-no-files-found", "retention-days"},
    "actions/download-artifact": {"name", "path"},
}


def load(text: str) -> dict[str, Any]:
    return YAML(typ="safe").load(text)


@dataclasses.dataclass
class Hosted:
    """A repository on the hub, and what its owner has set. The keys of `about` are those of GitHub's API."""

    name: str
    bare: Path
    about: dict[str, Any]
    variables: dict[str, str] = dataclasses.field(default_factory=dict)
    secrets: dict[str, str] = dataclasses.field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"https://github.com/{self.name}.git"

    def tips(self) -> dict[str, str]:
        """The branches, each with its commit."""
        lines = git(self.bare, "for-each-ref", "--format=%(refname:short) %(objectname)", "refs/heads")
        return dict(line.split() for line in lines.splitlines())

    def clone(self) -> SmallCourse:
        return clone_of(self.bare, self.bare.with_suffix(f".clone{len(list(self.bare.parent.iterdir()))}"))

    def answer(self, branch: str = "main", **answers: str) -> str:
        """Push answers to a branch; return the commit."""
        clone = self.clone()
        if branch != "main":
            git(clone.root, "switch", "--quiet", "--create", branch)
        clone.answer(**(answers or {"double": "return 2 * x"}))
        made = commit(clone, "mine")
        git(clone.root, "push", "--quiet", "origin", branch)
        return made


@dataclasses.dataclass
class JobRun:
    """What became of a job: success, failure or skipped; its outputs, and what its steps printed."""

    result: str
    outputs: dict[str, str] = dataclasses.field(default_factory=dict)
    log: str = ""


@dataclasses.dataclass
class WorkflowRun:
    """What became of a workflow: its jobs, the summary, the artifacts, and the commands that it ran."""

    jobs: dict[str, JobRun]
    summary: str
    artifacts: dict[str, dict[str, Any]]
    asked: list[str]
    folder: Path


class Hub:
    """The repositories in a folder, under https://github.com/, and a machine that runs their workflows."""

    def __init__(self, folder: Path, installed: Path) -> None:
        """installed: where versions of the machinery are installed. Several hubs may share the folder."""
        self.folder = folder
        self.installed = installed
        self.repositories = folder / "repositories"
        self.home = folder / "home"
        self.number = itertools.count()
        self.bin = folder / "bin"
        for each in (self.repositories, self.home, self.bin):
            each.mkdir(parents=True)
        for name, text in _COMMANDS.items():
            (self.bin / name).write_text(f"#!/bin/sh\n{text}\n")
            (self.bin / name).chmod(0o755)
        (folder / "gitconfig").write_text(f'[url "{self.repositories}/"]\n\tinsteadOf = https://github.com/\n')

    def host(self, name: str, source: Path, **about: Any) -> Hosted:
        """Host a copy of all branches of the repository `source`. `parent` and `template_repository` are Hosted."""
        bare = self.repositories / f"{name}.git"
        bare.parent.mkdir(exist_ok=True)
        git(bare.parent, "clone", "--quiet", "--bare", str(source), str(bare))
        full = {"full_name": name, "fork": "parent" in about, "forks_count": 0, "is_template": False, "private": False}
        full |= {"default_branch": "main", "clone_url": f"https://github.com/{name}.git"}
        for key in ("parent", "template_repository"):
            if key in about:
                about[key] = {"clone_url": about[key].url}
        return Hosted(name, bare, full | about)

    def start(
        self, hosted: Hosted, workflow: str, event: str = "push", branch: str = "main", **told: Any
    ) -> WorkflowRun:
        """Run a workflow of a repository as it is on `branch`; `told` is the rest of the event."""
        return _Run(self, hosted, workflow, event, branch, told).run()

    def push(self, hosted: Hosted, *branches: str) -> dict[tuple[str, str], WorkflowRun]:
        """Run every workflow that starts after a push of these branches, by its name and branch."""
        found = {}
        for branch in branches or ("main",):
            folder = ".github/workflows"
            names = git(hosted.bare, "ls-tree", "--name-only", f"{branch}:{folder}").split()
            for name in (each.removesuffix(".yml") for each in names):
                wanted = load(git(hosted.bare, "show", f"{branch}:{folder}/{name}.yml"))["on"].get("push", "never")
                if wanted != "never" and _starts(wanted or {}, branch):
                    found[name, branch] = self.start(hosted, name, branch=branch)
        return found


def _starts(filters: dict[str, list[str]], branch: str) -> bool:
    assert filters.keys() <= {"branches", "branches-ignore"}, filters
    return branch in filters.get("branches", [branch]) and branch not in filters.get("branches-ignore", [])


class _Run:
    """One run of a workflow."""

    def __init__(self, hub: Hub, hosted: Hosted, workflow: str, event: str, branch: str, told: dict[str, Any]) -> None:
        self.hub, self.hosted, self.branch, self.event = hub, hosted, branch, event
        self.folder = hub.folder / f"run_{next(hub.number)}"
        self.folder.mkdir()
        self.artifacts: dict[str, dict[str, Any]] = {}
        self.workflow = load(git(hosted.bare, "show", f"{branch}:.github/workflows/{workflow}.yml"))
        self.jobs: dict[str, JobRun] = {}
        self.summary = self.folder / "summary.md"
        self.summary.touch()
        self.home = self.folder / "home"
        self.home.mkdir()
        if (hub.home / "real").exists():
            (self.home / "real").touch()
        (self.folder / "api").mkdir()
        (self.folder / "api" / "repository.json").write_text(json.dumps(hosted.about))
        self.told = {"repository": hosted.about} | told
        (self.folder / "event.json").write_text(json.dumps(self.told))
        self.sha = git(hosted.bare, "rev-parse", branch)

    def run(self) -> WorkflowRun:
        for name, job in self.workflow["jobs"].items():
            assert job.keys() <= {
                *("needs", "if", "runs-on", "timeout-minutes", "permissions", "env", "outputs", "steps", "strategy"),
                "defaults",
            }, job.keys()
            self.jobs[name] = self.job(job)
        asked = self.home / "asked"
        lines = asked.read_text().splitlines() if asked.exists() else []
        return WorkflowRun(self.jobs, self.summary.read_text(), self.artifacts, lines, self.folder)

    def job(self, job: dict[str, Any]) -> JobRun:
        needs = job.get("needs", [])
        needs = [needs] if isinstance(needs, str) else needs
        known: dict[str, Any] = {
            "github": {
                "event_name": self.event,
                "event": self.told,
                "ref": f"refs/heads/{self.branch}",
                "ref_name": self.branch,
                "token": "the-jobs-token",
            },
            "vars": self.hosted.variables,
            "secrets": self.hosted.secrets,
            "needs": {name: dataclasses.asdict(self.jobs[name]) for name in needs},
        }
        well = all(self.jobs[name].result == "success" for name in needs)
        if not self.condition(job.get("if"), known, well):
            return JobRun("skipped")
        matrix = _matrix(job.get("strategy", {}).get("matrix", {}))
        done = [self.steps(job, known | {"matrix": each}) for each in matrix]
        results = {each.result for each in done}
        done[-1].result = "failure" if "failure" in results else "success"
        done[-1].log = "".join(each.log for each in done)
        return done[-1]

    def steps(self, job: dict[str, Any], known: dict[str, Any]) -> JobRun:
        workspace = self.folder / f"workspace_{len(list(self.folder.glob('workspace_*')))}"
        workspace.mkdir()
        known |= {"env": {}, "steps": {}}
        known["env"] = self.filled(job.get("env", {}), known)
        result, log = "success", ""
        for step in job["steps"]:
            assert step.keys() <= {"name", "id", "if", "env", "run", "uses", "with", "working-directory"}, step
            found = {"outcome": "skipped", "outputs": {}}
            if self.condition(step.get("if"), known, result == "success"):
                good, found["outputs"], printed = self.step(step, workspace, known, job)
                found["outcome"] = "success" if good else "failure"
                log += printed
                result = result if good else "failure"
            if "id" in step:
                known["steps"][step["id"]] = found
        return JobRun(result, self.filled(job.get("outputs", {}), known), log)

    def step(
        self, step: dict[str, Any], workspace: Path, known: dict[str, Any], job: dict[str, Any]
    ) -> tuple[bool, dict[str, str], str]:
        """Whether a step went well, its outputs, and what it printed."""
        if "uses" in step:
            name, _, version = step["uses"].partition("@")
            assert re.fullmatch(r"[0-9a-f]{40}|v\d+", version), step["uses"]
            given = self.filled(step.get("with", {}), known)
            assert given.keys() <= _ACTIONS[name], given
            return self.action(name, given, workspace), {}, ""
        output = self.folder / "output"
        output.write_text("")
        env = {
            "PATH": f"{self.hub.bin}{os.pathsep}/usr/bin{os.pathsep}/bin",
            "HOME": str(self.home),
            "INSTALLED": str(self.hub.installed),
            **{name: value for name, value in ENV.items() if not name.startswith("GITHUB_")},
            "GIT_CONFIG_GLOBAL": str(self.hub.folder / "gitconfig"),
            "GITHUB_ACTIONS": "true",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REPOSITORY": self.hosted.name,
            "GITHUB_EVENT_PATH": str(self.folder / "event.json"),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "RUNNER_TEMP": str(self.folder),
            **known["env"],
            **self.filled(step.get("env", {}), known),
        }
        strict = job.get("defaults", {}).get("run", {}).get("shell") == "bash"
        ran = subprocess.run(
            ["bash", "-e", *(["-o", "pipefail"] if strict else []), "-c", step["run"]],
            cwd=workspace / step.get("working-directory", "."),
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())
        return ran.returncode == 0, outputs, ran.stdout + ran.stderr

    def action(self, name: str, given: dict[str, str], workspace: Path) -> bool:
        if name == "actions/checkout":
            to = workspace / given.get("path", ".")
            depth = [] if given.get("fetch-depth") == "0" else ["--depth", "1", "--no-local"]
            branch = given.get("ref", self.branch)
            git(workspace, "clone", "--quiet", *depth, "--branch", branch, str(self.hosted.bare), str(to))
            if not depth and "ref" not in given:
                git(to, "reset", "--quiet", "--hard", self.sha)
            if given["persist-credentials"] == "False":
                git(to, "remote", "set-url", "--push", "origin", "/no/credentials")
        elif name == "actions/upload-artifact":
            path = workspace / given["path"]
            shutil.copy(path, self.folder / given["name"])
            self.artifacts[given["name"]] = given
        elif name == "actions/download-artifact":
            to = workspace / given["path"] / Path(self.artifacts[given["name"]]["path"]).name
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(self.folder / given["name"], to)
        return True

    def condition(self, text: Any, known: dict[str, Any], well: bool) -> bool:
        """Whether a job or step runs. Without a status function, all before it must have gone well."""
        if text is None:
            return well
        text = text.strip().removeprefix("${{").removesuffix("}}") if text.strip().startswith("${{") else text
        value = evaluate(text, lambda name: _look_up(name, known))
        return is_true(value) and (well or "cancelled()" in text)

    def filled(self, values: dict[str, Any], known: dict[str, Any]) -> dict[str, str]:
        """The values with their expressions replaced, as text."""

        def value(match: re.Match[str]) -> str:
            found = evaluate(match[1], lambda name: _look_up(name, known))
            return "" if found is None else str(found).lower() if isinstance(found, bool) else str(found)

        return {name: re.sub(r"\$\{\{(.*?)\}\}", value, str(text)) for name, text in values.items()}


def _look_up(name: str, known: dict[str, Any]) -> Any:
    if name == "cancelled()":
        return False
    first, *rest = name.split(".")
    value = known[first]
    for key in rest:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _matrix(matrix: dict[str, Any]) -> list[dict[str, Any]]:
    if "include" in matrix:
        assert matrix.keys() == {"include"}, matrix
        return matrix["include"]
    return [dict(zip(matrix, each, strict=True)) for each in itertools.product(*matrix.values())]
