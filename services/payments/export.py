"""Write a person's whole history: ``python -m services.payments.export --person ID --to FOLDER``.

The folder gets ``history.json``, all of it, and a CSV file for each section. Files are for their
owner alone: they hold what somebody bought.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from services.payments.history import queries, rules
from shared.database import open_engine, open_sessions
from shared.settings import ServiceSettings

JSON_NAME = "history.json"


def main(words: Sequence[str]) -> int:
    """Write the files and say how many rows each holds."""
    parser = argparse.ArgumentParser(prog="python -m services.payments.export")
    parser.add_argument("--person", type=UUID, required=True)
    parser.add_argument("--to", type=Path, required=True)
    asked = parser.parse_args(words)
    settings = ServiceSettings.from_environment()
    options = "-c default_transaction_isolation=repeatable\\ read"  # all pages of one moment
    engine = open_engine(settings.database_url, pool_size=1, options=options)
    with open_sessions(engine).begin() as session:
        found = queries.whole_history(asked.person, session=session)
    engine.dispose()
    asked.to.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(asked.to / JSON_NAME, json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    for section, rows in found["sections"].items():
        _write(asked.to / f"{section}.csv", rules.as_csv(section, rows))
        sys.stdout.write(f"{section:<14} {len(rows):>6}\n")
    sys.stdout.write(f"Written to {asked.to}.\n")
    return 0


def _write(path: Path, content: str) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        file.write(content)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
