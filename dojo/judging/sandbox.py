"""Running a command that runs a stranger's code: in a sandbox or as another user, and with limits on all of it."""

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
from collections.abc import Iterable
from pathlib import Path

from dojo.judging import set_limits as set_limits
from dojo.judging.lockdown import MOST_FILE, MOST_PROCESSES
from dojo.support.processes import end_group

_MB = 1_000_000
# Mapped address space costs nothing: PyTorch's libraries take some GB of it.
_MAPPED = 12_000 * _MB
# A file system in memory, such as /tmp in the sandbox, holds at most this many bytes.
_IN_MEMORY = 256 * _MB
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/lib32", "/etc/ld.so.cache", "/etc/alternatives")
# Programs of the machine's owner are not seen, unless this Python is among them.
_HIDDEN = ("/usr/local", "/usr/src")
# A program of its own, which sets the limits and becomes the command.
LAUNCHER = set_limits.__file__
# systemd gives these user ids to services for as long as they run; nobody owns a file under them.
_SPARE_USERS = range(61184, 65520)
# The clock may show this many times a limit on computing time, for code that sleeps and for machines that are busy.
PATIENCE = 4
_LOOK = 0.1
_running: set[int] = set()


@dataclasses.dataclass(frozen=True)
class Limits:
    """What one judgement may use.

    seconds: of computing, all processes together; the clock may show four times as many. memory: in bytes, of one
    process and of all together. prints: in bytes, of the verdict.
    """

    seconds: float = 300.0
    memory: int = 4_000 * _MB
    prints: int = 8 * _MB


@dataclasses.dataclass(frozen=True)
class Result:
    """How a command ended.

    status: its exit status. printed: what it wrote to standard output, at most as much as allowed. told: the end of
    what it wrote to standard error. ended: why it was ended, or empty.
    """

    status: int
    printed: bytes
    told: str
    ended: str = ""


def why_not() -> str:
    """Why there is no sandbox on this machine, and what to do; empty if there is a sandbox."""
    reason, remedy = problem()
    return f"{reason}. {remedy}" if reason and remedy and not remedy.startswith("apt ") else reason


@functools.lru_cache(maxsize=1)
def problem() -> tuple[str, str]:
    """Why there is no sandbox on this machine, and what to do about it; both empty if there is a sandbox."""
    if shutil.which("bwrap") is None:
        return "bubblewrap is not installed (on Debian and Ubuntu: apt install bubblewrap)", "apt install bubblewrap"
    command = ["bwrap", *walls({}), "--", sys.executable, "-I", "-S", "-c", "import os"]
    tried = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if not tried.returncode:
        return "", ""
    lines = tried.stderr.strip().splitlines()
    said = lines[-1] if lines else f"status {tried.returncode}"
    return f"bubblewrap does not work here ({said})", _remedy(said)


def _remedy(said: str) -> str:
    """What to do about bubblewrap's words on its failure."""
    if "uid map" in said or "RTM_NEWADDR" in said:
        return (
            "AppArmor forbids it, as on Ubuntu 24.04. Allow it for bubblewrap: sudo apt install apparmor-profiles "
            "&& sudo ln -s /usr/share/apparmor/extra-profiles/bwrap-userns-restrict /etc/apparmor.d/ "
            "&& sudo systemctl reload apparmor"
        )
    if re.search(r"namespace|unprivileged|Operation not permitted|No space left", said):
        return (
            "This system, or the container that this runs in, allows no new namespaces. Allow them "
            "(sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone), or run it outside the container"
        )
    if "proc" in said:
        return "The container that this runs in hides parts of /proc. Run it outside the container"
    return ""


def walls(folders: dict[Path, str]) -> list[str]:
    """What bubblewrap is told: the command sees this machine's programs, this Python, and `folders` (as named there).

    All of it is read-only. Only /tmp and /dev/shm can be written to, and are memory. There is no network.
    """
    options = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    options += ["--as-pid-1", "--die-with-parent", "--new-session", "--hostname", "dojo", "--cap-drop", "ALL"]
    if os.geteuid() == 0:
        # A user inside would be root outside. The launcher changes to a user that is nobody.
        options += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        options += ["--unshare-user"]
    for place in _SYSTEM:
        options += ["--ro-bind-try", place, place]
    python = _python()
    for place in _HIDDEN:
        if Path(place).is_dir():
            options += ["--tmpfs", place]
    options += ["--proc", "/proc", "--dev", "/dev"]
    for place in ("/sys", "/sysrq-trigger", "/irq", "/bus"):
        if Path(f"/proc{place}").exists():
            options += ["--ro-bind", f"/proc{place}", f"/proc{place}"]
    for place in ("/tmp", "/dev/shm"):
        # Old versions of bubblewrap know no size; then the limit on each file must do.
        options += [*_option("--perms", "1777"), *_option("--size", str(_IN_MEMORY)), "--tmpfs", place]
    # After the empty folders: a virtual environment may be in one of them.
    for path, seen in [*((place, place) for place in python), *((str(path), seen) for path, seen in folders.items())]:
        # The user inside must be able to pass, also if the folders outside are closed.
        for parent in list(reversed(Path(seen).parents))[1:]:
            options += [*_option("--perms", "0755"), "--dir", str(parent)]
        options += ["--ro-bind", path, seen]
    read_only = ["/dev", *(place for place in _HIDDEN if Path(place).is_dir()), "/"]
    return [*options, *(word for place in read_only for word in ("--remount-ro", place))]


