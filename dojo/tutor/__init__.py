"""What an assistant gets from the course: JSON from the commands, and a server for the Model Context Protocol."""
