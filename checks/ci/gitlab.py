"""Runs `.gitlab-ci.yml` on this machine, as GitLab does: its own `script:` lines, on the bare repositories of a hub."""

from __future__ import annotations

import dataclasses
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from ..forks import ENV, git
from .expressions import evaluate, is_true
from .hub import Hosted, Hub, load

_HOST = "gitlab.example"
_KEYS = {
    *("extends", "stage", "rules", "script", "artifacts", "needs", "environment", "resource_group"),
    *("variables", "cache", "parallel", "image"),
}


@dataclasses.dataclass
class Pipeline:
    """What became of a pipeline: for each job that ran, whether it went well and what it printed."""

    results: dict[str, bool] = dataclasses.field(default_factory=dict)
    logs: dict[str, str] = dataclasses.field(default_factory=dict)
    asked: list[str] = dataclasses.field(default_factory=list)
    folder: Path = Path()


def run_pipeline(
    hub: Hub,
    hosted: Hosted,
    *,
    source: str = "push",
    branch: str = "main",
    scoped: dict[str, dict[str, str]] | None = None,
    only_plan: bool = False,
) -> Pipeline:
    """Run the pipeline of a branch. `scoped` are variables for one environment each, by its name.

    With `only_plan` nothing is run, and the result has the jobs that would run.
    """
    git(hosted.bare, "config", "receive.advertisePushOptions", "true")
    file = load(git(hosted.bare, "show", f"{branch}:.gitlab-ci.yml"))
    jobs = {name: job for name, job in file.items() if isinstance(job, dict) and "script" in job}
    done = Pipeline(folder=hub.folder / f"pipeline_{next(hub.number)}")
    (done.folder / "home").mkdir(parents=True)
    predefined = {
        "CI_PIPELINE_SOURCE": source,
        "CI_COMMIT_BRANCH": branch,
        "CI_DEFAULT_BRANCH": hosted.about["default_branch"],
        "CI_PROJECT_URL": f"https://{_HOST}/{hosted.name}",
        "CI_PROJECT_PATH": hosted.name,
        "CI_SERVER_HOST": _HOST,
    }
    for stage in file["stages"]:
        for name, job in jobs.items():
            if job["stage"] == stage:
                assert job.keys() <= _KEYS, job.keys()
                variables = predefined | hosted.variables
                rules = job.get("rules") or file[job["extends"]]["rules"]
                when = _when(rules, variables)
                needs = [each for each in job.get("needs", done.results) if each in done.results]
                well = all(done.results[each] for each in needs)
                if only_plan and when != "never":
                    done.results[name] = True
                elif when == "always" or (when == "on_success" and well):
                    env = file["variables"] | variables | (scoped or {}).get(job.get("environment", {}).get("name"), {})
                    _run(hub, hosted, done, name, job, env, needs)
    asked = done.folder / "home" / "asked"
    done.asked = asked.read_text().splitlines() if asked.exists() else []
    return done


def _when(rules: list[dict[str, str]], variables: dict[str, str]) -> str:
    """What the first rule that holds says of a job: never, always or on_success."""
    for rule in rules:
        assert rule.keys() <= {"if", "when"}, rule
        if is_true(evaluate(rule["if"], lambda name: variables.get(name.removeprefix("$")))):
            return rule.get("when", "on_success")
    return "never"


def _run(
    hub: Hub, hosted: Hosted, done: Pipeline, name: str, job: dict[str, Any], env: dict[str, str], needs: list[str]
) -> None:
    """Run a job in a clone, with what the jobs that it needs have kept."""
    project, temporary = done.folder / name / "project", done.folder / name / "tmp"
    temporary.mkdir(parents=True)
    git(done.folder, "clone", "--quiet", str(hosted.bare), str(project))
    git(project, "checkout", "--quiet", "--detach", git(hosted.bare, "rev-parse", env["CI_COMMIT_BRANCH"]))
    for each in needs:
        kept = done.folder / f"kept_{each}"
        if kept.is_dir():
            shutil.copytree(kept, project, dirs_exist_ok=True)
    config = done.folder / "gitconfig"
    hosts = [f"https://{_HOST}/", f"https://dojo:the-push-token@{_HOST}/", "https://github.com/"]
    config.write_text(f'[url "{hub.repositories}/"]\n' + "".join(f"\tinsteadOf = {host}\n" for host in hosts))
    # Each job has a container of its own, and so its own /tmp.
    script = "\n".join(job["script"]).replace("/tmp/", f"{temporary}/")
    env |= job.get("variables", {})
    env = {key: value.replace("$CI_PROJECT_DIR", str(project)) for key, value in env.items()}
    ran = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script],
        cwd=project,
        env={
            "PATH": f"{hub.bin}{os.pathsep}/usr/bin{os.pathsep}/bin",
            "HOME": str(done.folder / "home"),
            "INSTALLED": str(hub.installed),
            **{key: value for key, value in ENV.items() if not key.startswith("GITHUB_")},
            "GIT_CONFIG_GLOBAL": str(config),
            "CI_PROJECT_DIR": str(project),
            **env,
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    done.results[name], done.logs[name] = ran.returncode == 0, ran.stdout + ran.stderr
    artifacts = job.get("artifacts", {})
    if artifacts and (ran.returncode == 0 or artifacts.get("when") == "always"):
        assert re.fullmatch(r"\d days?", artifacts["expire_in"])
        for path in artifacts["paths"]:
            found, to = project / path, done.folder / f"kept_{name}" / path
            to.parent.mkdir(parents=True, exist_ok=True)
            if found.is_dir():
                shutil.copytree(found, to)
            elif found.exists():
                shutil.copy(found, to)
