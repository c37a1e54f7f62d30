"""``python -m benchmarks [--only messaging]``: measure, print and keep the figures."""

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import (
    assessment,
    assessment_cases,
    decisions,
    gateway,
    ledger,
    messaging,
    notifications,
    partners,
    purchases,
    statements,
)
from deploy.local import postgres

LATEST = Path(__file__).parent / "latest.json"
OF_POSTGRESQL = ("fsync", "synchronous_commit", "shared_buffers", "max_wal_size")
Figures = Mapping[str, float]
PARTS: Mapping[str, Callable[[], Figures]] = {
    "assessment": assessment.figures,
    "assessment_cases": assessment_cases.figures,
    "decisions": decisions.figures,
    "gateway": gateway.figures,
    "ledger": ledger.measure,
    "messaging": messaging.measure,
    "notifications": notifications.measure,
    "partners": partners.figures,
    "purchases": purchases.figures,
    "statements": statements.figures,
}


def settings() -> dict[str, str | int]:
    """Return what the figures depend on."""
    return {
        "python": platform.python_version(),
        "cores": os.cpu_count() or 0,
        **{
            name: version(name)
            for name in ("nameko", "kombu", "eventlet", "sqlalchemy", "django-hordak")
        },
        "servers": "private PostgreSQL 15 and RabbitMQ 3.10 on loopback",
        **{f"postgresql.{name}": postgres.SETTINGS[name] for name in OF_POSTGRESQL},
    }


def commit() -> str:
    """Return the commit that is measured; ``+`` when the tree differs from it."""
    git = ("git", "describe", "--always", "--dirty=+", "--exclude=*")
    return subprocess.run(  # noqa: S603 - a fixed command
        git, cwd=Path(__file__).parent, capture_output=True, text=True, check=False
    ).stdout.strip()


def keep(figures: Figures) -> None:
    """Write the figures into ``latest.json``; those of parts that did not run stay."""
    kept = json.loads(LATEST.read_text())["figures"] if LATEST.exists() else {}
    rounded = {name: round(value, 2) for name, value in figures.items()}
    latest = {"settings": settings(), "commit": commit(), "figures": {**kept, **rounded}}
    LATEST.write_text(json.dumps(latest, indent=2, sort_keys=True) + "\n")


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="make bench", description="Measure.")
    parser.add_argument("--only", choices=sorted(PARTS), help="the first word of the figures")
    only = parser.parse_args(arguments).only
    figures: dict[str, float] = {}
    for name in [only] if only else sorted(PARTS):
        figures |= PARTS[name]()
    table = Table("figure", "value", title="Measured in this run")
    for name, value in figures.items():
        table.add_row(name, f"{value:,.2f}")
    console = Console()
    console.print(table)
    console.print(", ".join(f"{name} {value}" for name, value in settings().items()))
    keep(figures)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
