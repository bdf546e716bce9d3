"""A control group for one judgement (cgroup v2), in which the kernel limits the memory of all processes together.

systemd makes the group. Without systemd or cgroup v2, only the watch of dojo.judging.sandbox limits the memory.
"""

from __future__ import annotations

import functools
import os
import subprocess

from dojo.judging.sandbox import MOST_PROCESSES

# The watch says why it ends a judgement, and the kernel does not. So the kernel's limit is a little higher.
_MORE = 1.1
# A shell command that prints the limit on memory of its own group.
_ASK = 'cat "/sys/fs/cgroup$(sed -n s/^0:://p /proc/self/cgroup)/memory.max"'


def group_for(memory: int, processes: int, before: list[str]) -> list[str]:
    """The words that start a command in a group with a limit on memory; [] if no group can be made here.

    memory: the limit of the watch, in bytes. processes: the number of processes that run tests at the same time.
    before: the words that make the user root (sudo), or [].
    """
    bound = int(memory * _MORE) >> 16 << 16
    words = ["systemd-run", *([] if before or os.geteuid() == 0 else ["--user"]), "--scope", "--quiet", "--collect"]
    limits = (f"MemoryMax={bound}", "MemorySwapMax=0", f"TasksMax={MOST_PROCESSES * processes + 64}")
    words += [word for limit in limits for word in ("-p", limit)]
    return words if holds((*before, *words), str(bound)) else []


@functools.lru_cache(maxsize=8)
def holds(words: tuple[str, ...], bound: str) -> bool:
    """Whether a command that is started with `words` has the limit `bound` on its memory."""
    command = [*words, "sh", "-c", _ASK]
    try:
        ran = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ran.stdout.strip() == bound
