"""Run as a program: sets limits of the system on itself, then becomes the command behind `--`.

python limits.py RLIMIT_DATA=4000000000 … -- command argument …
"""

from __future__ import annotations

import contextlib
import os
import sys

try:
    import resource
except ImportError:  # Windows has none of these limits.
    resource = None  # type: ignore[assignment]


def main() -> None:
    """Set what can be set (a limit is never raised above the one there is), and become the command."""
    end = sys.argv.index("--")
    for word in sys.argv[1:end]:
        name, _, value = word.partition("=")
        number = getattr(resource, name, None)
        if number is not None:
            with contextlib.suppress(ValueError, OSError):
                hard = resource.getrlimit(number)[1]
                wanted = int(value) if hard == resource.RLIM_INFINITY else min(int(value), hard)
                resource.setrlimit(number, (wanted, wanted))
    os.execvp(sys.argv[end + 1], sys.argv[end + 1 :])


if __name__ == "__main__":
    main()
