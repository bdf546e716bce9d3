"""The statuses that a step can have, and the number of the format that tells of them."""

from __future__ import annotations

SCHEMA = 1


GREEN, RED, BROKEN, AHEAD, NOT_RUN = "green", "red", "broken", "ahead", "not_run"
