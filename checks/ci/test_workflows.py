"""The workflows of .github/ and .gitlab-ci.yml: their permissions, whose code they run, and a run of their lines."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from dojo.cli import parser_for

from ..forks import ENV, commit, fork_of, git, history, publish_course
from ..small_course import ROOT

FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS = sorted(path.name for path in FOLDER.glob("*.yml"))


def _load(path: Path):
    return YAML(typ="safe").load(path.read_text())


def commands_in(text: str):
    """Yield the words of every `dojo …` command in the lines of a shell script, without the word `dojo`."""
    for line in text.replace("\\\n", " ").splitlines():
        for part in re.split(r"&&|;|\|\|", line):
            words = shlex.split(re.sub(r"\$\{?DOJO_FAIL_ON:-([\w-]+)\}|\$FAIL_ON", r"never", part))
            if words[:1] == ["dojo"]:
                yield words[1:]


def _scripts():
    for name in WORKFLOWS:
        for job in _load(FOLDER / name)["jobs"].values():
            yield from ((name, step["run"]) for step in job["steps"] if "run" in step)
    for job in _load(ROOT / ".gitlab-ci.yml").values():
        if isinstance(job, dict) and "script" in job:
            yield ".gitlab-ci.yml", "\n".join(job["script"])


def test_every_command_of_the_dojo_exists_and_takes_these_options():
    found = set()
    for name, script in _scripts():
        for words in commands_in(script):
            parser_for(words).parse_args(words)
            found.add((name, " ".join(words[:2]) if words[0] == "ci" else words[0]))
    assert found == {
        ("progress.yml", "ci judge"),
        ("progress.yml", "ci publish"),
        ("course.yml", "check"),
        ("course.yml", "doctor"),
        ("course.yml", "publish-solutions"),
        ("stray-pull-requests.yml", "ci stray-pull-request"),
        (".gitlab-ci.yml", "ci judge"),
        (".gitlab-ci.yml", "ci publish"),
        (".gitlab-ci.yml", "check"),
        (".gitlab-ci.yml", "publish-solutions"),
    }


@pytest.mark.parametrize("name", WORKFLOWS)
def test_nothing_is_permitted_but_what_a_job_names(name):
    workflow = _load(FOLDER / name)
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] <= 60
        assert job["permissions"]
        for step in job["steps"]:
            # Text from outside reaches a shell only as an environment variable.
            assert "${{" not in step.get("run", "")
            assert step.get("uses", "actions/").startswith("actions/")


def _runs_katas(words):
    return words[:2] == ["ci", "judge"] or words[0] in ("check", "run", "watch")


def test_a_job_that_runs_katas_may_only_read_and_one_that_writes_installs_only_the_course():
    writers = set()
    for name in WORKFLOWS:
        for job_name, job in _load(FOLDER / name)["jobs"].items():
            runs = "\n".join(step.get("run", "") for step in job["steps"])
            checkouts = [step["with"] for step in job["steps"] if step.get("uses", "").startswith("actions/checkout")]
            if any(_runs_katas(words) for words in commands_in(runs)) or "pytest" in runs:
                assert job["permissions"] == {"contents": "read"}, (name, job_name)
                assert all(each["persist-credentials"] is False for each in checkouts)
            if "write" in job["permissions"].values():
                writers.add((name, job_name))
                # torch, pytest and the other dependencies are not installed.
                installs = [line for line in runs.splitlines() if "pip install" in line]
                assert installs
                assert all("--no-deps" in line for line in installs)
    assert writers == {
        ("progress.yml", "publish"),
        ("course.yml", "solutions"),
        ("stray-pull-requests.yml", "look"),
    }


def test_the_writing_job_of_a_fork_takes_its_code_from_the_course():
    publish = _load(FOLDER / "progress.yml")["jobs"]["publish"]
    assert publish["needs"] == "judge"
    installs = [step["run"] for step in publish["steps"] if "pip" in step.get("run", "")]
    assert installs == ["pip install --no-deps ./course"]
    assert [step["with"]["path"] for step in publish["steps"] if "checkout" in step.get("uses", "")] == ["fork"]
    assert all("python" not in step.get("run", "") for step in publish["steps"])


def test_pull_requests_are_looked_at_with_the_courses_own_code():
    workflow = _load(FOLDER / "stray-pull-requests.yml")
    steps = workflow["jobs"]["look"]["steps"]
    checkout = next(step for step in steps if "checkout" in step.get("uses", ""))
    assert checkout["with"]["ref"] == "${{ github.event.repository.default_branch }}"
    text = (FOLDER / "stray-pull-requests.yml").read_text()
    assert "head." not in text
    assert "refs/pull" not in text


def test_reports_and_solutions_start_no_workflow():
    assert _load(FOLDER / "progress.yml")["on"]["push"]["branches-ignore"] == ["progress", "solutions"]
    assert _load(FOLDER / "course.yml")["on"]["push"]["branches"] == ["main"]


def test_the_course_is_checked_on_three_versions_of_python():
    versions = ["3.10", "3.11", "3.13"]
    assert _load(FOLDER / "course.yml")["jobs"]["check"]["strategy"]["matrix"]["python"] == versions
    assert _load(ROOT / ".gitlab-ci.yml")["check"]["parallel"]["matrix"] == [{"PYTHON": versions}]


def test_gitlab_keeps_its_token_from_the_job_that_runs_katas():
    jobs = _load(ROOT / ".gitlab-ci.yml")
    for name, job in jobs.items():
        if isinstance(job, dict) and "script" in job:
            script = "\n".join(job["script"])
            writes = "DOJO_PUSH_TOKEN" in script
            assert writes == (job.get("environment", {}).get("name") == "progress"), name
            assert not (writes and any(_runs_katas(words) for words in commands_in(script))), name
            if writes:
                assert all("--no-deps" in line for line in job["script"] if line.startswith("pip install")), name


@pytest.fixture
def machine(tmp_path):
    """A folder of commands, as on a CI machine: `dojo`, and a `pip` and a `gh` that only record their arguments."""
    folder = tmp_path / "bin"
    folder.mkdir()
    upstream = tmp_path / "upstream.git"
    scripts = {
        "dojo": f'PYTHONPATH="{ROOT}" exec "{sys.executable}" -m dojo "$@"',
        "pip": f'echo "pip $*" >> "{tmp_path}/asked"',
        "gh": f'echo "gh $*" >> "{tmp_path}/asked"\n'
        f'case "$*" in *parent*) echo "{upstream}";; *files*) echo \'[{{"filename": "katas/x.py"}}]\';; esac',
    }
    for name, text in scripts.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)
    return folder


class Job:
    """Runs the `run:` lines of a job as GitHub does, in a workspace that is already checked out."""

    def __init__(self, workspace: Path, machine: Path, known: dict[str, str]) -> None:
        self.workspace, self.machine, self.known = workspace, machine, known
        workspace.mkdir(exist_ok=True)

    def run(self, job) -> list[int]:
        statuses = []
        for step in job["steps"]:
            if "run" not in step:
                continue
            output = self.workspace.parent / "output"
            output.write_text("")
            env = os.environ | ENV | {"GITHUB_OUTPUT": str(output), "RUNNER_TEMP": str(self.workspace.parent)}
            env |= {"GITHUB_REPOSITORY": "ada/course", "GITHUB_EVENT_PATH": str(self.workspace / "event.json")}
            env |= {"PATH": f"{self.machine}{os.pathsep}{os.environ['PATH']}"}
            told = job.get("env", {}) | step.get("env", {})
            env |= {name: re.sub(r"\$\{\{ (.*?) \}\}", lambda m: self.known[m[1]], text) for name, text in told.items()}
            ran = subprocess.run(
                ["bash", "-e", "-o", "pipefail", "-c", step["run"]],
                cwd=self.workspace / step.get("working-directory", "."),
                env=env,
                capture_output=True,
                text=True,
                check=False,
            )
            assert ran.returncode in (0, 1), ran.stdout + ran.stderr
            statuses.append(ran.returncode)
            for line in output.read_text().splitlines():
                name, _, value = line.partition("=")
                self.known[f"steps.{step['id']}.outputs.{name}"] = value
        return statuses


def test_a_push_is_judged_and_published_by_the_workflows_own_lines(course, tmp_path, machine):
    upstream = publish_course(course, tmp_path)
    fork = fork_of(upstream, tmp_path)
    fork.solve(double="return x * x")
    head = commit(fork, "mine")
    git(fork.root, "push", "--quiet", "origin", "main")
    jobs = _load(FOLDER / "progress.yml")["jobs"]
    known = {"github.token": "t", "vars.DOJO_UPSTREAM": "", "vars.DOJO_FAIL_ON || 'went-red'": "any-red"}
    for name, wanted in (("judge", [0, 0, 1]), ("publish", [0, 0, 0])):
        workspace = tmp_path / f"workspace_{name}"
        workspace.mkdir()
        git(workspace, "clone", "--quiet", str(tmp_path / "fork.git"), "fork")
        if name == "publish":
            (tmp_path / "workspace_judge" / "report").rename(workspace / "report")
        job = Job(workspace, machine, known)
        assert job.run(jobs[name]) == wanted
        if name == "judge":
            assert known["steps.judge.outputs.written"] == "true"
    (line,) = history(tmp_path / "fork.git")
    assert (line["commit"], line["totals"]["green"]) == (head, 3)
    asked = (tmp_path / "asked").read_text()
    assert asked.count("gh api repos/ada/course --jq .parent.clone_url // .clone_url") == 2


def test_a_stray_pull_request_is_answered_and_closed_by_the_workflows_own_lines(course, tmp_path, machine):
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    (workspace / "event.json").write_text(
        '{"pull_request": {"user": {"login": "ada"}, "head": {"repo": {"full_name": "ada/course"}},'
        ' "base": {"repo": {"full_name": "school/course"}}}}'
    )
    job = Job(workspace, machine, {"github.token": "t", "github.event.pull_request.number": "7"})
    assert set(job.run(_load(FOLDER / "stray-pull-requests.yml")["jobs"]["look"])) == {0}
    assert job.known["steps.look.outputs.stray"] == "true"
    asked = (tmp_path / "asked").read_text().splitlines()
    assert asked[1:] == [
        "gh api --paginate repos/ada/course/pulls/7/files",
        f"gh pr comment 7 --repo ada/course --body-file {tmp_path}/note.md",
        "gh pr close 7 --repo ada/course",
    ]
