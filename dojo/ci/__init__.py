"""What the CI of a fork runs."""
