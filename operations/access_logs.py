"""Is it written down as it was, who looked at whose record? ``python -m operations.access_logs``.

Needs only ``COMMONPURSE_DATABASE_URL`` of one service, or of a copy of its database, and may only
read. Names the first link of the chain that the entries do not bear out. Whoever can change
entries and links alike leaves a chain that holds: keep the newest hash elsewhere, and ask for it.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence

from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from access import audit
from access.tables import AuditEntry, AuditSeal
from shared import settings
from shared.database import open_engine

BROKEN, UNREADABLE = 1, 3

_NEWEST = select(AuditSeal).order_by(AuditSeal.number.desc()).limit(1)
_ENTRIES = select(func.count()).select_from(AuditEntry)


def findings(session: Session, *, kept_hashes: Sequence[str] = ()) -> Iterator[str]:
    """Return a line for what is not as it was written.

    ``kept_hashes`` are hashes of links that somebody kept elsewhere: each must still be one.
    """
    number = audit.broken_seal(session)
    if number is not None:
        yield f"link {number} is the first that the entries do not bear out"
    known = {one.hex() for one in session.scalars(select(AuditSeal.hash))}
    yield from (f"no link has the hash {one}" for one in kept_hashes if one.lower() not in known)


def summary(session: Session) -> str:
    newest = session.scalars(_NEWEST).first()
    there_are = session.scalar(_ENTRIES) or 0
    if newest is None:
        return f"{there_are:,} entries, none of them chained yet."
    chained = select(func.sum(AuditSeal.entries))
    waiting = there_are - int(session.scalar(chained) or 0)
    head = newest.hash.hex()
    return f"{there_are:,} entries, {waiting:,} not chained yet; link {newest.number}, head {head}."


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m operations.access_logs",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Ends with 0 when the chain holds, 1 when it does not, 2 on bad usage, 3 unread.",
    )
    parser.add_argument(
        "--head", action="append", default=[], metavar="HASH", help="a link's hash that you kept"
    )
    asked = parser.parse_args(arguments)
    try:
        url = settings.required(os.environ, "COMMONPURSE_DATABASE_URL")
        engine = open_engine(url, pool_size=1)
        with Session(engine.execution_options(isolation_level="REPEATABLE READ")) as session:
            session.execute(text("SET LOCAL statement_timeout = 0"))
            found = list(findings(session, kept_hashes=asked.head))
            said = summary(session)
    except (settings.SettingMissingError, DBAPIError) as error:
        sys.stderr.write(f"Who looked could not be read: {error}\n")
        return UNREADABLE
    sys.stdout.write("".join(f"{line}\n" for line in found))
    sys.stdout.write(f"{'BROKEN' if found else 'Verified'}: {said}\n")
    return BROKEN if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
