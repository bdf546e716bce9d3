"""What a learner reads about the practice steps: the offer at the end of a kata's core, and what is left."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from dojo.course.curriculum import Curriculum, Kata, Step
from dojo.support.styled_lines import WIDTH, Line, Piece, Symbols
from dojo.support.text import counted, cut, listed

_TITLE = 24


def practice_command(curriculum: Curriculum, kata: Kata) -> str:
    """The command that walks all steps of a kata."""
    files = [each.file for each in curriculum.katas()]
    return f"dojo run --practice {kata.file if files.count(kata.file) == 1 else kata.id}"


def offer_lines(
    curriculum: Curriculum,
    kata: Kata,
    green: Collection[str],
    symbols: Symbols,
    *,
    is_said: bool = False,
    in_notebook: bool = False,
) -> list[Line]:
    """A line that says that a kata's core is green, and a line with the command for its practice, if steps are left.

    `green` holds the ids of the green steps. The first line is left out if the report already calls the kata finished
    (`is_said`). In a notebook, the second line names the steps.
    """
    lines = [] if is_said else [all_green_line(kata, kata.core, symbols)]
    left = [step for step in kata.practice if step.id not in green]
    if left and in_notebook:
        lines.append([Piece("  its practice: ", "dim"), Piece(listed([step.name for step in left]), "accent")])
    elif left:
        command = Piece(practice_command(curriculum, kata), "accent")
        lines.append([Piece("  its practice: ", "dim"), command, Piece(f"  {counted(len(left), 'step')}", "dim")])
    return lines


def all_green_line(kata: Kata, steps: Sequence[Step], symbols: Symbols) -> Line:
    """The line that says that these steps, all core or all practice steps of a kata, are green."""
    kind = "core" if steps[0].is_core else "practice"
    subject = (
        f"The {kind} step of {kata.title} is"
        if len(steps) == 1
        else f"All {len(steps)} {kind} steps of {kata.title} are"
    )
    return [Piece(f"{symbols.good} {subject} green.", "good")]


def finished_core_lines(curriculum: Curriculum, green: Collection[str], symbols: Symbols) -> list[Line]:
    """For the report on a green core: each kata with a bar for its core, and with the practice steps that are left."""
    lines: list[Line] = []
    for lesson in curriculum.lessons:
        lines.append([Piece(f"Lesson {lesson.number} {symbols.dot} {lesson.title}", "bold")])
        for kata in lesson.katas:
            left = [step.name for step in kata.practice if step.id not in green]
            mark = (symbols.good, "good") if kata.core or not left else (symbols.waiting, "dim")
            lines.append(
                [
                    Piece(f"  {mark[0]} ", mark[1]),
                    Piece(f"{cut(kata.title, _TITLE):<{_TITLE}} "),
                    Piece(f"{symbols.full * len(kata.core):<6}", "good"),
                    Piece(cut(f" left: {', '.join(left)}" if left else "", WIDTH - _TITLE - 11), "dim"),
                ]
            )
    return lines


def practice_left_lines(curriculum: Curriculum, green: Collection[str]) -> list[Line]:
    """The number of practice steps that are left, and the commands that walk them; [] if no step is left."""
    katas = [kata for kata in curriculum.katas() if any(step.id not in green for step in kata.practice)]
    number = sum(step.id not in green for kata in katas for step in kata.practice)
    if not number:
        return []
    left = "1 practice step is left. It goes" if number == 1 else f"{number} practice steps are left. They go"
    return [
        [],
        [Piece(f"{left} deeper into what you have written.")],
        [Piece("  all of them, in order: ", "dim"), Piece("pytest --practice", "accent")],
        [Piece("  one kata, for example: ", "dim"), Piece(practice_command(curriculum, katas[0]), "accent")],
    ]
