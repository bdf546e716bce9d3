"""A class as data: what every learner's fork has told, and what that adds up to. Its views are made from this alone."""

from __future__ import annotations

import dataclasses
import datetime
import statistics
from collections import Counter, defaultdict
from typing import Any

from dojo.classroom.forks import Fork
from dojo.classroom.published import Compared
from dojo.classroom.roster import Learner, shown_url
from dojo.course.curriculum import Curriculum
from dojo.progress.reading import moment_of
from dojo.progress.statuses import GREEN, NOT_RUN

SCHEMA = 1
# Between two pushes a learner may be on holiday: as many days at most count as spent on the step in focus.
_MOST_DAYS = 7.0
_DAY = 86_400.0
_MOST_PUSHES = 60


@dataclasses.dataclass
class Standing:
    """One learner: the line of the roster, the fork, and how the fork stands to what was published.

    `own_head` is whether the fork's last commit is one of its own, and not one of the course's.
    """

    learner: Learner
    fork: Fork
    compared: Compared | None
    own_head: bool = True


def class_data(
    curriculum: Curriculum, course: dict[str, Any], standings: list[Standing], now: datetime.datetime
) -> dict[str, Any]:
    """The class as one JSON object (docs/instructors.md). course: its name, version and commit.

    Steps that the course does not have are left out, whoever wrote them; times in the future count as now.
    """
    steps = [step.id for step in curriculum.steps()]
    learners = [_learner(standing, curriculum, set(steps), now) for standing in standings]
    return {
        "schema": SCHEMA,
        "made_at": now.isoformat(timespec="seconds"),
        "course": course,
        "lessons": [
            {
                "id": lesson.id,
                "number": lesson.number,
                "title": lesson.title,
                "katas": [
                    {"id": kata.id, "title": kata.title, "steps": [step.id for step in kata.steps]}
                    for kata in lesson.katas
                ],
            }
            for lesson in curriculum.lessons
        ],
        "totals": {
            "learners": len(learners),
            "with_progress": sum(learner["made_at"] is not None for learner in learners),
            "done": sum(bool(steps) and learner["green"] == len(steps) for learner in learners),
            "problems": sum(bool(learner["problem"]) for learner in learners),
            "changed": sum(bool(learner["changed"] or learner["rewritten"]) for learner in learners),
            "differing": sum(bool(learner["verified"] and learner["verified"]["differs"]) for learner in learners),
        },
        "costly": _costly(learners, steps, now),
        "diagnoses": _diagnoses(learners),
        "learners": learners,
    }


def _learner(standing: Standing, curriculum: Curriculum, known: set[str], now: datetime.datetime) -> dict[str, Any]:
    learner, fork = standing.learner, standing.fork
    progress = fork.progress
    status = {step: state for step, state in (progress["status"] if progress else {}).items() if step in known}
    pushes = _pushes(fork, known, now)
    focus = progress["focus"] if progress and progress["focus"] in known else None
    compared = standing.compared
    return {
        "name": learner.name,
        "url": shown_url(learner.url),
        "groups": learner.groups,
        "problem": fork.problem or None,
        "fetched_at": fork.fetched_at,
        "made_at": _time(progress["made_at"], now) if progress else None,
        "last_seen": _last_seen(standing, pushes, now),
        "green": sum(state == GREEN for state in status.values()),
        "lessons": {
            lesson.id: sum(status.get(step.id) == GREEN for step in lesson.steps) for lesson in curriculum.lessons
        },
        "status": status,
        "focus": focus,
        "stuck_since": _stuck_since(pushes, focus),
        "red": {step: red for step, red in (progress["red"] if progress else {}).items() if step in known},
        "pushes": pushes,
        "version": compared.version if compared else None,
        "changed": list(compared.changed) if compared else None,
        "older": list(compared.older) if compared else None,
        "rewritten": fork.rewritten,
        "verified": _verified(fork, status, known),
    }


def _pushes(fork: Fork, known: set[str], now: datetime.datetime) -> list[dict[str, Any]]:
    """One entry a push, oldest first: when, how many steps were green, the step in focus."""
    entries = [(push["made_at"], push["commit"], push["green"], push["focus"]) for push in fork.history]
    progress = fork.progress
    if progress and progress["made_at"] not in {entry[0] for entry in entries}:
        green = sum(state == GREEN for state in progress["status"].values())
        entries.append((progress["made_at"], progress["commit"], green, progress["focus"]))
    found = [
        {"made_at": _time(at, now), "commit": commit, "green": green, "focus": focus if focus in known else None}
        for at, commit, green, focus in entries
    ]
    return sorted(found, key=lambda push: str(push["made_at"]))


def _time(made_at: str, now: datetime.datetime) -> str:
    """A time in UTC, in one form, and not in the future."""
    return min(moment_of(made_at), now).isoformat(timespec="seconds")


def _last_seen(standing: Standing, pushes: list[dict[str, Any]], now: datetime.datetime) -> str | None:
    times = [push["made_at"] for push in pushes[-1:]]
    if standing.fork.head_at and standing.own_head:
        times.append(min(datetime.datetime.fromisoformat(standing.fork.head_at), now).isoformat(timespec="seconds"))
    return max(times, default=None)


def _stuck_since(pushes: list[dict[str, Any]], focus: str | None) -> str | None:
    """The first of the last pushes that all had this step in focus."""
    since: str | None = None
    for push in reversed(pushes):
        if focus is None or push["focus"] != focus:
            break
        since = push["made_at"]
    return since


