"""The one kind of error that a person at the keyboard can put right."""

from __future__ import annotations


class DojoError(Exception):
    """Something is wrong that the person at the keyboard can mend. The text says what is wrong and what to do."""
