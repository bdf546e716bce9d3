"""What a fork's CI runs."""
