"""The surroundings of one test: the import of a kata, devices, the time limit, guards, forks."""
