"""A class as data: the state of every learner's fork, and totals of the class. All views are made from this data."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence

from dojo.classroom.fork_data import Claim, ClassPush, Fork, RedStep
from dojo.classroom.published import Compared
from dojo.classroom.roster import Learner, shown_url
from dojo.course.curriculum import Curriculum
from dojo.course.moved import Move, by_current_id, current_id
from dojo.progress.data import CourseVersion
from dojo.progress.reading import moment_of
from dojo.progress.statuses import GREEN, NOT_RUN

# A learner may be on holiday between two pushes. At most this many days count for the step in focus.
_MOST_DAYS = 7.0
_DAY = 86_400.0
# Stands for the progress of a fork that has published none.
_NO_CLAIM = Claim("", None, None, {}, {})


@dataclasses.dataclass
class Standing:
    """The facts about a learner: the line of the roster, the fork, and how the fork differs from the course.

    `own_head` is whether the fork's last commit is the learner's. Otherwise it is a commit of the course.
    """

    learner: Learner
    fork: Fork
    compared: Compared | None
    own_head: bool = True


# The fields of the following classes are the keys of class.json (docs/instructors.md). Times are ISO 8601 in UTC. Steps
# are ids.


@dataclasses.dataclass(frozen=True)
class Verified:
    """This machine's verdict. `differs` has the verified status of each step whose claimed status is different.

    `green` and `core_green` are None if there is no verdict.
    """

    problem: str | None
    green: int | None
    core_green: int | None
    differs: dict[str, str]
    claim_is_older: bool


@dataclasses.dataclass(frozen=True)
class LearnerState:
    """One learner. `green` and `lessons` count all steps, `core_green` and `core_lessons` the core steps.

    These numbers are the fork's claim, and None if nothing is known. `mark` is the problem in one or two words.
    `version`, `version_at`, `changed` and `older` are None if the fork could not be compared with the course.
    `focus`, `red` and `cheats` are as in the verdict, or as in the fork's report if there is no verdict. `cheats` says
    what each step that cheats did.
    """

    name: str
    url: str
    groups: dict[str, str]
    problem: str | None
    mark: str | None
    fetched_at: str | None
    made_at: str | None
    last_seen: str | None
    green: int | None
    core_green: int | None
    lessons: dict[str, int | None]
    core_lessons: dict[str, int | None]
    status: dict[str, str]
    focus: str | None
    stuck_since: str | None
    red: dict[str, RedStep]
    pushes: list[ClassPush]
    cheats: dict[str, str]
    version: str | None
    version_at: str | None
    changed: list[str] | None
    older: list[str] | None
    rewritten: str | None
    verified: Verified | None

    @property
    def claims_otherwise(self) -> bool:
        """Whether the learner's report claims something other than the verdict."""
        return bool(self.made_at is not None and self.verified and self.verified.differs)

    @property
    def core_done(self) -> int | None:
        """The number of green core steps: as verified if the fork was judged, otherwise as claimed. None if unknown."""
        return self.verified.core_green if self.verified else self.core_green


@dataclasses.dataclass(frozen=True)
class StepCost:
    """The cost of a step for the class while it was in focus. `now` is the number of learners who are at this step."""

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
    """Numbers of learners. Learners are `done` if all of their core steps are green."""

    learners: int
    with_progress: int
    done: int
    problems: int
    changed: int
    differing: int


@dataclasses.dataclass(frozen=True)
class ClassData:
    """The class. `costly` begins with the most expensive step, `diagnoses` with the most common mistake.

    `as_of`: the class is shown as it was before this time; None for the present.
    """

    made_at: str
    as_of: str | None
    course: CourseVersion
    lessons: list[ClassLesson]
    totals: ClassTotals
    costly: list[StepCost]
    diagnoses: list[CommonMistake]
    learners: list[LearnerState]

    @property
    def groups(self) -> list[str]:
        """The headings of the roster's other columns."""
        return list(dict.fromkeys(heading for learner in self.learners for heading in learner.groups))

    @property
    def steps(self) -> list[str]:
        return [step for lesson in self.lessons for kata in lesson.katas for step in kata.steps]


def class_data(
    curriculum: Curriculum,
    course: CourseVersion,
    standings: list[Standing],
    made: datetime.datetime,
    as_of: datetime.datetime | None = None,
) -> ClassData:
    """The class at the time `made`, or as it was before `as_of`. Steps that the course does not have are left out.

    A later time in a fork's files counts as this time.
    """
    now = min(made, as_of) if as_of else made
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
        made.isoformat(timespec="seconds"),
        as_of.isoformat(timespec="seconds") if as_of else None,
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
        done=sum(learner.core_done == core > 0 for learner in learners),
        problems=sum(bool(learner.problem) for learner in learners),
        changed=sum(bool(learner.changed or learner.rewritten) for learner in learners),
        differing=sum(learner.claims_otherwise for learner in learners),
    )


