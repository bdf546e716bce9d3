"""One call of a step, described so that it can be shown, stored and sent."""

from __future__ import annotations

import dataclasses
from typing import Any

from dojo.failures.values import Shown


@dataclasses.dataclass(frozen=True)
class Call:
    """One call as the test made it. `details` describes arguments too long for the line; `creates` an object."""

    text: str
    details: tuple[str, ...] = ()
    returned: Shown | None = None
    result_id: int = 0
    creates: bool = False

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Call:
        returned = Shown.from_data(data["returned"])
        return cls(data["text"], tuple(data["details"]), returned, data["result_id"], data["creates"])