def _option(name: str, value: str) -> list[str]:
    """An option of bubblewrap with its value, if this version has the option."""
    return [name, value] if name in _help() else []


@functools.lru_cache(maxsize=1)
def _help() -> str:
    told = subprocess.run(["bwrap", "--help"], capture_output=True, text=True, check=False)
    return told.stdout + told.stderr


def limited(command: list[str], limits: Limits, *, launcher: str, user: int | None, alone: bool) -> list[str]:
    """`command` with the system's limits, as `user` if one is given. `launcher` is where LAUNCHER is seen.

    alone: no other process of this user counts, because the user or its namespace is new.
    """
    bounds = {
        "RLIMIT_DATA": limits.memory,
        "RLIMIT_AS": limits.memory + _MAPPED,
        "RLIMIT_FSIZE": MOST_FILE,
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
    """Run `command`, give it `given`, and end it with all of its processes if together they go over the limits.

    user: its processes are this user's too. relay: pass on to standard output what it writes to standard error.
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
        # It stays open: a command may end if this process ends.
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
    """End everything that runs limited."""
    for pid in list(_running):
        _end(pid, None)


def _end(pid: int, user: int | None) -> None:
    """Kill a process with all its descendants, and with all of a user's processes."""
    for each in _members(pid, user)[0]:
        with contextlib.suppress(OSError):
            os.kill(each, signal.SIGKILL)
    end_group(pid)


class _Watch:
    """Looks at all processes of a command ten times a second, and ends them if together they go over the limits."""

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
    """Seconds of computing, and bytes of memory, of a process with all its descendants and with all of a user's.

    Memory that processes share with their parent since a fork counts for each of them.
    """
    wanted, seconds = _members(pid, user)
    return sum(seconds.get(each, 0.0) for each in wanted), sum(map(_memory_of, wanted))


def _members(pid: int, user: int | None) -> tuple[set[int], dict[int, float]]:
    """A process with its descendants and a user's processes; and every process's seconds of computing."""
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
    """The bytes that a process holds itself or shares with others, without the files that it maps."""
    with contextlib.suppress(OSError):
        text = Path(f"/proc/{pid}/status").read_text(errors="replace")
        return sum(int(size) * 1024 for size in re.findall(r"^(?:RssAnon|RssShmem|VmSwap):\s*(\d+) kB", text, re.M))
    return 0


def spare_user() -> int:
    """A user id that nobody has and no process runs under."""
    import pwd

    taken = {each.pw_uid for each in pwd.getpwall()}
    taken |= {_owner(folder) for folder in os.listdir("/proc") if folder.isdigit()}
    return random.SystemRandom().choice([user for user in _SPARE_USERS if user not in taken])


def _owner(pid: str) -> int:
    with contextlib.suppress(OSError):
        return os.stat(f"/proc/{pid}").st_uid
    return 0


def environment(cwd: str, temporary: str) -> dict[str, str]:
    """The environment of the command: nothing of this process's but where programs are."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    further = [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
    own = [path for path in further if not path.startswith((sys.prefix, sys.base_prefix))]
    return kept | {
        "HOME": temporary,
        "LANG": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join([cwd, *own]),
        "PYTHONDONTWRITEBYTECODE": "1",
        # One process uses one core: how many run at once is decided elsewhere.
        "OMP_NUM_THREADS": "1",
        "NO_COLOR": "1",
    }


def _hear(stream: object, into: bytearray, relay: bool) -> None:
    """Read to the end, keep the last 64 KB, and pass all of it on if asked to."""
    while chunk := stream.read1(1 << 16):  # type: ignore[attr-defined]
        into += chunk
        del into[: -(1 << 16)]
        if relay:
            sys.stdout.write(chunk.decode("utf-8", "replace"))
            sys.stdout.flush()


def _drain(stream: object, into: bytearray, most: int) -> None:
    """Read to the end, and keep `most` bytes: whoever writes never waits."""
    while chunk := stream.read1(1 << 16):  # type: ignore[attr-defined]
        into += chunk[: most - len(into)]


def _python() -> list[str]:
    """The folders of this Python and of its packages. The course itself is not among them."""
    found = {sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix, *sysconfig.get_paths().values()}
    found |= {path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")}
    # As in the command: a Python that was started as ../venv/bin/python may call itself so.
    found = {os.path.abspath(path) for path in found} | {os.path.dirname(os.path.abspath(sys.executable))}
    real = {str(Path(path).resolve()) for path in found if Path(path).is_dir()}
    wanted = sorted({path for path in found if Path(path).is_dir()} | real)
    inside = [path for path in wanted if not any(path != other and path.startswith(other + os.sep) for other in wanted)]
    return [path for path in inside if path not in ("/", str(Path.home())) and path not in _SYSTEM]


def _counts_by_namespace() -> bool:
    """Whether the limit on processes counts only those of a new user namespace: since Linux 5.14."""
    numbers: Iterable[str] = re.findall(r"\d+", platform.release())
    return tuple(map(int, list(numbers)[:2])) >= (5, 14)


def _threads_of_user() -> int:
    """The number of threads of this user: the system's limit counts them all, not only ours."""
    number = 0
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if process.stat().st_uid == os.getuid():
                number += len(os.listdir(process / "task"))
    return number