def _learner(standing: Standing, curriculum: Curriculum, known: set[str], now: datetime.datetime) -> LearnerState:
    learner, fork, compared = standing.learner, standing.fork, standing.compared
    claim, moves = fork.progress or _NO_CLAIM, curriculum.moves
    told = fork.verified if fork.verified and not fork.verified.problem else claim
    status = {step: found for step, found in by_current_id(claim.status, moves).items() if step in known}
    pushes = _pushes(fork, known, moves, now)
    focus = _known_focus(told.focus, known, moves)
    green = {step for step, found in status.items() if found == GREEN}
    core = {step.id for step in curriculum.walked(practice=False)}
    is_known = fork.progress is not None
    return LearnerState(
        name=learner.name,
        url=shown_url(learner.url),
        groups=learner.groups,
        problem=fork.problem or None,
        mark=fork.mark or None,
        fetched_at=fork.fetched_at,
        made_at=_time(claim.made_at, now) if claim.made_at else None,
        last_seen=_last_seen(standing, pushes, now),
        green=len(green) if is_known else None,
        core_green=len(green & core) if is_known else None,
        lessons=_by_lesson(curriculum, green if is_known else None),
        core_lessons=_by_lesson(curriculum, green & core if is_known else None),
        status=status,
        focus=focus,
        stuck_since=_stuck_since(pushes, focus),
        red={step: red for step, red in by_current_id(told.red, moves).items() if step in known},
        pushes=pushes,
        cheats={step: says for step, says in by_current_id(told.cheats, moves).items() if step in known},
        version=compared.version if compared else None,
        version_at=compared.version_at if compared else None,
        changed=compared.changed if compared else None,
        older=compared.older if compared else None,
        rewritten=fork.rewritten,
        verified=_verified(fork, status, known, core),
    )


def _by_lesson(curriculum: Curriculum, green: set[str] | None) -> dict[str, int | None]:
    return {
        lesson.id: None if green is None else sum(step.id in green for step in lesson.steps)
        for lesson in curriculum.lessons
    }


def _known_focus(focus: str | None, known: set[str], moves: Sequence[Move]) -> str | None:
    """The present id of the step in focus; None if there is no such step, or if the course does not have it."""
    step = current_id(focus, moves) if focus else None
    return step if step in known else None


def _pushes(fork: Fork, known: set[str], moves: Sequence[Move], now: datetime.datetime) -> list[ClassPush]:
    """The pushes in the fork's history and the push of its progress file, oldest first."""
    pushes = list(fork.history)
    if fork.progress and fork.progress.made_at not in {push.made_at for push in pushes}:
        pushes.append(fork.progress.as_push)
    found = [
        dataclasses.replace(push, made_at=_time(push.made_at, now), focus=_known_focus(push.focus, known, moves))
        for push in pushes
    ]
    return sorted(found, key=lambda push: push.made_at)


def _time(made_at: str, now: datetime.datetime) -> str:
    """The time in UTC, in a form that sorts as text. A time in the future becomes `now`."""
    return min(moment_of(made_at), now).isoformat(timespec="seconds")


def _last_seen(standing: Standing, pushes: list[ClassPush], now: datetime.datetime) -> str | None:
    times = [push.made_at for push in pushes[-1:]]
    if standing.fork.head_at and standing.own_head:
        times.append(_time(standing.fork.head_at, now))
    return max(times, default=None)


def _stuck_since(pushes: list[ClassPush], focus: str | None) -> str | None:
    """The time of the push since which every push has had this step in focus."""
    at_it = list(itertools.takewhile(lambda push: push.focus == focus, reversed(pushes)))
    return at_it[-1].made_at if focus and at_it else None


def _verified(fork: Fork, claimed: dict[str, str], known: set[str], core: set[str]) -> Verified | None:
    verdict = fork.verified
    if verdict is None:
        return None
    status = {step: found for step, found in verdict.status.items() if step in known}
    differs = {
        step: status.get(step, NOT_RUN)
        for step in sorted(known)
        if not verdict.problem and (claimed.get(step) == GREEN) != (status.get(step) == GREEN)
    }
    green = {step for step, found in status.items() if found == GREEN}
    return Verified(
        verdict.problem or None,
        None if verdict.problem else len(green),
        None if verdict.problem else len(green & core),
        differs,
        bool(fork.progress and fork.progress.commit != fork.head_commit),
    )


def _costly(learners: list[LearnerState], steps: list[str], now: datetime.datetime) -> list[StepCost]:
    """The cost of each step for the class, most expensive first."""
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
    """The mistakes and clues that were recognized in red steps, most common first.

    The sentence of a clue may contain the learner's own numbers. The most common sentence is used.
    """
    says: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for learner in learners:
        for step, red in learner.red.items():
            if red.mistake:
                says[step, red.mistake][red.says or ""] += 1
    found = [CommonMistake(*key, says=said.most_common(1)[0][0], learners=said.total()) for key, said in says.items()]
    return sorted(found, key=lambda each: -each.learners)
