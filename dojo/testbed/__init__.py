"""What one test runs in: the import of a kata, devices, the time limit, guards, forks."""
