"""A class as data: the state of every learner's fork, and sums over the class. Its views are made from this data."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from dojo.classroom.forks import Fork
from dojo.classroom.published import Compared
from dojo.classroom.roster import Learner, shown_url
from dojo.course.curriculum import Curriculum
from dojo.course.moved import Move, by_current_id, current_id
from dojo.progress.data import CourseVersion
from dojo.progress.reading import moment_of
from dojo.progress.statuses import GREEN, NOT_RUN

SCHEMA = 1
# A learner may be on holiday between two pushes. At most this many days count for the step in focus.
_MOST_DAYS = 7.0
_DAY = 86_400.0
_MOST_PUSHES = 60
_MOST_CHANGED = 50


@dataclasses.dataclass
class Standing:
    """What is known of a learner: the line of the roster, the fork, and how the fork compares with the course.

    `own_head` is whether the fork's last commit is the learner's and not the course's.
    """

    learner: Learner
    fork: Fork
    compared: Compared | None
    own_head: bool = True


# The fields of the classes that follow are the keys of class.json (docs/instructors.md). Times are ISO 8601 in UTC, and
# a step is its id.


@dataclasses.dataclass(frozen=True)
class ClassPush:
    """One push: the number of green steps, and the step in focus."""

    made_at: str
    commit: str | None
    green: int
    focus: str | None


@dataclasses.dataclass(frozen=True)
class RedStep:
    """Why a step is red: the first red test in words, the kind of failure, and the mistake that was recognized."""

    behaviour: str | None
    kind: str | None
    mistake: str | None
    says: str | None


@dataclasses.dataclass(frozen=True)
class Verified:
    """The verdict of this machine. `differs` maps each step that was claimed differently to its verified status."""

    problem: str | None
    green: int
    core_green: int
    differs: dict[str, str]
    claim_is_older: bool


@dataclasses.dataclass(frozen=True)
class LearnerState:
    """One learner. `green` and `lessons` count all steps, `core_green` and `core_lessons` the core steps.

    `version`, `changed` and `older` are None if the fork could not be compared with the course."""

    name: str
    url: str
    groups: dict[str, str]
    problem: str | None
    fetched_at: str | None
    made_at: str | None
    last_seen: str | None
    green: int
    core_green: int
    lessons: dict[str, int]
    core_lessons: dict[str, int]
    status: dict[str, str]
    focus: str | None
    stuck_since: str | None
    red: dict[str, RedStep]
    pushes: list[ClassPush]
    version: str | None
    changed: list[str] | None
    older: list[str] | None
    rewritten: str | None
    verified: Verified | None


@dataclasses.dataclass(frozen=True)
class StepCost:
    """What a step has cost the class while it was in focus. `now` is the number of learners who are at it now."""

    step: str
    learners: int
    now: int
    pushes: int
    days: float
    median_days: float


@dataclasses.dataclass(frozen=True)
class CommonMistake:
    """A mistake, and the number of learners who make it now."""

    step: str
    mistake: str
    says: str
    learners: int


@dataclasses.dataclass(frozen=True)
class ClassKata:
    id: str
    title: str
    steps: list[str]
    core: list[str]


@dataclasses.dataclass(frozen=True)
class ClassLesson:
    id: str
    number: int
    title: str
    katas: list[ClassKata]


@dataclasses.dataclass(frozen=True)
class ClassTotals:
    """Numbers of learners: all, and those of whom the name holds. `done`: all core steps are green."""

    learners: int
    with_progress: int
    done: int
    problems: int
    changed: int
    differing: int


@dataclasses.dataclass(frozen=True)
class ClassData:
    """The class. `costly` begins with the most expensive step, `diagnoses` with the most common mistake."""

    made_at: str
    course: CourseVersion
    lessons: list[ClassLesson]
    totals: ClassTotals
    costly: list[StepCost]
    diagnoses: list[CommonMistake]
    learners: list[LearnerState]

    @property
    def groups(self) -> list[str]:
        """The headings of the roster's further columns."""
        return list(dict.fromkeys(heading for learner in self.learners for heading in learner.groups))

    @property
    def steps(self) -> list[str]:
        return [step for lesson in self.lessons for kata in lesson.katas for step in kata.steps]


