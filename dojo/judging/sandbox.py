"""Running what a stranger wrote: without network, with nothing to write to but memory, and with limits on all of it."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import os
import shutil
import subprocess
import sys
import sysconfig
import threading
from pathlib import Path

from dojo.judging import set_limits as set_limits
from dojo.support.errors import DojoError
from dojo.support.processes import end_group

_MB = 1_000_000
# Address space that is mapped and costs nothing: PyTorch's libraries take some GB of it.
_MAPPED = 12_000 * _MB
_FILE = 64 * _MB
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/lib32", "/etc/ld.so.cache", "/etc/alternatives", "/opt")
# A program of its own, which sets the limits and becomes the command.
LAUNCHER = set_limits.__file__
_running: set[int] = set()


@dataclasses.dataclass(frozen=True)
class Limits:
    """What one process may take: `seconds` on the clock, `memory` and what it `prints`, in bytes."""

    seconds: float = 300.0
    memory: int = 4_000 * _MB
    prints: int = 8 * _MB


@dataclasses.dataclass(frozen=True)
class Result:
    """How a command ended: what it printed and told, at most as much as allowed; `status` is None when out of time."""

    status: int | None
    printed: bytes
    told: str


@functools.lru_cache(maxsize=1)
def why_not() -> str:
    """Why there is no sandbox on this machine; empty where there is one."""
    if shutil.which("bwrap") is None:
        return "bubblewrap is not installed (on Debian and Ubuntu: apt install bubblewrap)"
    tried = subprocess.run(
        ["bwrap", *_walls({}), "--", "true"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if tried.returncode:
        lines = tried.stderr.strip().splitlines()
        return f"bubblewrap does not work here ({lines[-1] if lines else tried.returncode})"
    return ""


def run_confined(command: list[str], folders: dict[Path, str], cwd: str, limits: Limits, *, unsafe: bool) -> Result:
    """Run `command` in a sandbox; in it, each of `folders` is seen, read-only, under the name given.

    unsafe: with the limits of the system alone, for a machine without bubblewrap; then `folders` and `cwd` are where
    they are, files can be written, and the network is there. Raises DojoError where there is no sandbox.
    """
    if not unsafe and why_not():
        raise DojoError(f"{why_not()}. Learners' code is not run without it, unless you say --unsafe.")
    bounds = {
        "RLIMIT_DATA": limits.memory,
        "RLIMIT_AS": limits.memory + _MAPPED,
        "RLIMIT_FSIZE": _FILE,
        "RLIMIT_NOFILE": 1024,
        "RLIMIT_NPROC": _threads_of_user() + 512,
        "RLIMIT_CPU": int(limits.seconds * 4) + 1,
        "RLIMIT_CORE": 0,
    }
    limited = [sys.executable, "-I", "-S", LAUNCHER, *(f"{name}={value}" for name, value in bounds.items()), "--"]
    walls = [] if unsafe else ["bwrap", *_walls(folders), "--chdir", cwd, "--"]
    process = subprocess.Popen(
        [*limited, *walls, *command],
        cwd=cwd if unsafe else "/",
        env=_environment(cwd),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    _running.add(process.pid)
    expired = threading.Event()

    def expire() -> None:
        expired.set()
        end_group(process.pid)

    timer = threading.Timer(limits.seconds, expire)
    timer.daemon = True
    timer.start()
    told: list[bytes] = []
    assert process.stdout is not None
    assert process.stderr is not None
    listener = threading.Thread(target=_drain, args=(process.stderr, told, 64_000), daemon=True)
    listener.start()
    printed: list[bytes] = []
    try:
        _drain(process.stdout, printed, limits.prints + 1)
        process.wait()
        listener.join()
    finally:
        timer.cancel()
        end_group(process.pid)
        _running.discard(process.pid)
        process.stdout.close()
        process.stderr.close()
    status = None if expired.is_set() else process.returncode
    return Result(status, b"".join(printed), b"".join(told).decode("utf-8", "replace"))


def stop_all() -> None:
    """End everything that runs confined."""
    for pid in list(_running):
        end_group(pid)


def _drain(stream: object, into: list[bytes], most: int) -> None:
    """Read to the end, and keep `most` bytes: whoever writes is never held up."""
    kept = 0
    while chunk := stream.read1(1 << 16):  # type: ignore[attr-defined]
        if kept < most:
            into.append(chunk[: most - kept])
            kept += len(into[-1])


def _walls(folders: dict[Path, str]) -> list[str]:
    """What bubblewrap is told: nothing of this machine is there but its programs and this Python, read-only."""
    options = ["--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--hostname", "dojo"]
    for place in _SYSTEM:
        options += ["--ro-bind-try", place, place]
    options += ["--proc", "/proc", "--dev", "/dev"]
    # Older ones know no limit for a file system in memory; there the limit on each file must do.
    for place in ("/tmp", "/dev/shm"):
        options += [*(["--size", str(4 * _FILE)] if _has_size() else []), "--tmpfs", place]
    # After the empty folders: a virtual environment may lie in one of them.
    for place in _python():
        options += ["--ro-bind-try", place, place]
    for path, seen in folders.items():
        options += ["--ro-bind", str(path), seen]
    return options


@functools.lru_cache(maxsize=1)
def _has_size() -> bool:
    told = subprocess.run(["bwrap", "--help"], capture_output=True, text=True, check=False)
    return "--size" in told.stdout + told.stderr


def _python() -> list[str]:
    """The folders of this Python and of its packages. The course itself is not among them."""
    found = {sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix, *sysconfig.get_paths().values()}
    found |= {path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")}
    # As in the command: a Python that was started as ../venv/bin/python may call itself so.
    found = {os.path.abspath(path) for path in found}
    real = {str(Path(path).resolve()) for path in found if Path(path).is_dir()}
    wanted = sorted({path for path in found if Path(path).is_dir()} | real)
    inside = [path for path in wanted if not any(path != other and path.startswith(other + os.sep) for other in wanted)]
    return [path for path in inside if path not in ("/", str(Path.home())) and path not in _SYSTEM]


def _environment(cwd: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT") if name in os.environ}
    further = [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
    own = [path for path in further if not path.startswith((sys.prefix, sys.base_prefix))]
    return kept | {
        "HOME": "/tmp",
        "LANG": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join([cwd, *own]),
        "PYTHONDONTWRITEBYTECODE": "1",
        # One process, one core: how many run side by side is said elsewhere.
        "OMP_NUM_THREADS": "1",
        "NO_COLOR": "1",
    }


def _threads_of_user() -> int:
    """How many threads this user has: the system's limit counts them all, not only ours."""
    number = 0
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if process.stat().st_uid == os.getuid():
                number += len(os.listdir(process / "task"))
    return number
