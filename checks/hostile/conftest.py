"""The small course, here too."""

from ..machinery.conftest import course

__all__ = ["course"]
