"""What a run leaves behind in its stack's folder: its figures, and where each case is found."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from demo.crew import Outcome


class Record:
    """The files of the last run in one folder."""

    def __init__(self, folder: Path) -> None:
        self.summary_path = folder / "summary.json"
        self._cases_path = folder / "cases.json"

    def clear(self) -> None:
        """Forget the run before."""
        self.summary_path.unlink(missing_ok=True)
        self._cases_path.unlink(missing_ok=True)

    def write_summary(self, summary: Mapping[str, Any]) -> None:
        _write(self.summary_path, summary)

    def write_cases(self, outcomes: Iterable[Outcome]) -> None:
        """Keep the ids of each case: no names."""
        known = {outcome.case_ref: dict(outcome.known) for outcome in outcomes}
        _write(self._cases_path, dict(sorted(known.items())))

    def cases(self) -> dict[str, dict[str, str]]:
        """Return the ids of each case of the last run; none if there was no run."""
        try:
            found: dict[str, dict[str, str]] = json.loads(self._cases_path.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        return found


def _write(path: Path, document: Mapping[str, Any]) -> None:
    """Write a file whole or not at all."""
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    unfinished.replace(path)
