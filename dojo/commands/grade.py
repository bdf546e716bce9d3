"""`dojo grade` judges bare files and writes the file of a grading system; `dojo autograder` writes Gradescope's zip."""

from __future__ import annotations

import argparse
import dataclasses
import datetime
import sys
from pathlib import Path

from dojo import __version__
from dojo.classroom.autograder import write_autograder
from dojo.classroom.grade_files import FORMATS, submitted_at, summary_of
from dojo.classroom.grading import Grade, GradeRules, grade_of, nothing_judged, number, read_rules, time_said
from dojo.commands.parser import Command
from dojo.course.curriculum import Curriculum, read_curriculum
from dojo.course.layout import course_name, find_root
from dojo.course.practice import SETTINGS
from dojo.judging.judge import NoVerdict, Walls, archive_of, judge, protection_of, walls_here, why_no_judge
from dojo.judging.sandbox import Limits, why_not
from dojo.judging.submission import read_submission
from dojo.progress.data import CourseVersion, counts_of
from dojo.support.errors import DojoError
from dojo.support.files import write_or_refuse


@dataclasses.dataclass(frozen=True)
class _Judged:
    """How submissions are judged here."""

    root: Path
    limits: Limits
    processes: str
    walls: Walls


def grade_submission(
    place: Path, curriculum: Curriculum, rules: GradeRules, submitted: datetime.datetime | None, how: _Judged
) -> Grade:
    """The grade of the katas in a folder or a zip. Whatever is wrong with a submission is a remark, not an error."""
    submission = read_submission(place, curriculum, {step.rpartition("/")[0] for step in rules.points})
    course = CourseVersion(course_name(how.root), __version__)
    if not submission.katas:
        *remarks, problem = submission.remarks
        progress = nothing_judged(curriculum, course, problem)
        return grade_of(progress, rules, submitted, remarks=tuple(remarks), problem=problem)
    try:
        progress = judge(archive_of(how.root), submission.katas, how.limits, how.walls, processes=how.processes)
    except NoVerdict as error:
        problem = f"There is no verdict: {error}."
        progress = nothing_judged(curriculum, course, problem)
        return grade_of(progress, rules, submitted, remarks=submission.remarks, problem=problem)
    progress.course = course
    unprotected = [protection_of(how.walls)] if how.walls is Walls.NONE else []
    return grade_of(progress, rules, submitted, remarks=(*submission.remarks, *unprotected))


def _walls(*, container: bool) -> Walls:
    """The walls that the code runs behind. Raises DojoError if they are not enough."""
    reason = why_no_judge()
    if reason:
        raise DojoError(f"{reason}.")
    if container:
        return walls_here(in_container=True)
    if why_not():
        raise DojoError(
            f"{why_not()}. Without it, learners' code runs only in a container that was made for one submission. If "
            "this is such a container, add --container."
        )
    return Walls.SANDBOX


def _refuse_their_own(place: Path, root: Path, settings: Path) -> None:
    """Raise DojoError if the course or the settings are part of the submission."""
    for what, path in (("The course is", root), ("The settings are", settings)):
        if path.exists() and path.resolve().is_relative_to(place.resolve()):
            raise DojoError(
                f"{what} part of the submission: {path}. Run dojo grade in your own copy of the course, and "
                "give it the path of the submission."
            )


def _lines(grade: Grade) -> list[str]:
    """The grade for a person to read: a line for each lesson that counts, and the summary."""
    lines = []
    for lesson in grade.progress.lessons if not grade.problem else []:
        counted = [graded for graded in grade.steps if graded.step in lesson.steps]
        if counted:
            points, most = (sum(getattr(graded, each) for graded in counted) for each in ("points", "most"))
            shown = f"{counts_of(lesson.steps).short()}, {number(points)} of {number(most)} points"
            lines.append(f"lesson {lesson.number}, {lesson.title}: {shown}")
    return [*lines, *summary_of(grade).splitlines()]


