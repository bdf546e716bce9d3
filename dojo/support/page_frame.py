"""What all pages share: filling HTML files with escaped text, and a frame that fetches nothing."""

from __future__ import annotations

import base64
import functools
import hashlib
import re
from collections.abc import Iterable
from html import escape
from importlib import resources
from string import Template

from dojo.support.text import one_line


class Html(str):
    """Text that is HTML already, so it is not escaped again."""

    __slots__ = ()


@functools.cache
def read(package: str, name: str) -> str:
    """Return the text of a file in the folder of `package`."""
    return resources.files(package).joinpath(name).read_text(encoding="utf-8")


def fill(html: str, **values: object) -> Html:
    """Return `html` with each `$name` replaced by its value.

    An Html value is not changed. The items of an iterable are joined by line breaks. Any other value becomes escaped
    text on one line. Raises KeyError if a value is missing.
    """
    return Html(Template(html).substitute({name: _html(value) for name, value in values.items()}))


def _html(value: object) -> str:
    if isinstance(value, Html):
        return value
    if isinstance(value, Iterable) and not isinstance(value, str):
        return "\n".join(map(_html, value))
    return escape(one_line(str(value)))


class Fragments:
    """The `<template id="…">` elements of an HTML file. Call the object with an id and values to fill one of them."""

    def __init__(self, package: str, name: str) -> None:
        self._file = (package, name)

    def __call__(self, fragment: str, **values: object) -> Html:
        return fill(_fragments(*self._file)[fragment], **values)


@functools.cache
def _fragments(package: str, name: str) -> dict[str, str]:
    return dict(re.findall(r'<template id="([\w-]+)">\n(.*?)\n?</template>', read(package, name), re.DOTALL))


def framed(title: str, body: Html, *, style: str = "", script: str = "", generator: str = "dojo") -> str:
    """Return a whole HTML document. `body`, `style` and `script` are trusted."""
    # Whatever gets into the body, the page may run only this script, and may fetch nothing.
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
    return fill(
        read("dojo.support", "page_frame.html"),
        title=title,
        body=body,
        style=Html(style),
        script=Html(script),
        generator=generator,
        policy=Html(policy + "img-src data:; base-uri 'none'; form-action 'none'"),
    )
