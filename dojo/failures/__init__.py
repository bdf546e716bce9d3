"""From an exception to a failure, and from a failure to the mistake behind it."""
