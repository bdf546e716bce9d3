"""One run of pytest."""
