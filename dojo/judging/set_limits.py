"""A program that limits itself, changes its user, and then becomes the command after `--`. It imports no dojo.

python set_limits.py RLIMIT_NPROC=128 … USER=61200 -- command argument …
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
    """Set every limit that can be set, never above the current limit, and become the command."""
    end = sys.argv.index("--")
    for word in sys.argv[1:end]:
        name, _, value = word.partition("=")
        if name == "USER":
            user = int(value)
            os.setgroups([])
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)
            continue
        number = getattr(resource, name, None)
        if number is not None:
            with contextlib.suppress(ValueError, OSError):
                hard = resource.getrlimit(number)[1]
                wanted = int(value) if hard == resource.RLIM_INFINITY else min(int(value), hard)
                resource.setrlimit(number, (wanted, wanted))
    os.execvp(sys.argv[end + 1], sys.argv[end + 1 :])


if __name__ == "__main__":
    main()
