"""Charts as inline SVG: one line for each tool over the sizes, on a logarithmic scale."""

import html
import math

WIDTH, HEIGHT = 680, 320
LEFT, RIGHT, TOP, BOTTOM = 62, 130, 14, 64
COLOURS = (
    "#d9480f", "#1971c2", "#2f9e44", "#9c36b5", "#0c8599", "#e67700", "#5c7cfa", "#a61e4d", "#66a80f", "#868e96",
    "#f06595", "#12b886", "#845ef7", "#795548", "#fab005",
)  # fmt: skip


def colours(tools):
    """Tool -> colour: the first, which is ours, has one of its own."""
    return {tool: COLOURS[0] if i == 0 else COLOURS[1 + (i - 1) % (len(COLOURS) - 1)] for i, tool in enumerate(tools)}


def tick(value, unit):
    if unit == "s":
        for name, scale in (("s", 1), ("ms", 1e-3), ("us", 1e-6), ("ns", 1e-9)):
            if value >= scale * 0.999 or name == "ns":
                return f"{value / scale:g} {name}"
    return f"{value:g}"


def lines(sizes, series, unit, colour_of):
    """`series`: tool -> one number for each size, None where there is none."""
    numbers = [value for values in series.values() for value in values if value]
    if not numbers:
        return ""
    low, high = math.floor(math.log10(min(numbers))), math.ceil(math.log10(max(numbers)))
    high = max(high, low + 1)
    width, height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def at(i, value):
        x = LEFT + width * (i + 0.5) / len(sizes)
        return x, TOP + height * (high - math.log10(value)) / (high - low)

    parts = [f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img">']
    for power in range(low, high + 1):
        _, y = at(0, 10.0**power)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{tick(10.0**power, unit)}</text>')
    for i, size in enumerate(sizes):
        x, _ = at(i, 10.0**low)
        y = HEIGHT - BOTTOM + 14
        label = html.escape(size if len(size) < 22 else size[:20] + "...")
        parts.append(f'<text class="size" transform="rotate(-30 {x:.1f} {y})" x="{x:.1f}" y="{y}" text-anchor="end">{label}</text>')
    ends = []
    for tool, values in series.items():
        points = [(*at(i, value), value, sizes[i]) for i, value in enumerate(values) if value]
        if not points:
            continue
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y, *_ in points)
        ours = ' class="ours"' if tool == next(iter(series)) else ""
        parts.append(f'<g{ours} stroke="{colour_of[tool]}" fill="{colour_of[tool]}"><polyline fill="none" points="{path}"/>')
        for x, y, value, size in points:
            title = html.escape(f"{tool}, {size}: {tick(float(f'{value:.3g}'), unit)}")
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"><title>{title}</title></circle>')
        parts.append("</g>")
        ends.append((points[-1][1], tool))
    parts += names(ends, colour_of)
    return "".join(parts) + "</svg>"


def names(ends, colour_of):
    """The tools' names at the ends of their lines, moved apart where they would cover one another."""
    last = -math.inf
    for y, tool in sorted(ends):
        last = max(y + 4, last + 12)
        yield f'<text x="{WIDTH - RIGHT + 6}" y="{last:.1f}" style="fill:{colour_of[tool]}">{html.escape(tool)}</text>'
