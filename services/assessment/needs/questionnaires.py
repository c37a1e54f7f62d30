"""The questionnaires on file: which domains are asked about, and from when on."""

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from services.assessment.needs.rules import Questionnaire

PUBLISHED = Path(__file__).parent / "published"


@cache
def questionnaires() -> Mapping[str, Questionnaire]:
    """Return the published questionnaires by name; a new version is a new file."""
    return {path.stem: _read(path) for path in sorted(PUBLISHED.glob("*.json"))}


def _read(path: Path) -> Questionnaire:
    written = json.loads(path.read_text(encoding="utf-8"))
    return Questionnaire(
        name=written["name"],
        active_from=date.fromisoformat(written["active_from"]),
        domains=written["domains"],
        levels=tuple(written["levels"]),
        reliably=tuple(written["reliably"]),
        whole_life=tuple(written["whole_life"]),
    )


def _all_domains() -> Mapping[str, str]:
    names: dict[str, str] = {}
    for questionnaire in sorted(questionnaires().values(), key=lambda one: one.active_from):
        names |= questionnaire.domains
    return names


# Every domain that any questionnaire asks about, with the newest name that it has.
DOMAINS: Mapping[str, str] = _all_domains()
