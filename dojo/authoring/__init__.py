"""What those who write katas use."""
