"""A fork as data: the dataclasses whose fields are the JSON of the cache. Times are ISO 8601."""

from __future__ import annotations

import dataclasses

from dojo.classroom.cheats import cheats_of
from dojo.progress.data import Progress, StepProgress
from dojo.progress.history import Push
from dojo.progress.statuses import GREEN


@dataclasses.dataclass(frozen=True)
class RedStep:
    """Why a step is red: the first red test in words, the kind of failure, and the recognized mistake with its why."""

    behaviour: str | None
    kind: str | None
    mistake: str | None
    says: str | None

    @property
    def is_unwritten(self) -> bool:
        return self.kind == "not_written"

    @classmethod
    def of(cls, step: StepProgress) -> RedStep:
        """A clue counts as a mistake with the name "clue: KIND"."""
        mistake = says = None
        if step.diagnosis:
            mistake, says = step.diagnosis.mistake, step.diagnosis.says
        elif step.clue:
            mistake, says = f"clue: {step.clue.kind}", step.clue.says
        return cls(step.behaviour, step.failure.kind if step.failure else None, mistake, says)


@dataclasses.dataclass(frozen=True)
class ClassPush:
    """One push: the number of green steps, and the id of the step in focus."""

    made_at: str
    commit: str | None
    green: int
    focus: str | None

    @classmethod
    def of(cls, push: Push) -> ClassPush:
        return cls(push.made_at, push.commit, push.totals.green, push.next_step)


@dataclasses.dataclass(frozen=True)
class Claim:
    """The claims of a fork's own progress file. `status`, `red` and `cheats` have step ids as keys."""

    made_at: str
    commit: str | None
    focus: str | None
    status: dict[str, str]
    red: dict[str, RedStep]
    cheats: dict[str, str] = dataclasses.field(default_factory=dict)

    @classmethod
    def of(cls, progress: Progress) -> Claim:
        return cls(
            progress.made_at,
            progress.course.commit,
            progress.next_step.id if progress.next_step else None,
            {step.id: step.status for step in progress.steps},
            {step.id: RedStep.of(step) for step in progress.steps if step.is_red},
            cheats_of(progress),
        )

    @property
    def as_push(self) -> ClassPush:
        return ClassPush(self.made_at, self.commit, sum(s == GREEN for s in self.status.values()), self.focus)


@dataclasses.dataclass(frozen=True)
class Verdict:
    """This machine's verdict: the status of each step by id. If there is no verdict, `problem` says why.

    `key` identifies what was judged (dojo.judging.judge.key_of). `focus`, `red` and `cheats` are as in a Claim.
    """

    problem: str
    status: dict[str, str]
    key: str = ""
    focus: str | None = None
    red: dict[str, RedStep] = dataclasses.field(default_factory=dict)
    cheats: dict[str, str] = dataclasses.field(default_factory=dict)

    @classmethod
    def of(cls, progress: Progress) -> Verdict:
        claim = Claim.of(progress)
        return cls("", claim.status, focus=claim.focus, red=claim.red, cheats=claim.cheats)

    @property
    def explained(self) -> bool:
        """Whether it says why steps are red. The verdicts that version 1.0.0 kept do not."""
        return bool(self.problem or self.red) or set(self.status.values()) == {GREEN}


@dataclasses.dataclass
class Fork:
    """The facts that are known about a fork. Commits are ids of git.

    problem: why the other fields are not up to date, or "". mark: the problem in one or two words.
    changed: whether the last fetch found something new. fetched_at: the time of the last fetch that did.
    progress: the newest progress file that could be read.
    history: one entry per push, oldest first.
    trees: the id of each protected path and of katas/, or None if the path is missing.
    files: the ids of the files under those protected paths whose ids were never published.
    rewritten: the time at which the history was found to lack an earlier entry.
    damaged: what is wrong with the progress file, or "".
    """

    url: str
    problem: str = ""
    mark: str = ""
    changed: bool = False
    fetched_at: str | None = None
    progress_commit: str | None = None
    head_commit: str | None = None
    head_at: str | None = None
    progress: Claim | None = None
    history: list[ClassPush] = dataclasses.field(default_factory=list)
    trees: dict[str, str | None] = dataclasses.field(default_factory=dict)
    files: dict[str, str] = dataclasses.field(default_factory=dict)
    rewritten: str | None = None
    damaged: str = ""
    verified: Verdict | None = None
