"""The error that the user of the command line can fix."""

from __future__ import annotations


class DojoError(Exception):
    """Something is wrong that the user can fix. The text says what is wrong and what to do."""
