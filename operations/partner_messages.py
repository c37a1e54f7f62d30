"""What went wrong with partners' messages: list it, send it again, take it in again, or lay it by.

list: what partners did not fetch in time, and what nobody could be answered about.
track MESSAGE: where a message is that went to a partner; of one that went by MESH, MESH is asked.
again CODE [MESSAGE]: send a partner once more what it did not fetch, one message or all, in order.
retake ID: take a message in that was set apart for a fault of ours, once that is mended.
seen ID NAME: nothing more is to be done about what could not be read; NAME says so. With the code
    of a partner instead of an ID: about all of it that came from there, and was not set apart
    for a fault of ours.

Needs the settings of partners. Nothing of what a message holds is ever shown.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from services.partners.inbound import handlers as inbound
from services.partners.inbound.models import UnreadableMessage
from services.partners.incoming import INCOMING
from services.partners.mesh_client import Mailbox, MeshAwayError
from services.partners.outbound import handlers as outbound
from services.partners.outbound.models import OutgoingMessage, OutgoingState
from services.partners.register import PartnerFileError, Register
from services.partners.settings import MeshSettings
from shared import clock, settings
from shared.contracts import organisations
from shared.database import open_engine, open_sessions
from shared.messaging import wake
from shared.trace import Trace

_COMMAND = "python -m operations.partner_messages"
NOTHING_WAITS = "There is no such message that waits for somebody."


class NothingToDoError(Exception):
    """What was named is not there, or not for this."""


def show(_asked: argparse.Namespace, session: Session) -> str:
    lost = select(OutgoingMessage).where(OutgoingMessage.state == OutgoingState.UNDELIVERED)
    apart = select(UnreadableMessage).where(UnreadableMessage.seen_to_at.is_(None))
    lines = [
        f"not fetched  {one.partner}  {one.message_id}  {one.message_type}  {one.last_error}"
        for one in session.scalars(lost.order_by(OutgoingMessage.position))
    ]
    lines += [
        f"not read     {one.partner}  {one.unreadable_id}  {one.system}  {one.reason}"
        for one in session.scalars(apart.order_by(UnreadableMessage.received_at))
    ]
    return "\n".join(lines) or "Nothing went wrong with partners' messages."


def track(asked: argparse.Namespace, session: Session) -> str:
    sent = select(OutgoingMessage).where(OutgoingMessage.message_id == asked.message)
    rows = session.scalars(sent.order_by(OutgoingMessage.position)).all()
    if not rows:
        raise NothingToDoError("There is no such message to a partner.")
    return "\n".join(
        f"{row.state.value}  {row.partner}/{row.system}  {row.message_type}{_at_mesh(row)}"
        for row in rows
    )


def _at_mesh(row: OutgoingMessage) -> str:
    if row.outside_id is None:
        return ""
    with closing(Mailbox(MeshSettings.from_environment())) as mailbox:
        return f"  MESH {row.outside_id}: {mailbox.where_is(row.outside_id)}"


def send_again(asked: argparse.Namespace, session: Session) -> str:
    sent = outbound.send_again(asked.code, message_id=asked.message, session=session)
    if not sent:
        raise NothingToDoError("There is no such message that was not fetched.")
    return f"On their way again: {sent}."


def retake(asked: argparse.Namespace, session: Session) -> str:
    row = _set_apart(asked.id, session)
    agreement = _register().agreements.get(row.partner)
    systems = () if agreement is None else agreement.systems
    system = next((one for one in systems if one.name == row.system), None)
    if row.reason != inbound.NOT_TAKEN_IN or agreement is None or system is None:
        raise NothingToDoError("It was not set apart for a fault of ours, or its partner is gone.")
    inbound.receive(
        row.body,
        agreement=agreement,
        system=system,
        types=INCOMING,
        session=session,
        trace=Trace.of_new_story(actor="partners/on_duty", at=clock.now()),
    )
    row.seen_to_at, row.seen_to_by = clock.now(), _COMMAND
    return "It is taken in."


def lay_by(asked: argparse.Namespace, session: Session) -> str:
    unseen = update(UnreadableMessage).where(UnreadableMessage.seen_to_at.is_(None))
    try:
        which = unseen.where(UnreadableMessage.unreadable_id == UUID(asked.what))
    except ValueError:
        which = unseen.where(
            UnreadableMessage.partner == asked.what,
            UnreadableMessage.reason != inbound.NOT_TAKEN_IN,
        )
    seen = which.values(seen_to_at=clock.now(), seen_to_by=asked.name)
    laid_by = session.scalars(seen.returning(UnreadableMessage.unreadable_id)).all()
    if not laid_by:
        raise NothingToDoError(NOTHING_WAITS)
    return f"Laid by: {len(laid_by)}."


def _set_apart(id_: UUID, session: Session) -> UnreadableMessage:
    row = session.get(UnreadableMessage, id_, with_for_update=True)
    if row is None or row.seen_to_at is not None:
        raise NothingToDoError(NOTHING_WAITS)
    return row


def _register() -> Register:
    return Register.read(Path(settings.required(os.environ, organisations.SETTING)))


ACTS: dict[str, Callable[[argparse.Namespace, Session], str]] = {
    "list": show,
    "track": track,
    "again": send_again,
    "retake": retake,
    "seen": lay_by,
}


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog=_COMMAND, description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    acts = parser.add_subparsers(dest="act", required=True)
    acts.add_parser("list")
    acts.add_parser("track").add_argument("message", type=UUID)
    again = acts.add_parser("again")
    again.add_argument("code")
    again.add_argument("message", type=UUID, nargs="?")
    acts.add_parser("retake").add_argument("id", type=UUID)
    seen = acts.add_parser("seen")
    seen.add_argument("what", metavar="ID")
    seen.add_argument("name", metavar="NAME")
    return parser.parse_args(arguments)


def _sessions() -> sessionmaker[Session]:
    url = settings.required(os.environ, "COMMONPURSE_DATABASE_URL")
    sessions = open_sessions(open_engine(url, pool_size=1))
    directory = os.environ.get("COMMONPURSE_WAKE_DIR", "")
    wake.nudge_after_commit(sessions, directory=directory, service="partners")
    return sessions


def main(arguments: Sequence[str]) -> int:
    asked = _asked(arguments)
    try:
        with _sessions().begin() as session:
            said = ACTS[asked.act](asked, session)
    except (
        NothingToDoError,
        settings.SettingMissingError,
        PartnerFileError,
        MeshAwayError,
        DBAPIError,
        OSError,
    ) as error:
        sys.stderr.write(f"Nothing was done: {error}\n")
        return 1
    sys.stdout.write(f"{said}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
