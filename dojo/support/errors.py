"""Errors that the user of the command line can fix."""

from __future__ import annotations

from collections.abc import Sequence


class DojoError(Exception):
    """Something is wrong that the user can fix. The text says what is wrong and what to do."""


class UnclearName(DojoError):
    """A name that means nothing, or more than one thing.

    The text is a sentence, followed by a line for each suggestion. `as_commands` turns these lines into commands.
    """

    def __init__(self, sentence: str, name: str, suggestions: Sequence[str]) -> None:
        super().__init__("\n".join([sentence, *(f"  {each}" for each in suggestions)]))
        self.name = name
        self._sentence = sentence
        self._suggestions = suggestions

    def as_commands(self, words: Sequence[str]) -> str:
        """The text for a person who typed `words`. Each suggestion is a command that can be copied."""
        import shlex  # only an error needs it

        def fixed(suggestion: str) -> str:
            new = {f"--step={self.name}": f"--step={suggestion}"}
            # The first two words are the program and its command or option, not the name.
            first = [new.get(word, word) for word in words[:2]]
            new[self.name] = suggestion
            return "  " + shlex.join([*first, *(new.get(word, word) for word in words[2:])])

        return "\n".join([self._sentence, *map(fixed, self._suggestions)])
