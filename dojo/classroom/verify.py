"""Judging a learner's katas with the teacher's own copy of everything else: here, or on machines of a Dask cluster."""

from __future__ import annotations

import hashlib
import io
import os
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from importlib import metadata
from pathlib import Path
from typing import Any

import dojo
from dojo.course.layout import given_files, judging_parts, lesson_pages
from dojo.judging.sandbox import Limits, run_confined, stop_all, why_not
from dojo.progress.reading import parse_progress
from dojo.support.errors import DojoError
from dojo.support.text import clean

# Fetches a learner's katas, by path, for the name given; raises DojoError.
Fetch = Callable[[str], dict[str, bytes]]

# Runs in the sandbox: pytest's own words are kept for when there is no verdict; nobody else may print one.
_SCRIPT = (
    '"$@" >"$TMP/log" 2>&1 </dev/null; head -c 8000001 "$TMP/progress.json" 2>/dev/null || tail -c 2000 "$TMP/log" >&2'
)


def judge_of(root: Path) -> bytes:
    """The course's own half of a judgement, as a tar archive that is the same for the same files."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        for name, path in sorted(_judge_files(root)):
            entry = tarfile.TarInfo(name)
            data = path.read_bytes()
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return archive.getvalue()


def key_of(judge: bytes, katas: str | None) -> str:
    """What a verdict depends on: the judge, the versions that run it, and git's id of the learner's katas."""
    digest = hashlib.sha256(judge)
    try:
        torch = metadata.version("torch")
    except metadata.PackageNotFoundError:
        torch = ""
    digest.update(f"{sys.version} {torch} {katas}".encode())
    return digest.hexdigest()[:32]


def verify(judge: bytes, katas: dict[str, bytes], limits: Limits, *, unsafe: bool) -> dict[str, Any]:
    """Judge one learner's katas (files by path) in a process of its own.

    Returns `status`, each step's by id, and `problem`, a sentence on why there is no verdict, or empty. Raises
    DojoError where this machine has no sandbox and unsafe is not set.
    """
    with tempfile.TemporaryDirectory(prefix="dojo-verify-", ignore_cleanup_errors=True) as folder:
        place = Path(folder).resolve()
        course, theirs, scratch = place / "course", place / "katas", place / "scratch"
        with tarfile.open(fileobj=io.BytesIO(judge)) as tar:
            # Made by judge_of: plain files with relative names.
            for entry in tar:
                content = tar.extractfile(entry)
                assert content is not None
                _write(course, entry.name, content.read())
        (course / "katas").mkdir(parents=True, exist_ok=True)
        theirs.mkdir()
        scratch.mkdir()
        for name, data in katas.items():
            _write(theirs, name, data)
        if unsafe:
            seen, against, temporary = str(course), str(theirs), str(scratch)
        else:
            seen, against, temporary = "/judge", "/learner/katas", "/tmp"
        command = ["env", f"TMP={temporary}", f"TMPDIR={temporary}", "sh", "-c", _SCRIPT, "sh"]
        command += [
            os.path.abspath(sys.executable),
            "-m",
            "pytest",
            "-p",
            "dojo.plugin",
            "--all",
            "--against",
            against,
            "-p",
            "no:cacheprovider",
        ]
        command += ["--progress-json", f"{temporary}/progress.json", "--rootdir", seen, "-c", f"{seen}/pyproject.toml"]
        result = run_confined(command, {course: "/judge", theirs: "/learner/katas"}, seen, limits, unsafe=unsafe)
    if result.status is None:
        return _no_verdict(f"it took longer than {limits.seconds:g} s")
    if not result.printed:
        lines = [line for line in clean(result.told).splitlines() if line.strip()]
        lines = [line for line in lines if "rror:" in line] or lines
        return _no_verdict(f"it gave no verdict ({lines[-1].strip()[:200] if lines else 'no word'})")
    try:
        progress = parse_progress(result.printed, "its verdict")
    except DojoError as error:
        return _no_verdict(str(error).rstrip("."))
    return {"problem": "", "status": {step.id: step.status for step in progress.steps}}


def verify_here(
    judge: bytes, names: list[str], katas: Fetch, limits: Limits, *, jobs: int, unsafe: bool
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Judge what `katas` fetches for each name, `jobs` side by side on this machine; yield each verdict."""
    if not unsafe and why_not():
        raise DojoError(f"{why_not()}. Learners' code is not run without it, unless you say --unsafe.")
    yield from _each(names, katas, lambda files: verify(judge, files, limits, unsafe=unsafe), jobs)


def verify_on_cluster(
    judge: bytes, names: list[str], katas: Fetch, limits: Limits, *, address: str, unsafe: bool
) -> Iterator[tuple[str, dict[str, Any]]]:
    """As verify_here, on the workers of the Dask scheduler at `address`; each needs this package and its own sandbox.

    The judge is sent to them: all judge alike. Raises DojoError where there is no such scheduler, or no worker.
    """
    try:
        from distributed import Client
    except ImportError:
        raise DojoError("--dask needs Dask's scheduler: pip install 'pytorch-dojo[cluster]'") from None
    try:
        client = Client(address, timeout=20, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        first = (str(error).splitlines() or ["no answer"])[0]
        raise DojoError(f"--dask {address}: no scheduler answers there ({first}). Start one: dask scheduler") from None
    with client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise DojoError(f"--dask {address}: the scheduler has no workers. Start some: dask worker {address}")
        sent = client.scatter(judge, broadcast=True)

        def there(files: dict[str, bytes]) -> dict[str, Any]:
            try:
                result = client.submit(verify, sent, files, limits, unsafe=unsafe, pure=False).result()
                assert isinstance(result, dict)
                return result
            except DojoError as error:
                raise DojoError(f"On a worker: {error}") from None
            except Exception as error:  # whatever ends a worker, the others go on
                return _no_verdict(clean(f"the worker failed: {error}")[:300])

        # As many wait as run: no worker is idle while the next katas are fetched.
        yield from _each(names, katas, there, 2 * threads)


def _each(
    names: list[str], katas: Fetch, judged: Callable[[dict[str, bytes]], dict[str, Any]], jobs: int
) -> Iterator[tuple[str, dict[str, Any]]]:
    def one(name: str) -> dict[str, Any]:
        try:
            files = katas(name)
        except DojoError as error:
            return _no_verdict(f"its katas could not be fetched: {error}")
        return judged(files)

    with ThreadPoolExecutor(jobs) as pool:
        waiting = {pool.submit(one, name): name for name in names}
        try:
            for done in as_completed(waiting):
                yield waiting[done], done.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            stop_all()
            raise


def _no_verdict(problem: str) -> dict[str, Any]:
    return {"problem": problem, "status": {}}


def _judge_files(root: Path) -> Iterator[tuple[str, Path]]:
    package = Path(dojo.__file__).parent
    # The solutions and the history of the course stay out of the sight of the code that is judged.
    for name in judging_parts():
        # The machinery that judges is the one that runs, wherever it is installed.
        top = package if name == "dojo" else root / name
        files = [top] if top.is_file() else top.rglob("*")
        for path in files:
            if path.is_file() and "__pycache__" not in path.parts:
                yield (Path(name) / path.relative_to(top)).as_posix(), path
    for path in (*given_files(root), *lesson_pages(root)):
        yield path.relative_to(root).as_posix(), path


def _write(folder: Path, name: str, data: bytes) -> None:
    path = folder / name
    if folder not in Path(path).parents or ".." in Path(name).parts:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
