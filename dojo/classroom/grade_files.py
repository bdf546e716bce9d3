"""A grade as the file that a grading system reads. docs/grading.md has a recipe for each system."""

from __future__ import annotations

import dataclasses
import datetime
import json
import math
import os
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

from dojo.classroom.grading import Grade, GradedStep, number
from dojo.progress.reading import moment_of
from dojo.reports.junit import junit
from dojo.reports.wording import explained, place_of
from dojo.support.errors import DojoError

# PrairieLearn accepts at most 1 MB.
_MOST_FILE = 1_000_000
_MOST_REPORT = 4_000
# Scores in JSON have this many decimal places.
_PLACES = 4


@dataclasses.dataclass(frozen=True)
class GradeFormat:
    """The file that a grading system reads.

    file: the default name of the file. text: returns the text of the file for a grade.
    submitted: returns the system's text for the time of the submission at a path; "" if the system has none.
    """

    file: str
    text: Callable[[Grade], str]
    submitted: Callable[[Path], str]


def submitted_at(system: GradeFormat, submission: Path) -> datetime.datetime | None:
    """The time at which the submission reached the system; None if the system does not say."""
    try:
        return moment_of(system.submitted(submission))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def summary_of(grade: Grade) -> str:
    """The points, the sentence about the late rule, and the remarks on the submission, one per line.

    If nothing was judged, the reason comes first, followed by the remarks.
    """
    if grade.problem:
        return "\n".join([f"Nothing was judged. {grade.problem}", *grade.remarks])
    lines = [f"{number(grade.points)} of {number(grade.most)} points", grade.late, *grade.remarks]
    return "\n".join(filter(None, lines))


def _gradescope(grade: Grade) -> str:
    tests = [
        {
            "number": graded.number,
            "name": _name(grade, graded),
            "score": _score(graded.points),
            "max_score": _score(graded.most),
            "status": "passed" if graded.points else "failed",
            **_output(graded),
        }
        for graded in grade.steps
    ]
    return _json(
        {
            "score": _score(grade.points),
            "execution_time": round(grade.progress.seconds),
            "output": summary_of(grade),
            "output_format": "text",
            "test_output_format": "text",
            "tests": tests,
        }
    )


def _gradescope_time(submission: Path) -> str:
    found = json.loads((submission.absolute().parent / "submission_metadata.json").read_bytes())
    return str(found["created_at"])


def _prairielearn(grade: Grade) -> str:
    if grade.problem:
        return _json({"gradable": False, "format_errors": [grade.problem, *grade.remarks]})
    score = _score(grade.points / grade.most)
    for most in (_MOST_REPORT, 1_000, 100):
        tests = [
            {
                "name": _name(grade, graded),
                "points": _score(graded.points),
                "max_points": _score(graded.most),
                **_output(graded, most),
            }
            for graded in grade.steps
        ]
        text = _json({"gradable": True, "score": score, "message": summary_of(grade), "tests": tests})
        if len(text.encode()) <= _MOST_FILE:
            break
    return text


def _classroom50(grade: Grade) -> str:
    """All points must be integers, so they are the smallest integers with the same ratios."""
    most = _whole([graded.most for graded in grade.steps])
    earned = [points if graded.points else 0 for graded, points in zip(grade.steps, most, strict=True)]
    tests = [
        {
            "test-name": _name(grade, graded),
            "passed": bool(graded.points),
            "score": score,
            "max-score": points,
            **_output(graded),
        }
        for graded, score, points in zip(grade.steps, earned, most, strict=True)
    ]
    if grade.lost:
        tests.append({"test-name": grade.late, "passed": False, "score": 0, "max-score": 0})
    told = {name: _variable(name) for name in ("CLASSROOM", "ASSIGNMENT", "SUBMISSION_TAG", "COMMIT_URL")}
    now = f"{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%dT%H:%M:%SZ}"
    return _json(
        {
            "schema": "classroom50/result/v1",
            "classroom": told["CLASSROOM"],
            "assignment": told["ASSIGNMENT"],
            "assignment_type": os.environ.get("ASSIGNMENT_TYPE") or "individual",
            "owner": os.environ.get("OWNER") or _variable("USERNAME"),
            "submission": told["SUBMISSION_TAG"],
            "commit": told["COMMIT_URL"],
            "release": _variable("RELEASE_URL"),
            "review": os.environ.get("REVIEW_URL") or told["COMMIT_URL"],
            # The runner of Classroom 50 replaces the time.
            "datetime": now,
            "score": math.floor(grade.kept * sum(earned) + Fraction(1, 2)),
            "max-score": sum(most),
            "tests": tests,
        }
    )


def _variable(name: str) -> str:
    found = os.environ.get(name)
    if not found:
        raise DojoError(f"The variable {name} is not set. Classroom 50 sets it for an autograder (docs/grading.md).")
    return found


def _classroom50_time(submission: Path) -> str:
    found = re.match(r"submit/(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z", os.environ.get("SUBMISSION_TAG", ""))
    return "{}T{}:{}:{}Z".format(*found.groups()) if found else ""


def _codegrade(grade: Grade) -> str:
    """CodeGrade computes the grade from weights. A late submission fails an extra test, whose weight is the loss."""
    if not grade.kept or grade.problem:
        return _json({"tag": "points", "points": "0/1"})
    most = [graded.most for graded in grade.steps]
    late = grade.most * (1 / grade.kept - 1)
    weights = _whole([*most, late] if late else most)
    cases: dict[str, list[dict[str, Any]]] = {}
    for graded, weight in zip(grade.steps, weights, strict=False):
        case = {"name": graded.step.name, "weight": weight, "status": "success" if graded.points else "failure"}
        if not graded.points:
            case["reason"] = explained(graded.step)[:_MOST_REPORT]
        cases.setdefault(place_of(grade.progress, graded.step), []).append(case)
    if late:
        failed = {"name": "on time", "weight": weights[-1], "status": "failure", "reason": grade.late}
        cases["submission"] = [failed]
    results = [{"id": place, "name": place, "testCases": tests} for place, tests in cases.items()]
    return _json({"tag": "unit-test", "results": results})


def _codegrade_time(submission: Path) -> str:
    return str(json.loads(os.environ["CG_INFO"])["submitted_at"])


FORMATS = {
    "gradescope": GradeFormat("results.json", _gradescope, _gradescope_time),
    "classroom50": GradeFormat("result.json", _classroom50, _classroom50_time),
    "codegrade": GradeFormat("codegrade.json", _codegrade, _codegrade_time),
    "prairielearn": GradeFormat("results.json", _prairielearn, lambda submission: ""),
    "junit": GradeFormat("junit.xml", lambda grade: junit(grade.progress), lambda submission: ""),
}


def _name(grade: Grade, graded: GradedStep) -> str:
    return f"{place_of(grade.progress, graded.step)} · {graded.step.name}"


def _output(graded: GradedStep, most: int = _MOST_REPORT) -> dict[str, str]:
    """The report of a step for a test in JSON, cut at `most` characters. A green step has no report."""
    return {} if graded.points else {"output": explained(graded.step)[:most]}


def _score(value: Fraction) -> float:
    return round(float(value), _PLACES)


def _whole(values: list[Fraction]) -> list[int]:
    """The smallest integers with the same ratios. The values are greater than 0."""
    scale = math.lcm(*(value.denominator for value in values))
    numbers = [int(value * scale) for value in values]
    factor = math.gcd(*numbers)
    return [each // factor for each in numbers]


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"
