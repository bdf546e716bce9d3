"""What a clue is."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True)
class Clue:
    """A fact about a wrong answer: `kind` is the name of the relation, `sentence` what the learner reads."""

    kind: str
    sentence: str