def class_data(
    curriculum: Curriculum, course: CourseVersion, standings: list[Standing], now: datetime.datetime
) -> ClassData:
    """The class at the time `now`. Steps that the course does not have are left out, and later times become `now`."""
    steps = [step.id for step in curriculum.steps()]
    learners = [_learner(standing, curriculum, set(steps), now) for standing in standings]
    lessons = [
        ClassLesson(
            lesson.id,
            lesson.number,
            lesson.title,
            [
                ClassKata(kata.id, kata.title, [step.id for step in kata.steps], [step.id for step in kata.core])
                for kata in lesson.katas
            ],
        )
        for lesson in curriculum.lessons
    ]
    return ClassData(
        now.isoformat(timespec="seconds"),
        course,
        lessons,
        _totals(learners, len(curriculum.walked(practice=False))),
        _costly(learners, steps, now),
        _diagnoses(learners),
        learners,
    )


def _totals(learners: list[LearnerState], core: int) -> ClassTotals:
    return ClassTotals(
        learners=len(learners),
        with_progress=sum(learner.made_at is not None for learner in learners),
        done=sum(learner.core_green == core > 0 for learner in learners),
        problems=sum(bool(learner.problem) for learner in learners),
        changed=sum(bool(learner.changed or learner.rewritten) for learner in learners),
        differing=sum(bool(learner.verified and learner.verified.differs) for learner in learners),
    )


def _learner(standing: Standing, curriculum: Curriculum, known: set[str], now: datetime.datetime) -> LearnerState:
    learner, fork, compared = standing.learner, standing.fork, standing.compared
    progress = fork.progress or {"status": {}, "red": {}, "focus": None, "made_at": None}
    moves = curriculum.moves
    status = {step: found for step, found in by_current_id(progress["status"], moves).items() if step in known}
    pushes = _pushes(fork, known, moves, now)
    focus = _known_focus(progress["focus"], known, moves)
    green = {step for step, found in status.items() if found == GREEN}
    core = {step.id for step in curriculum.walked(practice=False)}
    return LearnerState(
        name=learner.name,
        url=shown_url(learner.url),
        groups=learner.groups,
        problem=fork.problem or None,
        fetched_at=fork.fetched_at,
        made_at=_time(progress["made_at"], now) if progress["made_at"] else None,
        last_seen=_last_seen(standing, pushes, now),
        green=len(green),
        core_green=len(green & core),
        lessons={lesson.id: sum(step.id in green for step in lesson.steps) for lesson in curriculum.lessons},
        core_lessons={
            lesson.id: sum(step.id in green & core for step in lesson.steps) for lesson in curriculum.lessons
        },
        status=status,
        focus=focus,
        stuck_since=_stuck_since(pushes, focus),
        red={step: RedStep(**red) for step, red in by_current_id(progress["red"], moves).items() if step in known},
        pushes=pushes,
        version=compared.version if compared else None,
        changed=list(compared.changed) if compared else None,
        older=list(compared.older) if compared else None,
        rewritten=fork.rewritten,
        verified=_verified(fork, status, known, core),
    )


def _known_focus(focus: str | None, known: set[str], moves: Sequence[Move]) -> str | None:
    """The present id of the step in focus; None if there is none, or if it is not among the known steps."""
    step = current_id(focus, moves) if focus else None
    return step if step in known else None


