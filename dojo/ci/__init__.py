"""The commands of the CI of a fork."""
