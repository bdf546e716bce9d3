"""The kinds of failure. They have a separate module, so that hints can be read without the code that judges tests."""

from __future__ import annotations

# The symptom of each kind of failure. A hint with the symptom in its heading is shown first for this kind.
KINDS = {
    "not_written": "not written yet",
    "broken": "the file does not import",
    "missing": "the name is missing",
    "signature": "it can't be called",
    "type": "not the right type",
    "device": "wrong device",
    "dtype": "wrong dtype",
    "shape": "wrong shape",
    "value": "right shape, wrong numbers",
    "memory": "view or copy mixed up",
    "mutated": "the input was changed",
    "graph": "graph kept or cut",
    "operators": "too many operations",
    "forbidden": "a forbidden name",
    "error": "an error is raised",
    "error_expected": "no error is raised",
    "statement": "another condition",
    "unusable": "the answer can't be used",
    "timeout": "it never ends",
    "crash": "Python itself ends",
    "cheating": "it reads or changes what judges it",
}