def _pushes(fork: Fork, known: set[str], moves: Sequence[Move], now: datetime.datetime) -> list[ClassPush]:
    """The pushes in the fork's history and the push of its progress file, oldest first."""
    entries = [(push["made_at"], push["commit"], push["green"], push["focus"]) for push in fork.history]
    progress = fork.progress
    if progress and progress["made_at"] not in {entry[0] for entry in entries}:
        green = sum(found == GREEN for found in progress["status"].values())
        entries.append((progress["made_at"], progress["commit"], green, progress["focus"]))
    found = [
        ClassPush(_time(at, now), commit, green, _known_focus(focus, known, moves))
        for at, commit, green, focus in entries
    ]
    return sorted(found, key=lambda push: push.made_at)


def _time(made_at: str, now: datetime.datetime) -> str:
    """The time in UTC, in the one form that sorts as text, and not in the future."""
    return min(moment_of(made_at), now).isoformat(timespec="seconds")


def _last_seen(standing: Standing, pushes: list[ClassPush], now: datetime.datetime) -> str | None:
    times = [push.made_at for push in pushes[-1:]]
    if standing.fork.head_at and standing.own_head:
        times.append(min(datetime.datetime.fromisoformat(standing.fork.head_at), now).isoformat(timespec="seconds"))
    return max(times, default=None)


def _stuck_since(pushes: list[ClassPush], focus: str | None) -> str | None:
    """The time of the first of the last pushes that all had this step in focus."""
    since: str | None = None
    for push in reversed(pushes):
        if focus is None or push.focus != focus:
            break
        since = push.made_at
    return since


def _verified(fork: Fork, claimed: dict[str, str], known: set[str], core: set[str]) -> Verified | None:
    verdict = fork.verified
    if verdict is None:
        return None
    status = {step: found for step, found in verdict["status"].items() if step in known}
    differs = {
        step: status.get(step, NOT_RUN)
        for step in sorted(known)
        if not verdict["problem"] and (claimed.get(step) == GREEN) != (status.get(step) == GREEN)
    }
    return Verified(
        verdict["problem"] or None,
        sum(found == GREEN for found in status.values()),
        sum(found == GREEN for step, found in status.items() if step in core),
        differs,
        bool(fork.progress and fork.progress["commit"] != fork.head_commit),
    )


def _costly(learners: list[LearnerState], steps: list[str], now: datetime.datetime) -> list[StepCost]:
    """What each step has cost the class, the most expensive first."""
    days: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    pushes: Counter[str] = Counter()
    stuck = Counter(learner.focus for learner in learners)
    for learner in learners:
        times = [moment_of(push.made_at).timestamp() for push in learner.pushes] + [now.timestamp()]
        for push, start, end in zip(learner.pushes, times, times[1:], strict=False):
            if push.focus:
                pushes[push.focus] += 1
                days[push.focus][learner.name] += min((end - start) / _DAY, _MOST_DAYS)
    found = [
        StepCost(
            step,
            learners=len(days[step]),
            now=stuck[step],
            pushes=pushes[step],
            days=round(sum(days[step].values()), 1),
            median_days=round(statistics.median(days[step].values()), 1),
        )
        for step in steps
        if step in days
    ]
    return sorted(found, key=lambda cost: (-cost.days, -cost.pushes))


def _diagnoses(learners: list[LearnerState]) -> list[CommonMistake]:
    """The mistakes and clues that were recognized in red steps, the most common first.

    The sentence of a clue may hold the learner's own numbers. Then the most common sentence stands for all.
    """
    says: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for learner in learners:
        for step, red in learner.red.items():
            if red.mistake:
                says[step, red.mistake][red.says or ""] += 1
    found = [CommonMistake(*key, says=said.most_common(1)[0][0], learners=said.total()) for key, said in says.items()]
    return sorted(found, key=lambda each: -each.learners)


