"""``python -m services.partners.conformance --partner FILE MESSAGES``: which rules messages keep.

MESSAGES holds one message a line, as it would travel. Nothing is sent unless ``--send`` gives the
address of a test host's virtual host: then each message that keeps the rules goes there, as of the
system that is reached over AMQP, and what is answered is printed. Exit status: 0 when all keep
every rule and none of those that were sent was rejected or left without a reply, 1 when one was, 2
for a call that makes no sense.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import amqp

from services.partners.agreements.rules import Agreement, System, Transport
from services.partners.envelopes.rules import CONTENT_TYPE, Envelope, UnreadableError, opened
from services.partners.hosts import IN, OUT
from services.partners.inbound.checks import checked
from services.partners.inbound.rules import Rejection
from services.partners.incoming import INCOMING
from services.partners.register import PartnerFileError, read_file
from shared.messaging.publisher import connect

WITHIN_SECONDS = 30.0
PAUSE_SECONDS = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was found of one message."""

    line: int
    says: str
    is_kept: bool
    routing_key: str = ""


def findings(
    messages: Sequence[bytes], agreement: Agreement, *, through: System | None = None
) -> Iterator[Finding]:
    """Look at messages as the door would, and at their ids together.

    Args:
        messages: as they would travel.
        agreement: their sender's.
        through: which of its systems sends all of them; None: each the one that it names.
    """
    seen: dict[UUID, bytes] = {}
    for line, body in enumerate(messages, start=1):
        yield _looked_at(line, body, agreement, seen, through)


def _looked_at(
    line: int,
    body: bytes,
    agreement: Agreement,
    seen: dict[UUID, bytes],
    through: System | None,
) -> Finding:
    try:
        envelope = opened(body, most_bytes=agreement.limits.message_bytes)
    except UnreadableError as error:
        says = f"nobody could be answered: {error.reason}"
        return Finding(line=line, says=says, is_kept=False)
    if seen.setdefault(envelope.message_id, body) != body:
        return Finding(line=line, says="id: another message has this id", is_kept=False)
    system = through or _system(envelope, agreement)
    outcome = checked(envelope, agreement=agreement, system=system, types=INCOMING)
    if isinstance(outcome, Rejection):
        field = f" {outcome.field}:" if outcome.field else ""
        says = f"{outcome.code}:{field} {outcome.reason} {outcome.next_step}"
        return Finding(line=line, says=says, is_kept=False)
    incoming, _ = outcome
    says = f"{incoming.name}: keeps every rule"
    return Finding(line=line, says=says, is_kept=True, routing_key=incoming.name)


def _system(envelope: Envelope, agreement: Agreement) -> System:
    """Return the system that a message names; where it names none, any: the check says so."""
    return agreement.system_of(envelope.text("source")) or agreement.systems[0]


def answers(
    url: str, messages: Mapping[str, tuple[str, bytes]], *, within_seconds: float
) -> Iterator[Mapping[str, Any]]:
    """Send messages to a test host and return the replies to them as they come.

    Args:
        url: of the virtual host, with user and password.
        messages: by their ids, the routing key and the body.
        within_seconds: when to give up.
    """
    with closing(connect(url, name="conformance")) as connection:
        channel = connection.channel()
        for routing_key, body in messages.values():
            message = amqp.Message(body, content_type=CONTENT_TYPE, delivery_mode=2)
            channel.basic_publish_confirm(message, IN, routing_key, mandatory=True)
        awaited = set(messages)
        give_up_at = time.monotonic() + within_seconds
        while awaited and time.monotonic() < give_up_at:
            got = channel.basic_get(OUT)
            if got is None:
                time.sleep(PAUSE_SECONDS)
                continue
            channel.basic_ack(got.delivery_tag)
            reply: Mapping[str, Any] = json.loads(got.body)
            if reply.get("causationid") in awaited:
                awaited.discard(reply["causationid"])
                yield reply


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m services.partners.conformance",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--partner", type=Path, required=True, help="your file")
    parser.add_argument("--send", metavar="URL", help="of a test host: amqps://user:…@host/vhost")
    parser.add_argument("messages", type=Path, help="one message a line")
    asked = parser.parse_args(arguments)
    try:
        agreement = read_file(asked.partner)
        messages = asked.messages.read_bytes().splitlines()
    except (PartnerFileError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    reached = [one for one in agreement.systems if one.transport is Transport.AMQP]
    if not reached and asked.send:
        sys.stderr.write("This partner has no system that is reached over AMQP.\n")
        return 2
    found = list(findings(messages, agreement, through=reached[0] if asked.send else None))
    for one in found:
        sys.stdout.write(f"{'ok ' if one.is_kept else 'NO '} line {one.line}: {one.says}\n")
    is_well = _show_answers(asked.send, found, messages) if asked.send else True
    broken = sum(not one.is_kept for one in found)
    sys.stdout.write(f"{len(found)} messages, {broken} that break a rule.\n")
    return 0 if found and not broken and is_well else 1


def _show_answers(url: str, found: Sequence[Finding], messages: Sequence[bytes]) -> bool:
    """Send what keeps the rules and show the replies; return whether all of it was accepted."""
    sent = {
        json.loads(messages[one.line - 1])["id"]: (one.routing_key, messages[one.line - 1])
        for one in found
        if one.is_kept
    }
    open_, rejected = set(sent), 0
    for reply in answers(url, sent, within_seconds=WITHIN_SECONDS):
        said = reply["data"]
        open_.discard(said["message_id"])
        rejected += "code" in said
        outcome = said.get("code") or f"accepted {said.get('ids')}"
        sys.stdout.write(f"    {said['message_id']}: {outcome}\n")
    for message_id in sorted(open_):
        sys.stdout.write(f"    {message_id}: no reply in {WITHIN_SECONDS:g} s\n")
    return not open_ and not rejected


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
