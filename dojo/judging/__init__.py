"""The only judge of somebody else's katas: the sandbox, its limits, and the verdict."""
