"""Small charts as SVG text, drawn on the server: no script, readable in print, named for screen readers."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from scheduler.series import shown

WIDTH, HEIGHT, PAD = 640, 200, 34


Spot = tuple[float, str, float]
"""A point of a line: its time (a day's number), the period's name, the value."""
_APART = 74
"""Pixels that labels keep between them."""


def line_chart(lines: Sequence[tuple[str, Sequence[Spot]]], *, title: str, unit: str = "") -> str:
    """Lines with dots and labels over true time; each line has a class (`actual`, `target`), the first has labels.

    The axis begins at zero unless all values lie so close together that no change could be seen.
    """
    spots = [spot for _, line in lines for spot in line]
    if not spots:
        return ""
    values = [value for _, _, value in spots]
    low, high = min(values), max(values)
    low, high = (
        (low - (high - low), high) if low > 0 and 0 < high - low < 0.1 * high else (min(0.0, low), max(0.0, high))
    )
    first, last = min(x for x, _, _ in spots), max(x for x, _, _ in spots)

    def place(x: float, value: float) -> tuple[float, float]:
        across = (x - first) / (last - first) if last > first else 0.5
        return PAD + across * (WIDTH - 2 * PAD), HEIGHT - PAD - (value - low) / ((high - low) or 1.0) * (
            HEIGHT - 2 * PAD
        )

    base = place(first, max(low, 0.0))[1]
    parts = [f'<line class="axis" x1="{PAD}" x2="{WIDTH - PAD}" y1="{base:.1f}" y2="{base:.1f}"/>']
    others = [place(x, value) for _, line in lines[1:] for x, _, value in line]
    for number, (kind, line) in enumerate(lines):
        placed = [place(x, value) for x, _, value in line]
        path = " ".join(f"{'M' if i == 0 else 'L'}{x:.1f} {y:.1f}" for i, (x, y) in enumerate(placed))
        parts.append(f'<path class="line {escape(kind)}" d="{path}"/>')
        labelled = -WIDTH
        for i, ((x, y), (_, period, value)) in enumerate(zip(placed, line, strict=True)):
            name = f"{period}: {shown(value, unit)}"
            parts.append(
                f'<circle class="{escape(kind)}" cx="{x:.1f}" cy="{y:.1f}" r="4"><title>{escape(name)}</title></circle>'
            )
            crowded = i < len(line) - 1 and placed[-1][0] - x < _APART
            if number == 0 and x - labelled >= _APART and not crowded:
                labelled = int(x)
                parts.append(f'<text x="{x:.1f}" y="{HEIGHT - 10}" text-anchor="middle">{escape(period)}</text>')
                above = any(abs(other - x) < _APART / 2 and 0 < y - height < 28 for other, height in others)
                at = y + 20 if above else y - 9
                parts.append(f'<text x="{x:.1f}" y="{at:.1f}" text-anchor="middle">{escape(shown(value))}</text>')
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">'
        + "".join(parts)
        + "</svg>"
    )


def bar_strip(counts: Sequence[tuple[str, int]], *, title: str) -> str:
    """A strip of bars, one a day: how much was found."""
    if not counts:
        return ""
    highest = max(1, *(n for _, n in counts))
    width = WIDTH / len(counts)
    bars = "".join(
        f'<rect x="{i * width + 1:.1f}" y="{60 - 56 * n / highest:.1f}" width="{max(1.0, width - 2):.1f}" '
        f'height="{56 * n / highest:.1f}"><title>{escape(day)}: {n}</title></rect>'
        for i, (day, n) in enumerate(counts)
    )
    return f'<svg class="strip" viewBox="0 0 {WIDTH} 60" role="img" aria-label="{escape(title)}">{bars}</svg>'


def sparkline(points: Sequence[tuple[str, float]]) -> str:
    """A figure's course, as small as a word; the last value has a dot."""
    if len(points) < 3:
        return ""
    values = [value for _, value in points]
    low, span = min(values), (max(values) - min(values)) or 1.0
    placed = [(2 + 68 * i / (len(values) - 1), 18 - 14 * (v - low) / span) for i, v in enumerate(values)]
    name = " → ".join(f"{period}: {shown(value)}" for period, value in (points[0], points[-1]))
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
    return (
        f'<svg class="spark" viewBox="0 0 74 22" width="74" height="22" role="img" aria-label="{escape(name)}">'
        f'<title>{escape(name)}</title><polyline points="{line}"/>'
        f'<circle cx="{placed[-1][0]:.1f}" cy="{placed[-1][1]:.1f}" r="2.6"/></svg>'
    )
