"""The answers as JSON. docs/assistants.md says what the keys mean."""

from __future__ import annotations

import dataclasses
import json

from dojo.support.errors import DojoError
from dojo.support.plain_data import from_data
from dojo.tutor.hint_answer import HintAnswer
from dojo.tutor.run_answer import RunAnswer

# The version of the format. It changes only if a key changes its meaning or is removed.
_SCHEMA = 1


def json_of(answer: HintAnswer | RunAnswer) -> str:
    """The output of a command with --json: an object with the fields of the answer."""
    return json.dumps({"schema": _SCHEMA} | dataclasses.asdict(answer), indent=1)


def read_run(text: str) -> RunAnswer:
    """The answer that `dojo run --json` printed. Raises DojoError if this is not such an answer."""
    try:
        data = json.loads(text)
        if data.pop("schema") != _SCHEMA:
            raise ValueError
        return from_data(RunAnswer, data)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise DojoError("The run has ended without an answer. Try the command: dojo run STEP") from None
