"""A docstring of PyTorch as plain text, without the markup of Sphinx and LaTeX."""

from __future__ import annotations

import re
import unicodedata

_SIGNS = {
    "times": "×", "cdot": "·", "geq": ">=", "leq": "<=", "neq": "!=", "sim": "~", "dots": "...", "ldots": "...",
    "leftarrow": "<-", "nabla": "∇", "lceil": "⌈", "rceil": "⌉", "lfloor": "⌊", "rfloor": "⌋", "lambda": "λ",
}  # fmt: skip
# From the innermost braces outwards, until nothing changes.
_BRACES = (
    (r"\\d?frac\s*{([\w\\]+)}\s*{([\w\\]+)}", r"\1/\2"),
    (r"\\d?frac\s*{([^{}]*)}\s*{([^{}]*)}", r"(\1) / (\2)"),
    (r"\\(?:text\w*|math\w+|operatorname|bf)\s*{([^{}]*)}", r"\1"),
    (r"([_^]){(\w*)}", r"\1\2"),
    (r"([_^]){([^{}]*)}", r"\1(\2)"),
    (r"\\(?!d?frac)([a-z]+){([^{}]*)}", r"\1(\2)"),
)
_MARKUP = (
    (r"(?m)^ *:noindex:\n", ""),
    (r"(?m)^ *\.\. (?:image|code|code-block)::.*\n?", ""),
    (r"(?m)^( *)\.\. (?:(?:function|method)::|_) *", r"\1"),
    (r"(?m)^( *)\.\. [Nn]ote::", r"\1Note:"),
    (r"(?m)^( *)\.\. warning::", r"\1Warning:"),
    (r"(?m)^( *)\.\. seealso::", r"\1See also:"),
    (r"(?m)^( *)\.\. versionchanged::", r"\1Changed in"),
    (r":(?:ref|doc):`([^`<]*[^`<\s])(?:\s*<[^`]*>)?`", r"\1"),
    (r":[a-z]+:`~?([^`<]*[^`<\s])(?:\s*<[^`]*>)?`", r"`\1`"),
    (r"`([^`<>]+?)\s*<(https?:[^`]*)>`__?", r"\1 (\2)"),
    (r"`([^`]+)`__?(?!\w)", r"\1"),
    (r"``", "`"),
    (r"\\ ", ""),
    (r"\\:", ":"),
    (r"(?m)::$", ":"),
)


def plain_docstring(text: str) -> str:
    """The text of a docstring, with its formulas as plain text."""
    text = re.sub(r":math:`([^`]*)`", lambda found: _formula(found[1]), text)
    text = re.sub(r"(?m)^( *)\.\. math::(.*(?:\n(?:\1 +\S.*| *$))*)", _block, text)
    for pattern, plain in _MARKUP:
        text = re.sub(pattern, plain, text)
    return text


def _block(found: re.Match[str]) -> str:
    lines = [" ".join(line.split()) for line in _formula(found[2]).splitlines()]
    return "\n".join(f"{found[1]}    {line}" for line in lines if line) + "\n"


def _formula(text: str) -> str:
    text = text.replace(r"\{", "\x01").replace(r"\}", "\x02")
    text = re.sub(r"\\(?:begin|end|rule|hspace) *{[^{}]*}(?:{[^{}]*})?|\\\\(?:\[[^\]]*\])?|\\[,;: ]|[&~]", " ", text)
    text = re.sub(r"\\(?:left|right|big|quad)(?![a-z])", "", text)
    before = ""
    while before != text:
        before = text
        for pattern, plain in _BRACES:
            text = re.sub(pattern, plain, text)
    text = re.sub(r"\\([A-Za-z]+)", lambda found: _sign(found[1]), text)
    return re.sub(r"\\(.)", r"\1", re.sub(r"[{}]", "", text)).replace("\x01", "{").replace("\x02", "}")


def _sign(word: str) -> str:
    """The sign that LaTeX has for a word: a Greek letter, or a sign that most terminals have; else the word itself."""
    try:
        return _SIGNS.get(word) or unicodedata.lookup(f"GREEK SMALL LETTER {word}")
    except KeyError:
        return word
