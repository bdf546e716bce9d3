"""What is known of every step."""
