"""The judging of somebody else's katas: the sandbox and its limits."""
