"""The course read as text: its layout, steps, definitions, hints, stubs, backups and other answers."""
