"""Where a class stands."""
