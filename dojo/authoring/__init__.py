"""What authors of katas use."""
