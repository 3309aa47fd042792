"""The report as one HTML file that needs nothing from elsewhere."""

import html
from pathlib import Path

import chart
import overview
import table

TEMPLATE = Path(__file__).with_name("page.html")


def tools_of(results):
    """All tools, Duet first."""
    return list(dict.fromkeys([table.OURS] + [cell["tool"] for cell in results["cells"]]))


def write(results):
    rows, tools = table.rows(results["cells"]), tools_of(results)
    mean, count = table.mean_ratio(rows)
    failures = "".join(f"<li>{html.escape(failure)}</li>" for failure in results["failures"])
    fields = {
        "machine": html.escape(results["machine"]),
        "started": html.escape(results["started"]),
        "rounds": str(results["rounds"]),
        "seconds": f"{results['seconds']:g}",
        "mean": f"{mean:.2f}" if mean else "-",
        "count": str(count),
        "failures": f'<ul class="failures">{failures}</ul>' if failures else "<p>All outputs agree.</p>",
        "overview": overview.draw(rows, tools),
        "charts": "".join(charts(rows, tools)),
        "table": sortable(rows, tools),
    }
    page = TEMPLATE.read_text()
    for name, text in fields.items():
        page = page.replace("{{" + name + "}}", text)
    return page


def charts(rows, tools):
    """Time, and ratio to the plain function, for each derivative of each evaluation."""
    groups = {}
    for row in rows:
        groups.setdefault((row["evaluation"], row["function"]), []).append(row)
    colour_of = chart.colours(tools)
    for (evaluation, function), group in groups.items():
        sizes = [row["size"] for row in group]

        def series(number):
            return {tool: [number(row, row["tools"].get(tool)) for row in group] for tool in tools}

        times = series(lambda row, cell: cell["seconds"] if table.good(cell) else None)
        ratios = series(lambda row, cell: cell["seconds"] / row["primal"] if table.good(cell) and row["primal"] else None)
        yield f"<h2>{evaluation}: {function}</h2><div class='pair'>"
        yield f"<figure><figcaption>time</figcaption>{chart.lines(sizes, times, 's', colour_of)}</figure>"
        ratio = chart.lines(sizes, ratios, "", colour_of)
        if ratio:
            yield f"<figure><figcaption>time / time of the plain function</figcaption>{ratio}</figure>"
        yield "</div>"


def sortable(rows, tools):
    head = ["evaluation", "size", "function", "best other / Duet", "primal", *tools]
    lines = ["<tr>" + "".join(f"<th>{html.escape(name)}</th>" for name in head) + "</tr>"]
    for row in rows:
        data = [text(row["evaluation"]), text(row["size"]), text(row["function"])]
        data += [number(row["ratio"], f"{row['ratio']:.2f}") if row["ratio"] else text("")]
        data += [number(row["primal"], table.duration(row["primal"])) if row["primal"] else text("")]
        lines.append("<tr>" + "".join(data + [cell_of(row, tool) for tool in tools]) + "</tr>")
    return f"<table><thead>{lines[0]}</thead><tbody>{''.join(lines[1:])}</tbody></table>"


def text(words):
    return f'<td data-key="{html.escape(words)}">{html.escape(words)}</td>'


def number(value, words, title="", kind=""):
    return f'<td class="number {kind}" data-key="{value}" title="{html.escape(title)}">{words}</td>'


def cell_of(row, tool):
    cell = row["tools"].get(tool)
    if cell is None or cell["status"] == "unsupported":
        return text("")
    if not table.good(cell):
        return f'<td class="bad" title="{html.escape(cell["message"])}">{html.escape(cell["status"])}</td>'
    best = min((other["seconds"] for other in row["tools"].values() if table.good(other)))
    title = f"{cell['runs']} runs, +-{table.spread(cell):.0f} %, {cell['peak_bytes'] / 2**20:.0f} MiB at most"
    if row["primal"]:
        title += f", {cell['seconds'] / row['primal']:.2f} times the plain function"
    return number(cell["seconds"], table.duration(cell["seconds"]), title, "best" if cell["seconds"] == best else "")
