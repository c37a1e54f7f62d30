"""``python -m services.partners.check FILE``: says in words what a partner will be able to do."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from services.partners import hosts
from services.partners.agreements.rules import Agreement, Content, Receives, Transport
from services.partners.catalogue.rules import About
from services.partners.incoming import INCOMING
from services.partners.outgoing import OUTGOING
from services.partners.register import PartnerFileError, Register, read_file
from shared.contracts.organisations import Side

WHO_HEARS = {
    About.PERSON: "of people it works with or who agreed to share with it",
    About.FUNDER: "of its own money alone",
    About.BUDGET: "of budgets that it pays into, or of people it works with",
}


def explained(agreement: Agreement) -> Iterator[str]:
    """Say line by line what an agreement lets a partner do, and what it does not."""
    yield f"{agreement.name} ({agreement.identifier}), {agreement.kind.value.replace('_', ' ')}"
    yield f"Records name it {agreement.organisation}."
    yield from _whom_it_assesses(agreement)
    yield from _how_it_connects(agreement)
    yield "It may send:"
    yield from (
        f"  {one.message_type}: {INCOMING[one.message_type].says} (for {one.purpose})"
        for one in agreement.sends
    )
    if agreement.staff_roles:
        yield f"  and bring the words of its {', '.join(agreement.staff_roles)}"
    yield f"It hears, at its system {agreement.hearing.name}:"
    yield from (f"  {_heard(one)}" for one in agreement.receives)
    yield "It sees no other message, no other partner's queue, and nothing of our own broker."
    for rule in agreement.split_rules:
        nhs, council = rule.nhs_basis_points / 100, rule.council_basis_points / 100
        yield f"For {rule.purpose} it agreed to pay as: NHS {nhs:g} %, council {council:g} %."
    for name, day in agreement.older_versions.items():
        yield f"It still uses {name}, until {day}."
    if agreement.silent_after_hours:
        yield f"After {agreement.silent_after_hours} hours without a sign of it we ask."
    yield from (f"About {one.about} we ask {one.name}, {one.email}." for one in agreement.contacts)


def _whom_it_assesses(agreement: Agreement) -> Iterator[str]:
    if agreement.kind.value not in set(Side):
        return
    others = ", ".join(agreement.assesses_with) or "whoever is local on the other side"
    yield f"It assesses the people whom it refers, together with {others}."
    if agreement.is_local:
        yield "It is local: it assesses people who ask for themselves, too."


def _how_it_connects(agreement: Agreement) -> Iterator[str]:
    limits = agreement.limits
    for system in agreement.systems:
        source = agreement.source(system)
        if system.transport is Transport.AMQP:
            yield (
                f"Its system {system.name} ({source}) connects to the virtual host"
                f" {agreement.virtual_host} as the user of that name: it publishes to the exchange"
                f" {hosts.IN} with the type as routing key, and reads the queue {hosts.OUT}."
            )
        else:
            yield f"Its system {system.name} ({source}) has the MESH mailbox {system.mailbox}."
    yield (
        f"At most {limits.connections} connections, {limits.message_bytes} bytes a message and"
        f" {limits.queue_messages} messages that wait for us: the broker refuses what is beyond;"
        f" what it has not fetched after {limits.keep_days} days is a dead letter, and we are told."
    )


def _heard(one: Receives) -> str:
    whose = WHO_HEARS[OUTGOING[one.event_type].about]
    if one.content is Content.SIGNAL:
        return f"{one.event_type}: that it happened and where to read it, {whose} ({one.purpose})"
    return f"{one.event_type}: {', '.join(one.fields)}, {whose} ({one.purpose})"


def main(arguments: Sequence[str]) -> int:
    if len(arguments) != 1:
        sys.stderr.write("Which file? make partner-check FILE=deploy/partners/<code>.yml\n")
        return 2
    try:
        file = Path(arguments[0])
        agreement = read_file(file)
        Register.read(file.parent)  # it must be at one with its neighbours, too
    except (PartnerFileError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.writelines(f"{line}\n" for line in explained(agreement))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
