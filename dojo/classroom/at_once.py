"""Does the same work for many forks, several at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TypeVar

_T = TypeVar("_T")


def at_once(
    work: Callable[[str], _T], urls: Iterable[str], jobs: int, stop: Callable[[], None]
) -> Iterator[tuple[str, _T]]:
    """Call work(url) for each URL, `jobs` at a time. Yield each URL and its result as soon as there is a result.

    If this is interrupted, stop() ends the processes of the work that has begun.
    """
    with ThreadPoolExecutor(jobs) as pool:
        waiting = {pool.submit(work, url): url for url in urls}
        try:
            for done in as_completed(waiting):
                yield waiting[done], done.result()
        except BaseException:
            stop()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
