"""``python -m clients.python.generate``: the client's methods and forms, from the description.

It reads ``docs/api/openapi.yaml`` and nothing of the gateway itself, as any other client would.
"""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from clients.python import methods, shapes

HERE = Path(__file__).parent
DESCRIPTION = HERE.parents[1] / "docs" / "api" / "openapi.yaml"
PACKAGE = HERE / "commonpurse_client"


def written(document: Mapping[str, Any]) -> dict[str, str]:
    """Return what is generated from a description, by the names of the files."""
    sources = {"api.py": methods.module(document), "forms.py": shapes.module(document)}
    return {name: _formatted(source) for name, source in sources.items()}


def _formatted(source: str) -> str:
    command = [sys.executable, "-m", "ruff", "format", "--line-length", "100", "-"]
    done = subprocess.run(command, input=source, capture_output=True, text=True, check=True)  # noqa: S603 - our own words
    return done.stdout


def main() -> int:
    document = yaml.safe_load(DESCRIPTION.read_text(encoding="utf-8"))
    for name, text in written(document).items():
        (PACKAGE / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
