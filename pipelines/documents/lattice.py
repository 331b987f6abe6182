"""Tables on a drawn page, found by their ruling lines: a grid of cells, spans where a line is missing.

Coordinates are points (1/72 inch), y downwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

SNAP = 3.0
"""Lines closer than this are one line, and ends that miss each other by less do meet."""
_MIN_LENGTH = 6.0
_THICK = 3.0
_MAX_LINES = 3000


@dataclass(slots=True)
class Box:
    """A rectangle."""

    x0: float
    top: float
    x1: float
    bottom: float

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies inside."""
        return self.x0 <= x <= self.x1 and self.top <= y <= self.bottom


@dataclass(slots=True)
class LatticeCell:
    """A cell: where it lies, its first row and column, and how many of each it covers."""

    box: Box
    row: int
    column: int
    rows: int
    columns: int


@dataclass(slots=True)
class Lattice:
    """One table's frame."""

    box: Box
    cells: list[LatticeCell]
    rows: int
    columns: int


@dataclass(slots=True)
class Rulings:
    """Ruling lines of one page: horizontal as (y, x0, x1), vertical as (x, top, bottom)."""

    horizontal: list[tuple[float, float, float]] = field(default_factory=list)
    vertical: list[tuple[float, float, float]] = field(default_factory=list)

    def add(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Adds a line or a thin bar; what is neither horizontal nor vertical is no ruling."""
        x0, x1 = min(x0, x1), max(x0, x1)
        y0, y1 = min(y0, y1), max(y0, y1)
        if len(self.horizontal) + len(self.vertical) > _MAX_LINES:
            return
        if y1 - y0 <= _THICK and x1 - x0 > max(_MIN_LENGTH, y1 - y0):
            self.horizontal.append(((y0 + y1) / 2, x0, x1))
        elif x1 - x0 <= _THICK and y1 - y0 > max(_MIN_LENGTH, x1 - x0):
            self.vertical.append(((x0 + x1) / 2, y0, y1))

    def add_rectangle(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Adds a rectangle's four sides, or the one line that a thin rectangle is."""
        if abs(x1 - x0) <= _THICK or abs(y1 - y0) <= _THICK:
            self.add(x0, y0, x1, y1)
            return
        for ends in ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)):
            self.add(*ends)


def find_lattices(rulings: Rulings) -> list[Lattice]:
    """The tables of a page, from the top."""
    horizontal, vertical = _merge(rulings.horizontal), _merge(rulings.vertical)
    if len(horizontal) < 2 or len(vertical) < 1 or len(horizontal) + len(vertical) > 1200:
        return []
    found = [_lattice(h, v) for h, v in _components(horizontal, vertical)]
    tables = [t for t in found if t is not None]
    return sorted(_outermost(tables), key=lambda t: (t.box.top, t.box.x0))


def find_open_tables(rulings: Rulings) -> list[Box]:
    """Frames of tables without vertical lines: three or more horizontal ones of one length below each other."""
    groups: dict[tuple[int, int], list[float]] = {}
    for y, x0, x1 in _merge(rulings.horizontal):
        key = next(
            (k for k in groups if abs(k[0] - x0) < 2 * SNAP and abs(k[1] - x1) < 2 * SNAP), (round(x0), round(x1))
        )
        groups.setdefault(key, []).append(y)
    crossed = _merge(rulings.vertical)
    boxes = [Box(x0, min(ys), x1, max(ys)) for (x0, x1), ys in groups.items() if len(ys) > 2]
    return [box for box in boxes if not any(box.holds(x, (top + bottom) / 2) for x, top, bottom in crossed)]


