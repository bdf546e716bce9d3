"""The commands, one file for each command or family. A command is imported only when it runs."""
