"""Text: safe to print, short enough, and the names nearest to one that does not exist."""

from __future__ import annotations

import re


def nearest(name: str, names: list[str]) -> str:
    """`Did you mean …?` with the names most like `name`, or nothing where none is."""
    import difflib

    close = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    return f"Did you mean {' or '.join(close)}?" if close else ""


def one_line(text: str) -> str:
    """Text without line breaks: a name stays in its place."""
    return " ".join(text.split())


_MOST_TEXT = 4_000


def clean(text: str) -> str:
    """Text without control characters, so that no terminal obeys it; escaping for HTML is the page's own affair."""
    return harmless(text)[:_MOST_TEXT]


_TEXT = 160


# What a terminal obeys, what turns the direction of text, and what no UTF-8 or XML file can hold.
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def with_article(name: str) -> str:
    """`a list`, `an int`."""
    letters = name.partition("(")[0]
    # A name in capitals is said letter by letter: an SGD, an MLP.
    vowel = letters[:1] in "AEFHILMNORSX" if letters.isupper() else letters[:1].lower() in "aeiou"
    return f"{'an' if vowel else 'a'} {name}"


def cut(text: str, width: int = _TEXT) -> str:
    """`text` on at most `width` columns, with an ellipsis where something is left out."""
    return text if len(text) <= width else text[: width - 1] + "…"


def harmless(text: str) -> str:
    """Text without control characters: no terminal obeys it, and every file can hold it."""
    return _UNSAFE.sub("\ufffd", text.replace("\r\n", "\n"))
