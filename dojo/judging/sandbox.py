"""Runs a command with somebody else's code: in a sandbox or as another user, with limits on all its processes."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import os
import platform
import random
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import threading
import time
from pathlib import Path

from dojo.judging import set_limits
from dojo.support.processes import end_group

_MB = 1_000_000
# PyTorch's libraries map several GB of address space, which is not memory.
_MAPPED = 12_000 * _MB
# The size of /tmp in the sandbox, in bytes. It is a file system in memory.
_IN_MEMORY = 256 * _MB
# The most processes and threads of one judgement, and the largest file in bytes.
MOST_PROCESSES = 128
_MOST_FILE = 64 * _MB
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/lib32", "/etc/ld.so.cache", "/etc/alternatives")
# The code does not see the files here, unless they belong to this Python.
_HIDDEN = ("/usr/local", "/usr/src")
# The program that sets the limits and becomes the command.
LAUNCHER = set_limits.__file__
# systemd gives these user ids to services while they run. No file belongs to them.
_SPARE_USERS = range(61184, 65520)
# A judgement may take this many times its computing time on the clock, because code may sleep and machines are busy.
PATIENCE = 4
_LOOK = 0.1
# For words in bubblewrap's message: why it does not work, and what to do.
_FIXES = {
    "uid map|RTM_NEWADDR": (
        ". AppArmor forbids it, as on Ubuntu 24.04",
        "sudo apt install apparmor-profiles "
        "&& sudo ln -s /usr/share/apparmor/extra-profiles/bwrap-userns-restrict /etc/apparmor.d/ "
        "&& sudo systemctl reload apparmor",
    ),
    "namespace|unprivileged|Operation not permitted|No space left": (
        ". This system, or the container that this runs in, allows no new namespaces",
        "allow namespaces (sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone), "
        "or run this outside the container",
    ),
    "proc": (". The container that this runs in hides parts of /proc", "run this outside the container"),
}
_UNKNOWN = ("", "see docs/verifying.md for the systems that have a sandbox")
_running: set[int] = set()


@dataclasses.dataclass(frozen=True)
class Limits:
    """The limits of one judgement.

    seconds: the computing time of all processes together. On the clock it may be PATIENCE times as much.
    memory: in bytes, of each process and of all processes together. prints: the size of the verdict, in bytes.
    """

    seconds: float = 300.0
    memory: int = 4_000 * _MB
    prints: int = 8 * _MB


@dataclasses.dataclass(frozen=True)
class Result:
    """How a command ended.

    status: its exit status. printed: the allowed part of its standard output. told: the end of its standard error.
    ended: why it was killed, or "".
    """

    status: int
    printed: bytes
    told: str
    ended: str = ""


def why_not() -> str:
    """Why there is no sandbox on this machine, and what to do, in one sentence; "" if there is a sandbox."""
    reason, remedy = problem()
    return reason and f"{reason}. To fix this: {remedy}"


@functools.lru_cache(maxsize=1)
def problem() -> tuple[str, str]:
    """Why there is no sandbox on this machine, and what to do; both empty if there is a sandbox."""
    if shutil.which("bwrap") is None:
        return "bubblewrap is not installed", "apt install bubblewrap (on Debian and Ubuntu)"
    command = ["bwrap", *walls({}), "--", sys.executable, "-I", "-S", "-c", "import os"]
    tried = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if not tried.returncode:
        return "", ""
    lines = tried.stderr.strip().splitlines()
    said = lines[-1] if lines else f"status {tried.returncode}"
    why, remedy = next((fix for words, fix in _FIXES.items() if re.search(words, said)), _UNKNOWN)
    return f"bubblewrap does not work here ({said}){why}", remedy


def walls(folders: dict[Path, str]) -> list[str]:
    """The options for bubblewrap. The command sees this machine's programs, this Python, and `folders` by new names.

    Everything is read-only, except /tmp and /dev/shm, which are in memory. There is no network.
    """
    options = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    options += ["--as-pid-1", "--die-with-parent", "--new-session", "--hostname", "dojo", "--cap-drop", "ALL"]
    if os.geteuid() == 0:
        # Root inside would be root outside, so the launcher changes the user.
        options += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        options += ["--unshare-user"]
    for place in _SYSTEM:
        options += ["--ro-bind-try", place, place]
    hidden = [place for place in _HIDDEN if Path(place).is_dir()]
    for place in hidden:
        options += ["--tmpfs", place]
    options += ["--proc", "/proc", "--dev", "/dev"]
    for place in ("/sys", "/sysrq-trigger", "/irq", "/bus"):
        if Path(f"/proc{place}").exists():
            options += ["--ro-bind", f"/proc{place}", f"/proc{place}"]
    for place in ("/tmp", "/dev/shm"):
        # Old versions of bubblewrap have no --size. Then only the size of each file is limited.
        options += [*_option("--perms", "1777"), *_option("--size", str(_IN_MEMORY)), "--tmpfs", place]
    # These come after the empty folders, because a virtual environment may be in one of them.
    places = {path: path for path in _python()} | {str(path): seen for path, seen in folders.items()}
    for path, seen in places.items():
        # The user inside must be able to enter these folders, even if the folders outside are closed.
        for parent in list(reversed(Path(seen).parents))[1:]:
            options += [*_option("--perms", "0755"), "--dir", str(parent)]
        options += ["--ro-bind", path, seen]
    return [*options, *(word for place in ("/dev", *hidden, "/") for word in ("--remount-ro", place))]


def _option(name: str, value: str) -> list[str]:
    """An option of bubblewrap with its value; [] if this version does not have the option."""
    return [name, value] if name in _help() else []


@functools.lru_cache(maxsize=1)
def _help() -> str:
    told = subprocess.run(["bwrap", "--help"], capture_output=True, text=True, check=False)
    return told.stdout + told.stderr


def limited(command: list[str], limits: Limits, *, launcher: str, user: int | None, alone: bool) -> list[str]:
    """The words that run `command` with the system's limits, and as `user` unless that is None.

    launcher: the path of LAUNCHER, as the command sees it. alone: the user or its namespace is new, so that no other
    process of the user counts.
    """
    bounds = {
        "RLIMIT_DATA": limits.memory,
        "RLIMIT_AS": limits.memory + _MAPPED,
        "RLIMIT_FSIZE": _MOST_FILE,
        "RLIMIT_NOFILE": 1024,
        "RLIMIT_NPROC": MOST_PROCESSES + (0 if alone and _counts_by_namespace() else _threads_of_user()),
        "RLIMIT_CPU": int(limits.seconds * PATIENCE) + 1,
        "RLIMIT_CORE": 0,
    }
    words = [f"{name}={value}" for name, value in bounds.items()]
    words += [f"USER={user}"] if user is not None else []
    return [os.path.abspath(sys.executable), "-I", "-S", launcher, *words, "--", *command]


def run_limited(
    command: list[str],
    *,
    cwd: str,
    env: dict[str, str],
    given: bytes,
    limits: Limits,
    user: int | None = None,
    relay: bool = False,
) -> Result:
    """Run `command` with `given` as its input, and kill all of its processes if they exceed the limits together.

    user: all processes of this user count as the command's. relay: print its standard error as soon as it is written.
    """
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    _running.add(process.pid)
    watch = _Watch(process.pid, limits, user)
    told, printed = bytearray(), bytearray()
    assert process.stdout is not None and process.stderr is not None and process.stdin is not None  # noqa: PT018
    listener = threading.Thread(target=_hear, args=(process.stderr, told, relay), daemon=True)
    try:
        # The pipe stays open. When this process ends, the pipe ends, and the command sees this.
        with contextlib.suppress(OSError):
            process.stdin.write(given)
            process.stdin.flush()
        listener.start()
        _drain(process.stdout, printed, limits.prints + 1)
        process.wait()
        listener.join(timeout=5)
    finally:
        watch.close()
        _end(process.pid, user)
        process.wait()
        _running.discard(process.pid)
        for stream in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                stream.close()
    return Result(process.returncode, bytes(printed), bytes(told).decode("utf-8", "replace"), watch.ended)


def stop_all() -> None:
    """Kill all commands that run_limited is running."""
    for pid in list(_running):
        _end(pid, None)


def _end(pid: int, user: int | None) -> None:
    """Kill a process, all its descendants, and all processes of a user."""
    for each in _members(pid, user)[0]:
        with contextlib.suppress(OSError):
            os.kill(each, signal.SIGKILL)
    end_group(pid)


class _Watch:
    """Adds up what all processes of a command use, ten times a second, and kills them if they exceed the limits."""

    def __init__(self, pid: int, limits: Limits, user: int | None) -> None:
        self.pid = pid
        self.limits = limits
        self.user = user
        self.ended = ""
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        started = time.monotonic()
        while not self._done.wait(_LOOK):
            seconds, memory = usage_of(self.pid, self.user)
            if seconds > self.limits.seconds or time.monotonic() - started > self.limits.seconds * PATIENCE:
                self.ended = f"it took longer than {self.limits.seconds:g} s"
            elif memory > self.limits.memory:
                self.ended = f"it used more than {self.limits.memory / 1e9:g} GB of memory"
            if self.ended:
                _end(self.pid, self.user)
                return


def usage_of(pid: int, user: int | None) -> tuple[float, int]:
    """The seconds of computing and the bytes of memory of a process, all its descendants, and a user's processes.

    Memory that a fork shares with its parent counts twice.
    """
    wanted, seconds = _members(pid, user)
    return sum(seconds.get(each, 0.0) for each in wanted), sum(map(_memory_of, wanted))


def _members(pid: int, user: int | None) -> tuple[set[int], dict[int, float]]:
    """The ids of a process, its descendants and a user's processes, and the seconds of computing of every process."""
    parents: dict[int, int] = {}
    seconds: dict[int, float] = {}
    wanted = {pid}
    tick = os.sysconf("SC_CLK_TCK")
    for folder in os.listdir("/proc"):
        if folder.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                fields = Path("/proc", folder, "stat").read_text(errors="replace").rpartition(")")[2].split()
                parents[int(folder)] = int(fields[1])
                seconds[int(folder)] = sum(map(int, fields[11:15])) / tick
                if user is not None and os.stat(f"/proc/{folder}").st_uid == user:
                    wanted.add(int(folder))
    for each in sorted(parents):
        path = [each]
        while (parent := parents.get(path[-1], 0)) and parent not in path:
            if parent in wanted:
                wanted.update(path)
                break
            path.append(parent)
    return wanted, seconds


