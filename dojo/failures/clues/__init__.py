"""True sentences about a wrong answer, computed from the values when no known mistake fits."""
