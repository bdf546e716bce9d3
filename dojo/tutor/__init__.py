"""What an assistant gets of the course: as JSON from the commands, and over the Model Context Protocol."""
