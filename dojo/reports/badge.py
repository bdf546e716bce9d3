"""The badge of a learner's progress, a small picture for a README."""

from __future__ import annotations

from html import escape

from dojo.progress.data import Progress

_LABEL = "dojo"
# The smallest proportion of green core steps for each color. White text on each color has a contrast of at least 4.5.
_COLORS = ((1.0, "#1a7f37"), (0.5, "#4d7a0f"), (0.01, "#8a6500"), (0.0, "#5f6670"))
_LETTER, _EDGE = 6.6, 6


def badge(progress: Progress) -> str:
    """An SVG, 20 pixels high, that says how many steps are green. Its color depends on the core steps."""
    counts = progress.counts
    proportion = counts.core_green / counts.core if counts.core else 0.0
    color = next(color for least, color in _COLORS if proportion >= least)
    says = counts.short()
    left, right = _width(_LABEL), _width(says)
    title = escape(f"{_LABEL}: {says}")

    def text(start: float, width: float, words: str) -> str:
        # textLength keeps the words inside their half, whichever font the viewer has.
        return (
            f'<text x="{start + width / 2:.1f}" y="14" text-anchor="middle" textLength="{width - 2 * _EDGE:.1f}" '
            f'lengthAdjust="spacingAndGlyphs">{escape(words)}</text>'
        )

    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right:.1f}" height="20" role="img" '
            f'aria-label="{title}">',
            f"<title>{title}</title>",
            f'<clipPath id="round"><rect width="{left + right:.1f}" height="20" rx="3"/></clipPath>',
            '<g clip-path="url(#round)">',
            f'<rect width="{left:.1f}" height="20" fill="#3d444d"/>',
            f'<rect x="{left:.1f}" width="{right:.1f}" height="20" fill="{color}"/>',
            "</g>",
            '<g fill="#fff" font-family="Verdana, Geneva, DejaVu Sans, sans-serif" font-size="11">',
            text(0, left, _LABEL),
            text(left, right, says),
            "</g>",
            "</svg>",
            "",
        ]
    )


def _width(words: str) -> float:
    return _LETTER * len(words) + 2 * _EDGE
