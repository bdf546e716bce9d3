"""Turns an exception into a failure, and finds the mistake behind a failure."""
