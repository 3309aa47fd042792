"""One picture of all evaluations: how many times as long as Duet the other tools take, on a logarithmic scale."""

import html
import math

import chart
import table

WIDTH, LEFT, RIGHT, TOP, STEP, BOTTOM = 860, 120, 34, 70, 26, 52
STYLE = """<style>
text { font: 12px system-ui, sans-serif; fill: #212529; }
.back { fill: #fff; } .grid { stroke: #dee2e6; }
@media (prefers-color-scheme: dark) { text { fill: #e9ecef; } .back { fill: #16181b; } .grid { stroke: #343a40; } }
</style>"""


def means(rows):
    """(evaluation, function) -> tool -> geometric mean over the sizes of its time divided by Duet's."""
    logarithms = {}
    for row in filter(table.counted, rows):
        group = logarithms.setdefault((row["evaluation"], row["function"]), {})
        for tool, cell in row["tools"].items():
            if row["ours"] and table.is_compared(row["evaluation"], tool) and table.good(cell):
                group.setdefault(tool, []).append(math.log(cell["seconds"] / row["ours"]))
    return {
        key: {tool: math.exp(sum(those) / len(those)) for tool, those in group.items()}
        for key, group in logarithms.items()
        if group
    }


def file(rows, tools):
    """The picture as a file of its own."""
    start, back = '<svg xmlns="http://www.w3.org/2000/svg"', '<rect class="back" width="100%" height="100%"/>'
    return draw(rows, tools).replace("<svg", start, 1).replace(">", f">{STYLE}{back}", 1)


def draw(rows, tools):
    """The picture as SVG inside a page, which says how lines and text look: a line for each evaluation, a dot for each
    tool. Empty where there is nobody to compare with."""
    found = means(rows)
    ratios = [ratio for group in found.values() for ratio in group.values()]
    if not ratios:
        return ""
    colour_of = chart.colours(tools)
    low, high = math.floor(math.log10(min(ratios + [1]))), math.ceil(math.log10(max(ratios + [10])))
    bottom = TOP + STEP * len(found)

    def at(ratio):
        return LEFT + (WIDTH - LEFT - RIGHT) * (math.log10(ratio) - low) / (high - low)

    parts = [f'<svg viewBox="0 0 {WIDTH} {bottom + BOTTOM}" role="img">']
    parts += legend([tool for tool in tools if any(tool in group for group in found.values())], colour_of)
    for power in range(low, high + 1):
        x = at(10.0**power)
        look = f'stroke="{chart.COLOURS[0]}" stroke-width="2"' if power == 0 else 'class="grid"'
        parts.append(f'<line {look} x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 8}" y2="{bottom}"/>')
        parts.append(f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{chart.tick(10.0**power, "")}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(f'<text x="{middle}" y="{bottom + 40}" text-anchor="middle">times as long as Duet, mean over the sizes</text>')
    for i, ((evaluation, function), group) in enumerate(found.items()):
        y = TOP + STEP * (i + 0.5)
        name = f"{evaluation} {function}" if len([e for e, _ in found if e == evaluation]) > 1 else evaluation
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}"/>')
        parts.append(f'<text x="{LEFT - 10}" y="{y + 4}" text-anchor="end">{html.escape(name)}</text>')
        for tool, ratio in group.items():
            title = html.escape(f"{tool}: {ratio:.3g} times as long as Duet")
            dot = f'<circle cx="{at(ratio):.1f}" cy="{y}" r="5" fill="{colour_of[tool]}" fill-opacity="0.8">'
            parts.append(f"{dot}<title>{title}</title></circle>")
    return "".join(parts) + "</svg>"


def legend(tools, colour_of):
    """Names in two lines of equal columns, with their dots."""
    columns = max(1, (len(tools) + 1) // 2)
    for i, tool in enumerate(tools):
        x = LEFT + (WIDTH - LEFT - RIGHT) / columns * (i % columns)
        y = 20 + 20 * (i // columns)
        yield f'<circle cx="{x:.1f}" cy="{y}" r="5" fill="{colour_of[tool]}"/>'
        yield f'<text x="{x + 10:.1f}" y="{y + 4}">{html.escape(tool)}</text>'
