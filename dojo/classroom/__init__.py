"""The state of a class, and grades."""
