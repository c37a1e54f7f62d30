"""Registering organisations, and opening pools."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.budget.funders.commands import NameFunderContact, OpenPool, RegisterFunder
from services.budget.funders.models import Funder, FunderContact, Pool, PoolPartner
from services.budget.funders.rules import (
    CodeTakenError,
    FunderDiffersError,
    FunderKind,
    FunderNotFoundError,
    PoolDiffersError,
    PoolNotFoundError,
    see_that_dates_follow,
    see_that_they_can_pool,
)
from services.budget.tables import LOCKED
from shared.contracts.budget.funders import FunderContactNamed
from shared.messaging import outbox
from shared.trace import Trace


def register_funder(command: RegisterFunder, *, session: Session, trace: Trace) -> dict[str, Any]:
    """Make an organisation known, once; said again, whose staff it has where that is not known.

    Raises:
        FunderDiffersError: it is known with another code, kind, name or staff.
        CodeTakenError: another organisation has this code.
    """
    known = session.get(Funder, command.funder_id)
    if known is not None:
        known.organisation = known.organisation or command.organisation
        was = (known.kind, known.code, known.name, known.organisation)
        if was != (command.kind, command.code, command.name, command.organisation):
            raise FunderDiffersError("Another organisation has this id.")
        return {"funder_id": known.funder_id}
    if session.scalar(select(Funder).where(Funder.code == command.code)) is not None:
        raise CodeTakenError("Another organisation has this code.", code=command.code)
    session.add(
        Funder(
            funder_id=command.funder_id,
            kind=command.kind,
            code=command.code,
            name=command.name,
            organisation=command.organisation,
        )
    )
    return {"funder_id": command.funder_id}


def name_funder_contact(
    command: NameFunderContact, *, session: Session, trace: Trace
) -> dict[str, Any]:
    """Keep who at an organisation hears of what concerns its money, and tell it where it is new.

    Raises:
        FunderNotFoundError: no such organisation is registered.
    """
    funder = session.get(Funder, command.funder_id, with_for_update=LOCKED)
    if funder is None or funder.kind is FunderKind.PERSON:
        raise FunderNotFoundError("This organisation is not registered.")
    contact = session.get(FunderContact, command.funder_id)
    if contact is None:
        contact = FunderContact(funder_id=funder.funder_id, version=0, name=None, email=None)
        session.add(contact)
    elif (contact.name, contact.email) == (command.name, command.email):
        return {"funder_id": contact.funder_id, "version": contact.version}
    contact.version += 1
    contact.name, contact.email = command.name, command.email
    event = FunderContactNamed(
        occurred_at=trace.at,
        funder_id=contact.funder_id,
        version=contact.version,
        name=contact.name,
        email=contact.email,
    )
    outbox.add(session, event, trace=trace)
    return {"funder_id": contact.funder_id, "version": contact.version}


def open_pool(command: OpenPool, *, session: Session, trace: Trace) -> dict[str, Any]:
    """Let organisations fund budgets together, from a day on.

    Raises:
        FunderNotFoundError: a partner is not registered.
        PartnersWrongError: they cannot make a pool.
        PoolDatesWrongError: it would end before it starts.
        PoolDiffersError: this id is that of another pool.
    """
    known = session.get(Pool, command.pool_id)
    if known is not None:
        _see_that_it_is_the_same(known, command, session=session)
        return {"pool_id": command.pool_id}
    see_that_dates_follow(starts_on=command.starts_on, ends_on=command.ends_on)
    see_that_they_can_pool(
        host_id=command.host_id,
        partner_ids=command.partner_ids,
        kinds=_kinds(command, session=session),
    )
    session.add(
        Pool(
            pool_id=command.pool_id,
            name=command.name,
            agreement_reference=command.agreement_reference,
            host_id=command.host_id,
            starts_on=command.starts_on,
            ends_on=command.ends_on,
        )
    )
    session.flush()
    session.add_all(
        PoolPartner(pool_id=command.pool_id, funder_id=funder_id)
        for funder_id in command.partner_ids
    )
    return {"pool_id": command.pool_id}


def partners_of(session: Session, pool_id: UUID) -> tuple[Pool, dict[UUID, Funder]]:
    """Return a pool and its partners.

    Raises:
        PoolNotFoundError: there is no such pool.
    """
    found = session.execute(
        select(Pool, Funder)
        .join(PoolPartner, PoolPartner.pool_id == Pool.pool_id)
        .join(Funder, Funder.funder_id == PoolPartner.funder_id)
        .where(Pool.pool_id == pool_id)
    ).all()
    if not found:
        raise PoolNotFoundError("There is no such pool.")
    return found[0][0], {partner.funder_id: partner for _, partner in found}


def _kinds(command: OpenPool, *, session: Session) -> list[FunderKind]:
    partners = [session.get(Funder, funder_id) for funder_id in command.partner_ids]
    if None in partners:
        raise FunderNotFoundError("A partner of the pool is not registered.")
    return [partner.kind for partner in partners if partner is not None]


def _see_that_it_is_the_same(known: Pool, command: OpenPool, *, session: Session) -> None:
    _, partners = partners_of(session, known.pool_id)
    was = (known.name, known.agreement_reference, known.host_id, known.starts_on, known.ends_on)
    asked = (
        command.name,
        command.agreement_reference,
        command.host_id,
        command.starts_on,
        command.ends_on,
    )
    if was != asked or partners.keys() != set(command.partner_ids):
        raise PoolDiffersError("Another pool has this id.")
