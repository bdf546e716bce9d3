"""The course for an assistant: JSON from the commands, and a server for the Model Context Protocol."""