def _memory_of(pid: int) -> int:
    """The bytes of memory of a process, without the files that it maps."""
    with contextlib.suppress(OSError):
        text = Path(f"/proc/{pid}/status").read_text(errors="replace")
        return sum(int(size) * 1024 for size in re.findall(r"^(?:RssAnon|RssShmem|VmSwap):\s*(\d+) kB", text, re.M))
    return 0


def spare_user() -> int:
    """A user id without an account and without a process."""
    import pwd

    taken = {each.pw_uid for each in pwd.getpwall()}
    taken |= {_owner(folder) for folder in os.listdir("/proc") if folder.isdigit()}
    return random.SystemRandom().choice([user for user in _SPARE_USERS if user not in taken])


def _owner(pid: str) -> int:
    with contextlib.suppress(OSError):
        return os.stat(f"/proc/{pid}").st_uid
    return 0


def environment(cwd: str, temporary: str) -> dict[str, str]:
    """The environment of the command. From this process's environment it takes only the paths of programs."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    further = [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
    own = [path for path in further if not path.startswith((sys.prefix, sys.base_prefix))]
    return kept | {
        "HOME": temporary,
        "LANG": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join([cwd, *own]),
        "PYTHONDONTWRITEBYTECODE": "1",
        # One process uses one core. The caller decides how many processes run at the same time.
        "OMP_NUM_THREADS": "1",
        "NO_COLOR": "1",
    }


def _hear(stream: object, into: bytearray, relay: bool) -> None:
    """Read to the end and keep the last 64 KB. relay: print all of it."""
    while chunk := stream.read1(1 << 16):  # type: ignore[attr-defined]
        into += chunk
        del into[: -(1 << 16)]
        if relay:
            sys.stdout.write(chunk.decode("utf-8", "replace"))
            sys.stdout.flush()


def _drain(stream: object, into: bytearray, most: int) -> None:
    """Read to the end, so that the writer never waits, and keep `most` bytes."""
    while chunk := stream.read1(1 << 16):  # type: ignore[attr-defined]
        into += chunk[: most - len(into)]


def _python() -> list[str]:
    """The folders of this Python and its packages, without the course."""
    found = {sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix, *sysconfig.get_paths().values()}
    found |= {path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")}
    # The command has the absolute path of this Python, so the folder in this path must exist.
    found = {os.path.abspath(path) for path in found} | {os.path.dirname(os.path.abspath(sys.executable))}
    real = {str(Path(path).resolve()) for path in found if Path(path).is_dir()}
    wanted = sorted({path for path in found if Path(path).is_dir()} | real)
    inside = [path for path in wanted if not any(path != other and path.startswith(other + os.sep) for other in wanted)]
    return [path for path in inside if path not in ("/", str(Path.home())) and path not in _SYSTEM]


def _counts_by_namespace() -> bool:
    """Whether the limit on processes counts only the processes of a new user namespace (since Linux 5.14)."""
    return tuple(map(int, re.findall(r"\d+", platform.release())[:2])) >= (5, 14)


def _threads_of_user() -> int:
    """The number of threads of this user. The system's limit counts all of them."""
    number = 0
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if process.stat().st_uid == os.getuid():
                number += len(os.listdir(process / "task"))
    return number
