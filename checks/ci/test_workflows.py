"""The workflows of .github/ and .gitlab-ci.yml: their permissions, and whose code they run.

`test_shapes.py` and `test_gitlab.py` run their lines.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from dojo.cli import parser_for

from ..small_course import ROOT
from .hub import load

FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS = sorted(path.name for path in FOLDER.glob("*.yml"))


def _load(path: Path):
    return load(path.read_text())


def commands_in(text: str):
    """Yield the words of every `dojo …` command in the lines of a shell script, without the word `dojo`."""
    for line in text.replace("\\\n", " ").splitlines():
        for part in re.split(r"&&|;|\|\|?|>", line):
            found = re.match(r"\s*(?:if )?(?:python3? -m )?dojo (.*)", part)
            if found:
                yield shlex.split(re.sub(r"\$\{?DOJO_FAIL_ON:-([\w-]+)\}|\$FAIL_ON", r"never", found[1]))


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
        ("progress.yml", "ci role"),
        ("course.yml", "ci role"),
        ("course.yml", "list"),
        ("course.yml", "hint"),
        ("course.yml", "check"),
        ("course.yml", "doctor"),
        ("course.yml", "publish-solutions"),
        ("stray-pull-requests.yml", "ci role"),
        ("stray-pull-requests.yml", "ci stray-pull-request"),
        (".gitlab-ci.yml", "ci role"),
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
    # What the learner's code may have written into the cache of pip is not used.
    assert all("cache" not in step.get("with", {}) for step in publish["steps"])


def test_pull_requests_are_looked_at_with_the_courses_own_code():
    workflow = _load(FOLDER / "stray-pull-requests.yml")
    steps = workflow["jobs"]["look"]["steps"]
    checkout = next(step for step in steps if "checkout" in step.get("uses", ""))
    assert checkout["with"]["ref"] == "${{ github.event.repository.default_branch }}"
    text = (FOLDER / "stray-pull-requests.yml").read_text()
    assert "head." not in text
    assert "refs/pull" not in text


def test_actions_are_pinned_by_commit_with_their_version_beside_it():
    pinned = {}
    for name in WORKFLOWS:
        for action, commit, version in re.findall(r"uses: (\S+?)@(\S+) # (v[\d.]+)\n", (FOLDER / name).read_text()):
            assert re.fullmatch(r"[0-9a-f]{40}", commit)
            assert pinned.setdefault(action, (commit, version)) == (commit, version)
        assert (FOLDER / name).read_text().count("uses: ") == (FOLDER / name).read_text().count(" # v")
    assert len(pinned) == 4


def test_the_checks_run_with_the_oldest_pytorch_that_is_allowed_and_the_newest():
    oldest = re.search(r'"torch>=([\d.]+)"', (ROOT / "pyproject.toml").read_text())[1]
    matrix = _load(FOLDER / "course.yml")["jobs"]["check"]["strategy"]["matrix"]["include"]
    assert [(each["python"], each["torch"]) for each in matrix] == [
        ("3.10", f"torch=={oldest}.0"),
        ("3.12", ""),
        ("3.14", "torch"),
    ]
    assert _load(ROOT / ".gitlab-ci.yml")["check"]["parallel"]["matrix"] == [{"PYTHON": ["3.10", "3.12", "3.14"]}]


def test_the_token_of_a_private_course_is_in_the_environment_of_the_step_that_fetches_it_alone():
    for name in WORKFLOWS:
        for job in _load(FOLDER / name)["jobs"].values():
            assert "secrets." not in str({key: value for key, value in job.items() if key != "steps"})
            for step in job["steps"]:
                if "secrets." in str(step):
                    assert step["name"] == "Fetch the course"
                    assert not [*commands_in(step["run"])]


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
