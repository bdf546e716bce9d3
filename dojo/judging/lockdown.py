"""Locks a process down before it runs a learner's code: another user, no new privileges, no calls that no kata needs.

Linux only. Each function raises OSError if the system refuses, so no code runs with less protection.
"""

from __future__ import annotations

import contextlib
import ctypes
import dataclasses
import errno
import os
import platform
import signal
import struct
import sys
import tempfile
from pathlib import Path

try:
    import resource
except ImportError:  # Windows has neither these limits nor a judge.
    resource = None  # type: ignore[assignment]

_SET_DUMPABLE, _SET_SECCOMP, _SET_NO_NEW_PRIVS = 4, 22, 38
_FILTER = 2

# Calls that are refused, with their numbers on x86-64 and on aarch64.
_REFUSED: dict[str, tuple[int, int]] = {
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "pidfd_getfd": (438, 438),
    "kcmp": (312, 272),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "move_mount": (429, 429),
    "open_tree": (428, 428),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "mount_setattr": (442, 442),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    # These make memory that belongs to no process, so the limits on processes do not apply to it.
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "mq_open": (240, 180),
    # It can move another process to other processors.
    "sched_setaffinity": (203, 122),
}
_CLONE, _CLONE3, _MMAP, _PRLIMIT = (56, 220), (435, 435), (9, 222), (302, 261)
# CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET, NEWTIME.
_NEW_NAMESPACES = 0x7E020080
# MAP_SHARED and MAP_ANONYMOUS.
_SHARED_MEMORY = 0x21
_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
# BPF: load a word of the call, jump if equal or greater or if bits are set, return.
_LOAD, _EQUAL, _GREATER, _BITS, _AND, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000

_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
# The ways to write that each version of Landlock can forbid: WRITE_FILE, REMOVE_* and MAKE_*, later REFER and TRUNCATE.
_LANDLOCK_WRITES = {1: 0x1FF2, 2: 0x3FF2, 3: 0x7FF2}


@dataclasses.dataclass(frozen=True)
class Lockdown:
    """How the forks of one judgement are locked down.

    user: the number of the user and the group to change to, or None. scratch: the folder for temporary files.
    memory: the limit of one process, in bytes. only_scratch: the kernel refuses every write outside `scratch`.
    """

    user: int | None
    scratch: str
    memory: int
    only_scratch: bool

    @classmethod
    def from_text(cls, text: str) -> Lockdown:
        """The lockdown that `as_text` wrote."""
        user, memory, only, scratch = text.split(":", 3)
        return cls(int(user) if user else None, scratch, int(memory), only == "1")

    def as_text(self) -> str:
        """This lockdown as one word of a command line."""
        return f"{'' if self.user is None else self.user}:{self.memory}:{int(self.only_scratch)}:{self.scratch}"

    def enter(self) -> None:
        """Lock this process down for good."""
        # The supervisor ignores or handles these signals, and a fork inherits this.
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM):
            signal.signal(number, signal.SIG_DFL)
        os.environ.update({"TMPDIR": self.scratch, "HOME": self.scratch})
        tempfile.tempdir = None
        # The launcher has set the other limits (dojo.judging.sandbox). Memory that is already mapped does not count.
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        most = used + self.memory if hard == resource.RLIM_INFINITY else min(used + self.memory, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        if self.user is not None:
            become(self.user)
        if os.geteuid() == 0 or os.getuid() == 0:
            raise PermissionError(errno.EPERM, "a learner's code must not run as root")
        drop_capabilities()
        forbid_new_privileges()
        if self.only_scratch:
            write_only_in(self.scratch)
        refuse_calls()


def become(user: int) -> None:
    """Change to the user and the group with this number for good, and leave all other groups."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def drop_capabilities() -> None:
    """Give up every capability, including those that a program would inherit."""
    header = ctypes.create_string_buffer(struct.pack("Ii", 0x20080522, 0))
    library = ctypes.CDLL(None, use_errno=True)
    if library.capset(header, ctypes.create_string_buffer(24)):
        raise OSError(ctypes.get_errno(), f"capset: {os.strerror(ctypes.get_errno())}")


def be_unreadable() -> None:
    """Hide the memory and the descriptors of this process from other processes of the same user."""
    _prctl(_SET_DUMPABLE, 0)


def forbid_new_privileges() -> None:
    """Make sure that no program that this process starts gets more rights, as sudo and crontab would."""
    _prctl(_SET_NO_NEW_PRIVS, 1)


def refuse_calls() -> None:
    """Let the kernel refuse the calls in _REFUSED, new namespaces, shared anonymous memory, and prlimit on others."""
    program = _program()
    code = ctypes.create_string_buffer(program)
    pointer = ctypes.create_string_buffer(struct.pack("HL", len(program) // 8, ctypes.addressof(code)))
    _prctl(_SET_SECCOMP, _FILTER, ctypes.addressof(pointer))


def is_supported() -> bool:
    """Whether this module knows the numbers of this system's calls."""
    return sys.platform == "linux" and platform.machine() in _ARCHITECTURES and sys.maxsize > 2**32


def _program() -> bytes:
    """The filter of system calls, in the kernel's BPF instructions."""
    place, architecture = _ARCHITECTURES[platform.machine()]
    lines: list[tuple[int, int, int, int]] = [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),
    ]
    if place == 0:
        # The calls of the x32 interface have other numbers.
        lines += [(_GREATER, 0, 1, 0x40000000), (_RETURN, 0, 0, _KILL)]
    refuse = (_RETURN, 0, 0, _ERROR | errno.EPERM)
    for numbers in _REFUSED.values():
        lines += [(_EQUAL, 0, 1, numbers[place]), refuse]
    lines += [(_EQUAL, 0, 1, _CLONE3[place]), (_RETURN, 0, 0, _ERROR | errno.ENOSYS)]
    # The lower halves of the arguments are at 16, 24, 32 and 40.
    lines += [(_EQUAL, 0, 4, _CLONE[place]), (_LOAD, 0, 0, 16), (_BITS, 0, 1, _NEW_NAMESPACES), refuse]
    lines += [(_RETURN, 0, 0, _ALLOW)]
    lines += [(_EQUAL, 0, 5, _MMAP[place]), (_LOAD, 0, 0, 40), (_AND, 0, 0, _SHARED_MEMORY)]
    lines += [(_EQUAL, 0, 1, _SHARED_MEMORY), refuse, (_RETURN, 0, 0, _ALLOW)]
    lines += [(_EQUAL, 0, 3, _PRLIMIT[place]), (_LOAD, 0, 0, 16), (_EQUAL, 1, 0, 0), refuse]
    lines += [(_RETURN, 0, 0, _ALLOW)]
    return b"".join(struct.pack("HBBI", *line) for line in lines)


