"""What each grading system says of its file, as JSON Schema, and as what Canvas and JUnit's readers require.

The facts are those that the systems publish (read in August to November 2026):
Gradescope   https://gradescope-autograders.readthedocs.io/en/latest/specs/
Classroom 50 https://raw.githubusercontent.com/foundation50/classroom50/main/schemas/result-v1.schema.json
             and, for what a schema cannot say, the page Advanced-Autograding of its wiki
CodeGrade    https://help.codegrade.com, "JSON object for displaying unit test output", and
             https://www.codegrade.com/blog/how-to-use-custom-test-blocks
PrairieLearn https://prairielearn.readthedocs.io/en/latest/externalGrading/
Canvas       the guide "How do I import grades in the Gradebook?", and lib/gradebook_importer.rb of canvas-lms
"""

from __future__ import annotations

import re

import jsonschema

_TEXT = {"type": "string", "minLength": 1}
_NUMBER = {"type": "number", "minimum": 0}
_WHOLE = {"type": "integer", "minimum": 0}
_TIME = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$"}
_SEEN = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
_FORMAT = {"enum": ["text", "html", "simple_format", "md", "ansi"]}


def _object(properties, required=(), *, closed=True):
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": not closed,
    }


GRADESCOPE = _object(
    {
        "score": _NUMBER,
        "execution_time": _NUMBER,
        "output": {"type": "string"},
        "output_format": _FORMAT,
        "test_output_format": _FORMAT,
        "test_name_format": _FORMAT,
        "visibility": _SEEN,
        "stdout_visibility": _SEEN,
        "extra_data": {"type": "object"},
        "tests": {
            "type": "array",
            "items": _object(
                {
                    "score": _NUMBER,
                    "max_score": _NUMBER,
                    "status": {"enum": ["passed", "failed"]},
                    "name": _TEXT,
                    "name_format": _FORMAT,
                    "number": _TEXT,
                    "output": {"type": "string"},
                    "output_format": _FORMAT,
                    "tags": {"type": "array", "items": _TEXT},
                    "visibility": _SEEN,
                    "extra_data": {"type": "object"},
                }
            ),
        },
        "leaderboard": {"type": "array"},
    },
    # Either the sum, or a score on each test.
    ["score"],
)

CLASSROOM_50 = _object(
    {
        "schema": {"const": "classroom50/result/v1"},
        "classroom": _TEXT,
        "assignment": _TEXT,
        "assignment_type": {"enum": ["individual", "group", "team"]},
        "owner": _TEXT,
        "submission": {"type": "string", "pattern": "^submit/"},
        "commit": _TEXT,
        "release": _TEXT,
        "review": _TEXT,
        "datetime": _TIME,
        "graded_at": _TIME,
        "score": _WHOLE,
        "max-score": _WHOLE,
        "tests": {
            "type": "array",
            "items": _object(
                {"test-name": _TEXT, "passed": {"type": "boolean"}, "score": _WHOLE, "max-score": _WHOLE},
                ["test-name", "passed", "score", "max-score"],
                closed=False,
            ),
        },
        "submitted_by": {"type": "object"},
    },
    [
        "schema",
        "classroom",
        "assignment",
        "assignment_type",
        "owner",
        "submission",
        "commit",
        "release",
        "review",
        "datetime",
        "score",
        "max-score",
        "tests",
    ],
)

CODEGRADE = {
    "oneOf": [
        _object(
            {
                "tag": {"const": "unit-test"},
                "results": {
                    "type": "array",
                    "items": _object(
                        {
                            "id": _TEXT,
                            "name": _TEXT,
                            "testCases": {
                                "type": "array",
                                "items": _object(
                                    {
                                        "name": _TEXT,
                                        "weight": _NUMBER,
                                        "status": {"enum": ["success", "failure"]},
                                        "reason": _TEXT,
                                        "stdout": {"type": "string"},
                                        "stderr": {"type": "string"},
                                    },
                                    ["name", "weight", "status"],
                                ),
                            },
                        },
                        ["id", "name", "testCases"],
                    ),
                },
            },
            ["tag", "results"],
        ),
        _object(
            {"tag": {"const": "points"}, "points": {"type": "string", "pattern": r"^\d+/[1-9]\d*$"}}, ["tag", "points"]
        ),
    ]
}

PRAIRIELEARN = {
    **_object(
        {
            "gradable": {"type": "boolean"},
            "score": {"type": "number", "minimum": 0, "maximum": 1},
            "format_errors": {"type": ["string", "array"], "items": _TEXT},
            "message": {"type": "string"},
            "output": {"type": "string"},
            "images": {"type": "array"},
            "tests": {
                "type": "array",
                "items": _object(
                    {
                        "name": _TEXT,
                        "description": {"type": "string"},
                        "points": _NUMBER,
                        "max_points": _NUMBER,
                        "message": {"type": "string"},
                        "output": {"type": "string"},
                        "images": {"type": "array"},
                    },
                    ["name", "points", "max_points"],
                ),
            },
        }
    ),
    # A submission that cannot be graded needs no score.
    "if": {"properties": {"gradable": {"const": False}}, "required": ["gradable"]},
    "else": {"required": ["score"]},
}


def check(data, schema):
    """Fail if the data do not fit the schema."""
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(data)


def check_classroom_50(data):
    """Fail unless Classroom 50 takes the result: its schema, and what its wiki says of the numbers."""
    check(data, CLASSROOM_50)
    assert data["score"] <= data["max-score"] == sum(test["max-score"] for test in data["tests"])
    assert all(test["score"] <= test["max-score"] for test in data["tests"])


def read_as_canvas_does(rows):
    """The assignment's name and points, and the learners with their scores, as Canvas's importer takes them."""
    head, points, *learners = rows
    assert "Student" in head[0]
    assert "ID" in head[1]
    assert re.search(r"SIS\s+User\s+ID", head[2])
    assert re.search(r"SIS\s+Login\s+ID", head[3])
    # The last column about the learner; all that follow are assignments.
    assert "Section" in head[4]
    assert len(head) == 6
    assert "Points Possible" in points[0]
    return head[5], float(points[5]), {row[0]: (tuple(row[1:5]), float(row[5])) for row in learners}
