"""Tools for authors of katas."""
