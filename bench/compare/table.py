"""What the cells come to: of each size Duet's time and the best other tool's, and the mean of their ratios."""

import math

OURS = "duet"


def cells_by_size(cells):
    """(evaluation, size, function) -> tool -> cell, of derivatives."""
    sizes = {}
    for cell in cells:
        if cell["derivative"]:
            sizes.setdefault((cell["evaluation"], cell["size"], cell["function"]), {})[cell["tool"]] = cell
    return sizes


def primal_seconds(cells):
    """(evaluation, size) -> what the plain function takes in Duet's program."""
    return {
        (cell["evaluation"], cell["size"]): cell["seconds"]
        for cell in cells
        if not cell["derivative"] and cell["tool"] == OURS and cell["status"] == "ok"
    }


def good(cell):
    return cell is not None and cell["status"] == "ok" and cell["seconds"] is not None


def is_compared(evaluation, tool):
    """Whether Duet is measured by a tool. GradBench's `manual` has a closed form for `ode`, which takes no steps."""
    return tool != OURS and (evaluation, tool) != ("ode", "manual")


def rows(cells):
    """One for each derivative at each size, with the ratio best other / Duet where there are both."""
    primal = primal_seconds(cells)
    result = []
    for (evaluation, size, function), tools in cells_by_size(cells).items():
        ours = tools.get(OURS)
        others = [cell for tool, cell in tools.items() if is_compared(evaluation, tool) and good(cell)]
        best = min(others, key=lambda cell: cell["seconds"], default=None)
        both = good(ours) and best is not None
        result.append({
            "evaluation": evaluation,
            "size": size,
            "function": function,
            "primal": primal.get((evaluation, size)),
            "tools": tools,
            "ours": ours["seconds"] if good(ours) else None,
            "best": best,
            "ratio": best["seconds"] / ours["seconds"] if both else None,
        })  # fmt: skip
    return result


def counted(row):
    """Whether a row has a part in means. GradBench runs `hello` once without a clock's precision, so it is checked only."""
    return row["evaluation"] != "hello"


def mean_ratio(rows):
    """The geometric mean of the ratios, and of how many."""
    ratios = [row["ratio"] for row in rows if row["ratio"] is not None and counted(row)]
    return (math.exp(sum(map(math.log, ratios)) / len(ratios)) if ratios else None), len(ratios)


def duration(seconds):
    for unit, scale in (("s", 1), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= scale:
            return f"{seconds / scale:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def spread(cell):
    """Half of what lies between the lowest round and the highest one, in percent."""
    return 50 * (max(cell["rounds"]) - min(cell["rounds"])) / cell["seconds"]


def text(cells):
    """The table for the terminal."""
    lines = [f"{'':38} {'Duet':>9} {'+-%':>4} {'/primal':>8}  {'best other':>9} {'+-%':>4} {'ratio':>6}  tool"]
    found = rows(cells)
    for row in found:
        name = f"{row['evaluation']} {row['function']} {row['size']}"
        ours, best = row["tools"].get(OURS), row["best"]
        left = f"{ours['status'] if ours else '-':>9} {'':4} {'':8}"
        if row["ours"]:
            plain = f"{row['ours'] / row['primal']:.2f}" if row["primal"] else ""
            left = f"{duration(row['ours']):>9} {spread(ours):4.0f} {plain:>8}"
        right = ""
        if best:
            ratio = f"{row['ratio']:.2f}" if row["ratio"] else ""
            right = f"{duration(best['seconds']):>9} {spread(best):4.0f} {ratio:>6}  {best['tool']}"
        lines.append(f"{name[:38]:38} {left}  {right}".rstrip())
    mean, count = mean_ratio(found)
    if mean is not None:
        lines.append(f"Geometric mean of best other / Duet over {count} cells: {mean:.2f}")
    return "\n".join(lines)
