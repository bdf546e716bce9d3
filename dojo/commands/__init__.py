"""The commands, one file for each. A command is imported only when it runs."""
