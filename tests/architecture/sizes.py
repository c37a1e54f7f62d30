"""``python -m tests.architecture.sizes``: the largest files and functions. An aim, not a wall.

A file over 300 lines or a function over 40 wants a reason in the review.
"""

import ast
import statistics
import sys
from collections.abc import Mapping

from tests.architecture.house import named, python_files

SHOWN = 10


def lines_of_files() -> dict[str, int]:
    return {named(path): len(path.read_text().splitlines()) for path in python_files()}


def lines_of_functions() -> dict[str, int]:
    return {
        f"{named(path)}:{node.lineno} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in python_files()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def table(title: str, lines: Mapping[str, int]) -> str:
    """The ten largest, and the median over all that hold anything."""
    median = statistics.median(length for length in lines.values() if length)
    largest = sorted(lines, key=lambda name: (-lines[name], name))[:SHOWN]
    rows = (f"  {lines[name]:>5}  {name}" for name in largest)
    return "\n".join((f"{title} (median {median:.0f} lines):", *rows))


def main() -> int:
    sys.stdout.write(table("The ten largest files", lines_of_files()) + "\n")
    sys.stdout.write(table("The ten largest functions", lines_of_functions()) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