def compact(data: ClassData, filters: Sequence[str] = (), private: Sequence[str] = ()) -> dict[str, Any]:
    """The class as the page carries it: steps by number, statuses as text, times in seconds, empty keys left out.

    filters, private: columns of the roster by which the page filters, and columns that are not on it.
    """
    place = {step: number for number, step in enumerate(data.steps)}
    groups = [heading for heading in data.groups if heading not in private]
    said: dict[tuple[str, str], int] = {}
    learners = [_row(learner, place, groups, said) for learner in data.learners]
    return {
        "course": data.course.name,
        "made": _seconds(data.made_at),
        "compared": any(learner.changed is not None for learner in data.learners),
        "lessons": [
            {
                "n": lesson.number,
                "t": lesson.title,
                "k": [_kata(kata) for kata in lesson.katas],
            }
            for lesson in data.lessons
        ],
        "groups": groups,
        "filters": [groups.index(heading) for heading in filters],
        "says": [list(key) for key in said],
        "costly": [
            [place[cost.step], cost.learners, cost.now, cost.pushes, cost.days, cost.median_days]
            for cost in data.costly
        ],
        "diagnoses": [[place[found.step], found.mistake, found.says, found.learners] for found in data.diagnoses],
        "learners": learners,
    }


def _kata(kata: ClassKata) -> dict[str, Any]:
    """A kata as the page carries it: the names of its steps, and the places of the practice steps among them."""
    practice = [place for place, step in enumerate(kata.steps) if step not in kata.core]
    names = {"t": kata.title, "s": [step.rsplit("/", 1)[1] for step in kata.steps]}
    return {**names, "p": practice} if practice else names


def _row(
    learner: LearnerState, place: dict[str, int], groups: list[str], said: dict[tuple[str, str], int]
) -> dict[str, Any]:
    """One learner as the page carries it. New mistakes are added to `said`, which numbers them."""
    full: dict[str, Any] = {
        "n": learner.name,
        "u": learner.url,
        "g": [learner.groups.get(heading, "") for heading in groups],
        "s": _runs(learner.status.get(step, NOT_RUN) for step in place),
        "a": _seconds(learner.made_at),
        "l": _seconds(learner.last_seen),
        "f": None if learner.focus is None else place[learner.focus],
        "t": _seconds(learner.stuck_since),
        "p": learner.problem,
        "c": (learner.changed or [])[:_MOST_CHANGED],
        "o": learner.older,
        "w": _seconds(learner.rewritten),
        "d": _diagnosed(learner, place, said),
        "h": [
            [_seconds(push.made_at), push.green, -1 if push.focus is None else place[push.focus]]
            for push in learner.pushes[-_MOST_PUSHES:]
        ],
        "v": _verdict(learner.verified, place) if learner.verified else None,
    }
    return {key: value for key, value in full.items() if value not in (None, [], "")}


def _diagnosed(learner: LearnerState, place: dict[str, int], said: dict[tuple[str, str], int]) -> list[int]:
    """The number of each red step, each followed by the number of its mistake and text in `said`."""
    diagnosed = []
    for step, red in learner.red.items():
        text = red.says or (f"red: {red.behaviour}" if red.behaviour else red.kind or "")
        diagnosed += [place[step], said.setdefault((red.mistake or "", text), len(said))]
    return diagnosed


def _verdict(verified: Verified, place: dict[str, int]) -> dict[str, Any]:
    return {
        "p": verified.problem,
        "n": verified.green,
        "k": verified.core_green,
        "d": [[place[step], status[0]] for step, status in verified.differs.items()],
        "o": verified.claim_is_older,
    }


def _runs(statuses: Iterable[str]) -> str:
    """Statuses by their first letters, in runs: three green steps and a red step are g3r1. Empty if nothing was run."""
    runs = [(letter, len(list(run))) for letter, run in itertools.groupby(status[0] for status in statuses)]
    if {letter for letter, _ in runs} <= {"n"}:
        return ""
    return "".join(f"{letter}{number}" for letter, number in runs)


def _seconds(made_at: str | None) -> int | None:
    return None if made_at is None else int(moment_of(made_at).timestamp())
