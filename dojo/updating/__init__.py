"""A newer version of the course for a fork: the plan, the merge, and putting it in place."""
