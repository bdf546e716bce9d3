"""The course in a notebook: the notebooks of the lessons, and the magics that their cells use."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Add the magics to a kernel: `%load_ext dojo.notebook`."""
    from dojo.notebook.magics import add_magics

    add_magics(shell)
