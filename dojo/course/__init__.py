"""Reads the course as text: its layout, steps, definitions, hints, stubs, backups and kept answers."""
