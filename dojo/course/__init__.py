"""The course read as text: its layout, its steps, their definitions, hints, stubs, backups and kept answers."""
