"""The state of every step: in one run, and between runs."""
