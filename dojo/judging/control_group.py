"""A control group for one judgement (cgroup v2), in which the kernel limits the memory of all processes together.

systemd makes the group. Without systemd or cgroup v2, the sum is only watched (dojo.judging.sandbox).
"""

from __future__ import annotations

import functools
import os
import subprocess

from dojo.judging.sandbox import MOST_PROCESSES

# The watch ends a judgement with a sentence, so its limit comes first.
_MORE = 1.1
# Prints the limit on memory of the group that it runs in.
_ASK = 'cat "/sys/fs/cgroup$(sed -n s/^0:://p /proc/self/cgroup)/memory.max"'


def group_for(memory: int, processes: int, before: list[str]) -> list[str]:
    """Words before a command that make a group for it, of so many bytes; [] if no group can be made here.

    processes: how many are judged side by side. before: words that make the user root (sudo), or [].
    """
    bound = int(memory * _MORE) >> 16 << 16
    words = ["systemd-run", *([] if before or os.geteuid() == 0 else ["--user"]), "--scope", "--quiet", "--collect"]
    limits = (f"MemoryMax={bound}", "MemorySwapMax=0", f"TasksMax={MOST_PROCESSES * processes + 64}")
    words += [word for limit in limits for word in ("-p", limit)]
    return words if holds((*before, *words), str(bound)) else []


@functools.lru_cache(maxsize=8)
def holds(words: tuple[str, ...], bound: str) -> bool:
    """Whether a command that `words` start has this limit on its memory."""
    command = [*words, "sh", "-c", _ASK]
    try:
        ran = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ran.stdout.strip() == bound