def _verified(fork: Fork, claimed: dict[str, str], known: set[str]) -> dict[str, Any] | None:
    """The verdict on this machine beside the claimed one; `differs` maps each step to its verified status."""
    verdict = fork.verified
    if verdict is None:
        return None
    status = {step: state for step, state in verdict["status"].items() if step in known}
    differs = {
        step: status.get(step, NOT_RUN)
        for step in known
        if not verdict["problem"] and (claimed.get(step) == GREEN) != (status.get(step) == GREEN)
    }
    return {
        "problem": verdict["problem"] or None,
        "green": sum(state == GREEN for state in status.values()),
        "differs": dict(sorted(differs.items())),
        "claim_is_older": bool(fork.progress and fork.progress["commit"] != fork.head_commit),
    }


def _costly(learners: list[dict[str, Any]], steps: list[str], now: datetime.datetime) -> list[dict[str, Any]]:
    """What each step has cost the class while it was in focus, the dearest first."""
    days: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    pushes: Counter[str] = Counter()
    stuck: Counter[str] = Counter(learner["focus"] for learner in learners if learner["focus"])
    for learner in learners:
        times = [moment_of(push["made_at"]).timestamp() for push in learner["pushes"]] + [now.timestamp()]
        for push, start, end in zip(learner["pushes"], times, times[1:], strict=False):
            if push["focus"]:
                pushes[push["focus"]] += 1
                days[push["focus"]][learner["name"]] += min((end - start) / _DAY, _MOST_DAYS)
    found = [
        {
            "step": step,
            "learners": len(days[step]),
            "now": stuck[step],
            "pushes": pushes[step],
            "days": round(sum(days[step].values()), 1),
            "median_days": round(statistics.median(days[step].values()), 1),
        }
        for step in steps
        if step in days
    ]
    return sorted(found, key=lambda cost: (-cost["days"], -cost["pushes"]))


def _diagnoses(learners: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The mistakes recognized in what is red now, the commonest first."""
    found: Counter[tuple[str, str, str]] = Counter(
        (step, red["mistake"], red["says"])
        for learner in learners
        for step, red in learner["red"].items()
        if red["mistake"]
    )
    return [
        {"step": step, "mistake": mistake, "says": says, "learners": number}
        for (step, mistake, says), number in found.most_common()
    ]


def compact(data: dict[str, Any]) -> dict[str, Any]:
    """The class as the page carries it: steps by number, statuses as text, times in seconds, empty keys left out."""
    ids = [step for lesson in data["lessons"] for kata in lesson["katas"] for step in kata["steps"]]
    place = {step: number for number, step in enumerate(ids)}
    groups = list(dict.fromkeys(heading for learner in data["learners"] for heading in learner["groups"]))
    said: dict[tuple[str, str], int] = {}

    def row(learner: dict[str, Any]) -> dict[str, Any]:
        diagnosed = []
        for step, red in learner["red"].items():
            text = red["says"] or (f"red: {red['behaviour']}" if red["behaviour"] else red["kind"] or "")
            diagnosed += [place[step], said.setdefault((red["mistake"] or "", text), len(said))]
        verified = learner["verified"]
        full: dict[str, Any] = {
            "n": learner["name"],
            "u": learner["url"],
            "g": [learner["groups"].get(heading, "") for heading in groups],
            "s": _runs(learner["status"].get(step, NOT_RUN) for step in ids),
            "a": _seconds(learner["made_at"]),
            "l": _seconds(learner["last_seen"]),
            "f": None if learner["focus"] is None else place[learner["focus"]],
            "t": _seconds(learner["stuck_since"]),
            "p": learner["problem"],
            "c": (learner["changed"] or [])[:50],
            "o": learner["older"],
            "w": _seconds(learner["rewritten"]),
            "d": diagnosed,
            "h": [
                [_seconds(push["made_at"]), push["green"], place.get(push["focus"], -1)]
                for push in learner["pushes"][-_MOST_PUSHES:]
            ],
            "v": verified
            and {
                "p": verified["problem"],
                "n": verified["green"],
                "d": [[place[step], state[0]] for step, state in verified["differs"].items()],
                "o": verified["claim_is_older"],
            },
        }
        return {key: value for key, value in full.items() if value not in (None, [], "")}

    learners = [row(learner) for learner in data["learners"]]
    return {
        "course": data["course"]["name"],
        "made": _seconds(data["made_at"]),
        "compared": any(learner["changed"] is not None for learner in data["learners"]),
        "lessons": [
            {
                "n": lesson["number"],
                "t": lesson["title"],
                "k": [
                    {"t": kata["title"], "s": [step.rsplit("/", 1)[1] for step in kata["steps"]]}
                    for kata in lesson["katas"]
                ],
            }
            for lesson in data["lessons"]
        ],
        "groups": groups,
        "says": [list(key) for key in said],
        "costly": [
            [place[cost["step"]], cost["learners"], cost["now"], cost["pushes"], cost["days"], cost["median_days"]]
            for cost in data["costly"]
        ],
        "diagnoses": [
            [place[found["step"]], found["mistake"], found["says"], found["learners"]] for found in data["diagnoses"]
        ],
        "learners": learners,
    }


def _runs(states: Any) -> str:
    """Statuses by their first letters, in runs: three green and a red one are g3r1."""
    runs: list[tuple[str, int]] = []
    for state in states:
        letter = state[0]
        runs = [*runs[:-1], (letter, runs[-1][1] + 1)] if runs and runs[-1][0] == letter else [*runs, (letter, 1)]
    text = "".join(f"{letter}{number}" for letter, number in runs)
    return "" if set(text) <= set("n0123456789") else text


def _seconds(made_at: str | None) -> int | None:
    return None if made_at is None else int(moment_of(made_at).timestamp())
