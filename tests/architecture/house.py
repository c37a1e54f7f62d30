"""The files of the repository, as the tests here look at them."""

import ast
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = ("services", "shared", "access", "clients", "operations", "simulators", "demo", "deploy")
_NOT_OURS = {"var", "__pycache__"}
_HIDDEN_AND_OURS = {".ci", ".env.example", ".gitignore", ".dockerignore"}
# Folders of a service that are no subjects: nobody asks them to do anything.
_NO_SUBJECTS = {
    "__pycache__",
    "migrations",  # history
    "invariants",  # what must be true across all subjects: questions alone, a module for each noun
}


def files(*folders: str, suffix: str = "") -> Iterator[Path]:
    """Every file that belongs to the repository, below these folders or below all of it."""
    for folder in folders or (".",):
        for here, below, names in os.walk(ROOT / folder):
            below[:] = sorted(filter(_is_ours, below))
            yield from (Path(here, name) for name in sorted(names) if _is_ours(name, suffix))


def python_files(*folders: str) -> Iterator[Path]:
    """Every Python file of the code, or below these folders; revisions are history, not code."""
    for path in files(*(folders or CODE), suffix=".py"):
        if path.parent.name != "versions":
            yield path


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def imports(path: Path) -> frozenset[str]:
    """Every module that a file imports anywhere, and ``module.name`` for each name of it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(found)


def subjects(service: str) -> list[Path]:
    folder = ROOT / "services" / service
    return [
        path for path in sorted(folder.iterdir()) if path.is_dir() and path.name not in _NO_SUBJECTS
    ]


def _is_ours(name: str, suffix: str = "") -> bool:
    is_hidden = name.startswith(".") and name not in _HIDDEN_AND_OURS
    is_made = name in _NOT_OURS or name.endswith((".egg-info", ".pyc"))
    return name.endswith(suffix) and not is_hidden and not is_made
