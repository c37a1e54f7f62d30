"""Reconcile a day with the issuer: ``python -m services.payments.reconcile --day 2026-11-24``.

Without ``--file`` the file is fetched from the issuer's simulator (Stripe has no such path: its
reports are fetched by hand and given with ``--file``). Ends with 1 if a row is not as we were
told, and with 2 if the file was not taken.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import requests

from services.payments.settings import PaymentsSettings
from services.payments.settlement.commands import ImportSettlement
from services.payments.settlement.handlers import import_settlement
from services.payments.settlement.rules import RowOutcome
from shared import clock
from shared.database import open_engine, open_sessions
from shared.errors import Refusal
from shared.messaging import wake
from shared.money import pounds
from shared.trace import Trace

ACTOR = "commonpurse/finance_officer"
TIMEOUTS_SECONDS = (3.0, 30.0)
DIFFERENT, NOT_TAKEN = 1, 2


def main(words: Sequence[str]) -> int:
    """Import a day's file and print what it came to."""
    asked = _asked(words)
    settings = PaymentsSettings.from_environment()
    sessions = open_sessions(open_engine(settings.service.database_url, pool_size=1))
    wake.nudge_after_commit(sessions, directory=settings.service.wake_directory, service="payments")
    try:
        file = asked.file.read_text("utf-8") if asked.file else _fetched(asked.day, settings)
        command = ImportSettlement(day=asked.day, file=file, replaces=asked.replaces)
        with sessions.begin() as session:
            found = import_settlement(command, session=session, trace=_trace())
    except (OSError, UnicodeDecodeError, requests.RequestException) as error:
        sys.stderr.write(f"The file could not be read: {type(error).__name__}.\n")
        return NOT_TAKEN
    except Refusal as refusal:
        details = ", ".join(f"{name} {value}" for name, value in refusal.details.items())
        sys.stderr.write(f"{refusal.message} {refusal.next_step} ({details})\n")
        return NOT_TAKEN
    sys.stdout.write(shown(found))
    return DIFFERENT if found["differences"] else 0


def shown(found: Mapping[str, Any]) -> str:
    """Return a day's settlement as somebody reads it."""
    sums = f"{pounds(found['amount_pence'])}, fees {pounds(found['fees_pence'])}"
    lines = [
        f"Settlement of {found['day']}: {found['file']['rows']} rows, {sums}",
        *(
            f"  {outcome:<10} {found['outcomes'][outcome]['rows']:>6}"
            f"  {pounds(found['outcomes'][outcome]['amount_pence']):>14}"
            for outcome in RowOutcome
        ),
        *(
            f"  line {one['line'] + 1}: {one['outcome']}, {one['transaction_id']},"
            f" {pounds(one['amount_pence'])}"
            for one in found["differences"]
        ),
    ]
    return "\n".join(lines) + "\n"


def _asked(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m services.payments.reconcile")
    parser.add_argument("--day", type=date.fromisoformat, required=True)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--replaces", help="the SHA-256 of the day's former file")
    return parser.parse_args(words)


def _fetched(day: date, settings: PaymentsSettings) -> str:
    answer = requests.get(
        f"{settings.issuer_url}/_sim/settlement/{day.isoformat()}.csv",
        headers={"Authorization": f"Bearer {settings.issuer_api_key}"},
        timeout=TIMEOUTS_SECONDS,
        allow_redirects=False,
    )
    answer.raise_for_status()
    return answer.content.decode("utf-8")


def _trace() -> Trace:
    id_ = uuid4()
    return Trace(correlation_id=id_, causation_id=id_, actor=ACTOR, at=clock.now())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