def _merge(lines: Iterable[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    """Pieces of one line, drawn cell by cell or twice, made one."""
    merged: list[list[float]] = []
    snapped: list[tuple[float, float, float]] = []
    for position, _, _ in clusters(lines):
        snapped.append((position, 0, 0))
    positions = [p for p, _, _ in snapped]
    for position, start, end in sorted((nearest(positions, p), s, e) for p, s, e in lines):
        if merged and merged[-1][0] == position and start <= merged[-1][2] + SNAP:
            merged[-1][2] = max(merged[-1][2], end)
        else:
            merged.append([position, start, end])
    return [(m[0], m[1], m[2]) for m in merged if m[2] - m[1] > _MIN_LENGTH]


def clusters(lines: Iterable[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    """One line for each position that several lines share."""
    groups: list[list[float]] = []
    for position in sorted(line[0] for line in lines):
        if groups and position - groups[-1][-1] <= SNAP and position - groups[-1][0] <= 2 * SNAP:
            groups[-1].append(position)
        else:
            groups.append([position])
    return [(sum(g) / len(g), 0.0, 0.0) for g in groups]


def nearest(positions: list[float], value: float) -> float:
    """The position closest to a value."""
    from bisect import bisect_left

    i = bisect_left(positions, value)
    around = positions[max(0, i - 1) : i + 1]
    return min(around, key=lambda p: abs(p - value))


_Lines = list[tuple[float, float, float]]


def _components(horizontal: _Lines, vertical: _Lines) -> list[tuple[_Lines, _Lines]]:
    """Lines that touch each other, table by table."""
    count = len(horizontal)
    parent = list(range(count + len(vertical)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, (y, x0, x1) in enumerate(horizontal):
        for j, (x, top, bottom) in enumerate(vertical):
            if x0 - SNAP <= x <= x1 + SNAP and top - SNAP <= y <= bottom + SNAP:
                parent[root(i)] = root(count + j)
    groups: dict[int, tuple[_Lines, _Lines]] = {}
    for i, line in enumerate(horizontal):
        groups.setdefault(root(i), ([], []))[0].append(line)
    for j, line in enumerate(vertical):
        groups.setdefault(root(count + j), ([], []))[1].append(line)
    return list(groups.values())


def _lattice(horizontal: _Lines, vertical: _Lines) -> Lattice | None:
    ys = sorted({y for y, _, _ in horizontal})
    xs = sorted({x for x, _, _ in vertical})
    if len(ys) < 2 or not xs:
        return None
    left, right = min(h[1] for h in horizontal), max(h[2] for h in horizontal)
    sides: _Lines = []
    if xs[0] - left > 4 * SNAP:  # tables of statistics are often open at the sides
        sides.append((left, ys[0], ys[-1]))
    if right - xs[-1] > 4 * SNAP:
        sides.append((right, ys[0], ys[-1]))
    vertical = vertical + sides
    xs = sorted({x for x, _, _ in vertical})
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows * columns < 2 or columns < 1 or rows * columns > 40_000:
        return None
    across = _covered(vertical, xs, ys)
    down = _covered(horizontal, ys, xs)
    return Lattice(Box(xs[0], ys[0], xs[-1], ys[-1]), _cells(xs, ys, across, down), rows, columns)


def _covered(lines: _Lines, positions: list[float], breaks: list[float]) -> set[tuple[int, int]]:
    """Which pieces (position, interval between breaks) are drawn."""
    index = {p: i for i, p in enumerate(positions)}
    drawn: set[tuple[int, int]] = set()
    for position, start, end in lines:
        i = index[position]
        for j in range(len(breaks) - 1):
            middle = (breaks[j] + breaks[j + 1]) / 2
            if start <= middle <= end:
                drawn.add((i, j))
    return drawn


def _cells(
    xs: list[float], ys: list[float], across: set[tuple[int, int]], down: set[tuple[int, int]]
) -> list[LatticeCell]:
    cells: list[LatticeCell] = []
    taken: set[tuple[int, int]] = set()
    rows, columns = len(ys) - 1, len(xs) - 1
    for r in range(rows):
        for c in range(columns):
            if (r, c) in taken:
                continue
            right = c + 1
            while right < columns and (right, r) not in across and (r, right) not in taken:
                right += 1
            bottom = r + 1
            while bottom < rows and all((bottom, k) not in down for k in range(c, right)):
                bottom += 1
            taken |= {(rr, cc) for rr in range(r, bottom) for cc in range(c, right)}
            cells.append(LatticeCell(Box(xs[c], ys[r], xs[right], ys[bottom]), r, c, bottom - r, right - c))
    return cells


def _outermost(tables: list[Lattice]) -> list[Lattice]:
    def inside(a: Lattice, b: Lattice) -> bool:
        middle = (a.box.x0 + a.box.x1) / 2, (a.box.top + a.box.bottom) / 2
        return a is not b and b.box.holds(*middle) and (b.box.x1 - b.box.x0) >= (a.box.x1 - a.box.x0)

    return [t for t in tables if not any(inside(t, other) for other in tables)]
