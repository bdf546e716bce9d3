"""What is known about every step."""
