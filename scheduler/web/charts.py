"""Small charts as SVG text, drawn on the server: no script, readable in print, named for screen readers."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

WIDTH, HEIGHT, PAD = 640, 200, 34


def line_chart(points: Sequence[tuple[str, float]], *, title: str, unit: str = "") -> str:
    """A line with a dot and a label for each (period, value); one bar-like dot when there is only one."""
    if not points:
        return ""
    values = [v for _, v in points]
    low, high = min(0.0, *values), max(0.0, *values)
    span = (high - low) or 1.0
    step = (WIDTH - 2 * PAD) / max(1, len(points) - 1)

    def place(i: int, value: float) -> tuple[float, float]:
        return PAD + i * step, HEIGHT - PAD - (value - low) / span * (HEIGHT - 2 * PAD)

    spots = [place(i, v) for i, (_, v) in enumerate(points)]
    path = " ".join(f"{'M' if i == 0 else 'L'}{x:.1f} {y:.1f}" for i, (x, y) in enumerate(spots))
    every = max(1, len(points) // 8)
    parts = [f'<path class="line" d="{path}"/>']
    zero = place(0, 0.0)[1]
    parts.append(f'<line class="axis" x1="{PAD}" x2="{WIDTH - PAD}" y1="{zero:.1f}" y2="{zero:.1f}"/>')
    for i, ((x, y), (period, value)) in enumerate(zip(spots, points, strict=True)):
        name = f"{period}: {_number(value)}{unit}"
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4"><title>{escape(name)}</title></circle>')
        if i % every == 0 or i == len(points) - 1:
            parts.append(f'<text x="{x:.1f}" y="{HEIGHT - 10}" text-anchor="middle">{escape(period)}</text>')
            parts.append(f'<text x="{x:.1f}" y="{y - 9:.1f}" text-anchor="middle">{escape(_number(value))}</text>')
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


def _number(value: float) -> str:
    for size, word in ((1e8, "亿"), (1e4, "万")):
        if abs(value) >= size * 10:
            return f"{value / size:,.4g}{word}"
    return f"{value:,.6g}"
