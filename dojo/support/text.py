"""Safe text, short text, grammar, and suggestions for a name that does not exist."""

from __future__ import annotations

import re
from collections.abc import Sequence

# The words that may follow the noun in a name such as `the labels of the batch`.
_AFTER_THE_NOUN = re.compile(r",| (?:of|in|at|for|from|to|with|without|after|before|by|that|which|whose|when)\b")

_MOST_TEXT = 4_000
_WIDTH = 160
# Characters that a terminal obeys, that change the direction of text, or that UTF-8 or XML files can't hold.
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def harmless(text: str) -> str:
    """The text with each control character replaced. No terminal obeys the result, and every file can hold it."""
    # Printable text, which is most text, has no character that the pattern finds.
    return text if text.isprintable() else _UNSAFE.sub("\ufffd", text.replace("\r\n", "\n"))


def clean(text: str) -> str:
    """The harmless text, cut at 4,000 characters. It is not escaped for HTML."""
    return harmless(text)[:_MOST_TEXT]


def one_line(text: str) -> str:
    """The text with a single space for each run of white space, so that a name stays on its line."""
    return " ".join(text.split())


def cut(text: str, width: int = _WIDTH) -> str:
    """The text, cut to at most `width` characters. A text that was cut ends in an ellipsis."""
    return text if len(text) <= width else text[: width - 1] + "…"


def counted(number: int, noun: str) -> str:
    """A number with its noun, in the plural if needed: `1 step`, `1,200 steps`."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def listed(names: Sequence[str], most: int = 3) -> str:
    """The first names, and the number of the others: `a, b, c and 4 more`."""
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def with_article(name: str) -> str:
    """The name with its article: `a list`, `an int`."""
    letters = name.partition("(")[0]
    # A name in capitals is pronounced letter by letter: an SGD, an MLP.
    vowel = letters[:1] in "AEFHILMNORSX" if letters.isupper() else letters[:1].lower() in "aeiou"
    return f"{'an' if vowel else 'a'} {name}"


def sentence_start(words: str) -> str:
    """Words at the start of a sentence: the first letter is a capital, unless the first word is code (`losses[0]`)."""
    if words.isidentifier() and words.islower():
        # A single lower-case word is the name of a variable. With a capital, it would read like an ordinary word.
        return f"`{words}`"
    is_code = re.match(r"\w*[\[.(_='\"]", words)
    return words if is_code else words[:1].upper() + words[1:]


def is_plural(name: str) -> bool:
    """Whether a name stands for several things, as `the labels of the batch` does."""
    noun = _AFTER_THE_NOUN.split(name, maxsplit=1)[0].rpartition(" ")[2]
    if name.startswith("whether "):
        return False
    return noun == "children" or (noun.endswith("s") and not noun.endswith(("'s", "ss", "us", "is", "as")))


def nearest(name: str, names: list[str]) -> str:
    """`Did you mean …?` with at most three similar names; "" if no name is similar."""
    import difflib

    close = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    return f"Did you mean {' or '.join(close)}?" if close else ""
