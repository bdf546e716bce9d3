"""Judges the katas of every fork of a class with the instructor's own course: on this machine, or on a cluster."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

from dojo.classroom.at_once import at_once
from dojo.classroom.fork_data import Verdict
from dojo.judging.judge import NoVerdict, Walls, judge, walls_here
from dojo.judging.sandbox import Limits, stop_all, why_not
from dojo.support.errors import DojoError
from dojo.support.text import clean

# Fetches the katas of the fork at a URL, as files by path. Raises DojoError if this fails.
Fetch = Callable[[str], dict[str, bytes]]


def verify(archive: bytes, katas: dict[str, bytes], limits: Limits, *, unsafe: bool) -> Verdict:
    """Judge one learner's katas (files by path) with a course's archive (dojo.judging.judge.archive_of).

    Raises DojoError if this machine has no sandbox and `unsafe` is not set.
    """
    refuse_without_sandbox(unsafe=unsafe)
    walls = walls_here() if unsafe else Walls.SANDBOX
    try:
        progress = judge(archive, katas, limits, walls)
    except NoVerdict as error:
        return Verdict(str(error), {})
    return Verdict.of(progress)


def refuse_without_sandbox(*, unsafe: bool) -> None:
    """Raise DojoError if this machine has no sandbox, unless `unsafe` is set."""
    if not unsafe and why_not():
        raise DojoError(f"{why_not()}. Learners' code does not run without a sandbox, unless you add --unsafe.")


def verify_here(
    archive: bytes, urls: list[str], katas: Fetch, limits: Limits, *, jobs: int, unsafe: bool
) -> Iterator[tuple[str, Verdict]]:
    """Fetch and judge the katas of each fork, `jobs` at a time on this machine. Yield each URL and its verdict."""
    return _each(urls, katas, lambda files: verify(archive, files, limits, unsafe=unsafe), jobs)


def verify_on_cluster(
    archive: bytes, urls: list[str], katas: Fetch, limits: Limits, *, address: str, unsafe: bool
) -> Iterator[tuple[str, Verdict]]:
    """Like verify_here, on the workers of the Dask scheduler at `address`.

    Each worker needs this package and a sandbox. The archive is sent to the workers, so all of them judge alike. Raises
    DojoError if there is no scheduler or no worker.
    """
    try:
        from distributed import CancelledError, Client
    except ImportError:
        raise DojoError("--dask needs Dask's scheduler: pip install -c constraints.txt -e '.[cluster]'") from None
    try:
        client = Client(address, timeout=20, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        first = (str(error).splitlines() or ["no answer"])[0]
        raise DojoError(f"--dask {address}: no scheduler answers there ({first}). Start one: dask scheduler") from None
    # Otherwise the client prints tracebacks when the scheduler ends.
    for name in ("distributed.client", "distributed.utils"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    with client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise DojoError(f"--dask {address}: the scheduler has no workers. Start some: dask worker {address}")
        sent = client.scatter(archive, broadcast=True)

        def there(files: dict[str, bytes]) -> Verdict:
            try:
                result = client.submit(verify, sent, files, limits, unsafe=unsafe, pure=False).result()
                assert isinstance(result, Verdict)
                return result
            except DojoError as error:
                raise DojoError(f"On a worker: {error}") from None
            except CancelledError:
                return Verdict("its worker, or the scheduler, has ended", {})
            except Exception as error:  # the other learners are judged, whatever the worker did
                return Verdict(clean(f"the worker failed: {error}")[:300], {})

        # Each worker has a second task waiting, so it is not idle while the next katas are fetched.
        yield from _each(urls, katas, there, 2 * threads)


def _each(
    urls: list[str], katas: Fetch, judged: Callable[[dict[str, bytes]], Verdict], jobs: int
) -> Iterator[tuple[str, Verdict]]:
    def one(url: str) -> Verdict:
        try:
            files = katas(url)
        except DojoError as error:
            return Verdict(f"its katas could not be fetched: {error}", {})
        return judged(files)

    return at_once(one, urls, jobs, stop_all)