def _run(arguments: argparse.Namespace) -> int:
    root, place = find_root(), Path(arguments.submission)
    system = FORMATS[arguments.as_] if arguments.as_ else None
    if arguments.out and not system:
        raise DojoError(f"--out is for --as. Add --as with one of {', '.join(FORMATS)}, or leave out --out.")
    if not arguments.timeout > 0:
        raise DojoError(f"--timeout {arguments.timeout:g}: give a number greater than 0.")
    settings = _settings(arguments)
    _refuse_their_own(place, root, settings)
    curriculum = read_curriculum(root)
    rules = read_rules(settings, curriculum, course_name(root))
    submitted = time_said(arguments.submitted, "--submitted") if arguments.submitted else None
    if submitted is None and system:
        submitted = submitted_at(system, place)
    how = _Judged(root, Limits(seconds=arguments.timeout), arguments.n, _walls(container=arguments.container))
    grade = grade_submission(place, curriculum, rules, submitted, how)
    text = system.text(grade) if system else ""
    to_screen = arguments.out == "-"
    judged = [] if grade.problem or how.walls is Walls.NONE else [protection_of(how.walls)]
    print("\n".join(_lines(grade) + judged), file=sys.stderr if to_screen else sys.stdout)
    if to_screen:
        print(text, end="")
    elif system:
        path = Path(arguments.out or system.file)
        write_or_refuse(path, text)
        print(path)
    return int(bool(grade.problem))


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("submission", metavar="FOLDER_OR_ZIP", help="the learner's katas: a folder or a zip")
    systems = ", ".join(FORMATS)
    parser.add_argument("--as", dest="as_", choices=FORMATS, metavar="SYSTEM", help=f"write a file for {systems}")
    parser.add_argument("--out", metavar="FILE", help="the file to write (default: as SYSTEM expects; -: print it)")
    _add_config(parser)
    parser.add_argument("--submitted", metavar="TIME", help="the time of the submission (default: as SYSTEM says)")
    parser.add_argument("--container", action="store_true", help="this is a container for this one submission")
    says = "the limit on computing time (default: 600)"
    parser.add_argument("--timeout", type=float, default=600, metavar="SECONDS", help=says)
    parser.add_argument("-n", default="", metavar="N", help="the number of processes, or auto (default: 1)")


def _add_config(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", metavar="FILE", help=f"the file with [grade] (default: {SETTINGS} in this folder)")


def _settings(arguments: argparse.Namespace) -> Path:
    """The file with the instructor's settings. Raises DojoError if --config names a file that does not exist."""
    if arguments.config and not Path(arguments.config).is_file():
        raise DojoError(f"--config {arguments.config}: there is no such file.")
    return Path(arguments.config) if arguments.config else Path.cwd() / SETTINGS


def _options_autograder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", default="autograder.zip", metavar="FILE", help="the zip (default: autograder.zip)")
    _add_config(parser)


def _run_autograder(arguments: argparse.Namespace) -> int:
    root, settings = find_root(), _settings(arguments)
    rules = read_rules(settings, read_curriculum(root), course_name(root))
    write_autograder(root, settings, Path(arguments.out))
    print(f"{arguments.out}: {number(rules.most)} points. Upload it to Gradescope as the autograder.")
    return 0


COMMANDS = {
    "grade": Command(
        "Judge the katas in a folder or a zip, and grade them by the rules under [grade] in your dojo.toml. The exit "
        "status is 1 if nothing could be judged, and 2 after an error, for example in dojo.toml.",
        "dojo grade ada.zip\n"
        "dojo grade submission --as gradescope --container    # in the container of a grading system",
        _options,
        _run,
    ),
    "autograder": Command(
        "Write the zip that Gradescope runs: the course, your dojo.toml, setup.sh and run_autograder.",
        "dojo autograder --out autograder.zip",
        _options_autograder,
        _run_autograder,
    ),
}
