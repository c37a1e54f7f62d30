"""Whose money it is, and who may be partners in a pool."""

import enum
from collections.abc import Collection
from datetime import date
from uuid import UUID

from shared.errors import IdReusedError, NotFoundError, Refusal


class FunderKind(enum.StrEnum):
    """What kind of body, or whether it is the person, whose money it is.

    NHS money is never charged to the person: an NHS book has no account to charge from.
    """

    NHS = "nhs"
    COUNCIL = "council"
    PERSON = "person"


class FunderNotFoundError(NotFoundError):
    """No such organisation is registered."""

    code = "funder_not_found"
    next_step = "Register the organisation first."


class PoolNotFoundError(NotFoundError):
    """There is no such pool."""

    code = "pool_not_found"
    next_step = "Open the pool first."


class FunderDiffersError(IdReusedError):
    """The organisation is registered otherwise."""


class PoolDiffersError(IdReusedError):
    """The pool was opened with other partners or terms."""


class CodeTakenError(Refusal):
    """Another organisation has this code."""

    code = "code_taken"
    next_step = "Look up the organisation that has the code; each has one of its own."


class PartnersWrongError(Refusal):
    """These organisations cannot make a pool."""

    code = "partners_wrong"
    next_step = "Name at least one NHS body and one council, each once, and one of them as host."


class PoolDatesWrongError(Refusal):
    """The pool would end before it starts."""

    code = "dates_wrong"
    next_step = "Let it end after the day on which it starts."


def see_that_they_can_pool(
    *, host_id: UUID, partner_ids: Collection[UUID], kinds: Collection[FunderKind]
) -> None:
    """Look whether partners make a pool under section 75 of the National Health Service Act 2006.

    It is an arrangement between NHS bodies and local authorities; one of them is the host and
    pays suppliers for all (SI 2000/617, reg. 7(4)).

    Raises:
        PartnersWrongError: one side is missing, a partner is named twice, or the host is none.
    """
    if len(set(partner_ids)) != len(partner_ids) or host_id not in partner_ids:
        raise PartnersWrongError("The partners are not named once each, with the host among them.")
    if set(kinds) != {FunderKind.NHS, FunderKind.COUNCIL}:
        raise PartnersWrongError("A pool needs NHS bodies and councils, and nobody else.")


def see_that_dates_follow(*, starts_on: date, ends_on: date | None) -> None:
    """Look whether a pool ends after it begins.

    Raises:
        PoolDatesWrongError: it would be over before it begins.
    """
    if ends_on is not None and ends_on <= starts_on:
        raise PoolDatesWrongError("The pool would end before it starts.")
