"""The statuses of a step, and the number of the file format that holds them."""

from __future__ import annotations

SCHEMA = 1

GREEN, RED, BROKEN, AHEAD, NOT_RUN = "green", "red", "broken", "ahead", "not_run"
STATUSES = (GREEN, RED, BROKEN, AHEAD, NOT_RUN)