def landlock_version() -> int:
    """The kernel's version of Landlock; 0 if it does not have Landlock."""
    return max(int(ctypes.CDLL(None).syscall(_LANDLOCK_CREATE, None, 0, 1)), 0)


def write_only_in(folder: str) -> None:
    """Let the kernel (Landlock) refuse every write outside a folder, for this process and its children."""
    version = landlock_version()
    writes = _LANDLOCK_WRITES[min(version, 3)] if version else 0
    # From version 6 on, signals and abstract sockets are limited too.
    scopes = struct.pack("QQQ", writes, 0, 3) if version >= 6 else struct.pack("Q", writes)
    ruleset = _call(_LANDLOCK_CREATE, ctypes.create_string_buffer(scopes), len(scopes), 0)
    try:
        for path in (folder, os.devnull):
            allowed = writes if path == folder else writes & 0x4002
            place = os.open(path, os.O_PATH | os.O_CLOEXEC)
            _call(_LANDLOCK_ADD, ruleset, 1, ctypes.create_string_buffer(struct.pack("=Qi", allowed, place)), 0)
            os.close(place)
        _call(_LANDLOCK_RESTRICT, ruleset, 0)
    finally:
        os.close(ruleset)


def end_all_of(user: int) -> None:
    """Kill every process of a user. This process must be root, or that user."""
    for _ in range(100):
        pid = os.fork()
        if pid == 0:
            with contextlib.suppress(OSError):
                become(user)
                os.kill(-1, signal.SIGKILL)
            os._exit(0)
        os.waitpid(pid, 0)
        if not processes_of(user):
            return
    raise OSError(errno.EBUSY, "some of its processes do not end")


def processes_of(user: int) -> list[int]:
    """The ids of a user's processes that have not ended."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if folder.stat().st_uid == user or f"Uid:\t{user}\t" in (folder / "status").read_text():
                state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
                if state not in "ZX":
                    found.append(int(folder.name))
    return found


def _prctl(option: int, value: int, further: int = 0) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    zero = ctypes.c_ulong(0)
    if library.prctl(option, ctypes.c_ulong(value), ctypes.c_ulong(further), zero, zero):
        raise OSError(ctypes.get_errno(), f"prctl {option}: {os.strerror(ctypes.get_errno())}")


def _call(number: int, *arguments: object) -> int:
    library = ctypes.CDLL(None, use_errno=True)
    result = int(library.syscall(number, *arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), f"call {number}: {os.strerror(ctypes.get_errno())}")
    return result
