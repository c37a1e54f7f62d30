"""What of direct payments is shown to be spent, or comes back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from services.budget.accounts.rules import AccountKind, Entry, KeptHold, account_name
from services.budget.holds import rules as holds
from services.budget.holds.rules import Host, Part
from shared.errors import NotFoundError, Refusal
from shared.money import divide

WITH_PERSON = account_name(AccountKind.WITH_PERSON)
EVIDENCED = account_name(AccountKind.EVIDENCED)
# After so long a payment that nothing was shown for is told of. Local policy: the National Health
# Service (Direct Payments) Regulations 2013 ask for reviews after three months and each year.
OVERDUE_AFTER = timedelta(weeks=12)


class DirectPaymentNotFoundError(NotFoundError):
    """There is no such direct payment."""

    code = "direct_payment_not_found"


class ReturnExceedsPaidError(Refusal):
    """More would be shown, or come back, than is with the person."""

    code = "return_exceeds_paid"
    next_step = "Look up in money_routes what is still with the person for this item."

    def __init__(self, *, amount_pence: int, with_person_pence: int) -> None:
        super().__init__(
            "There is not so much of this with the person.",
            amount_pence=amount_pence,
            with_person_pence=with_person_pence,
        )


def not_paid(payment_id: UUID) -> str:
    """Return the reference under which a payment is taken back that the bank could not make.

    The verification (I8) knows it by the same words.
    """
    return f"not paid: {payment_id}"


def see_that_it_is_there(amount_pence: int, there: Mapping[UUID, int]) -> None:
    """Look whether so much of an item's money is with the person.

    Raises:
        ReturnExceedsPaidError: it is not.
    """
    with_person_pence = sum(there.values())
    if amount_pence > with_person_pence:
        raise ReturnExceedsPaidError(amount_pence=amount_pence, with_person_pence=with_person_pence)


def evidence_entries(amount_pence: int, there: Mapping[UUID, int]) -> list[Entry]:
    """Return the entries of money that was shown to be spent.

    Args:
        amount_pence: no more than is there.
        there: what each funder has with the person for the item, in pence.
    """
    parts = divide(amount_pence=amount_pence, weights=there)
    return [
        Entry(funder_id=funder_id, debit=WITH_PERSON, credit=EVIDENCED, amount_pence=pence)
        for funder_id, pence in parts.items()
        if pence
    ]


def advances_that_fit(
    steps: Mapping[UUID, int],
    advances: Mapping[UUID, int],
    *,
    there: Mapping[UUID, int],
    host_id: UUID,
) -> Mapping[UUID, int]:
    """Return what of money that comes back goes to the host for what it advanced.

    Money comes back out of the books in which it is. As a rule that is along the portions. Where
    shares were decided otherwise since, or odd pennies were shown before, a book has less than its
    portion falls by: then it comes back by where it is, and what a funder gets beyond or short of
    its portion is due between it and the host.

    Args:
        steps: by how much each funder's portion falls, in pence below nothing.
        advances: what of that goes back to the host by the portions; below nothing, too.
        there: what each book has with the person for the item.
        host_id: the partner who pays for all.

    Raises:
        ReturnExceedsPaidError: the books of this payment have less.
    """
    falls = {one: advances[one] - step for one, step in steps.items() if one != host_id}
    falls[host_id] = -steps.get(host_id, 0) - sum(advances.values())
    if all(fall <= there.get(one, 0) for one, fall in falls.items()):
        return advances
    amount_pence = -sum(steps.values())
    weights = {one: there.get(one, 0) for one in falls}
    see_that_it_is_there(amount_pence, weights)
    by_place = divide(amount_pence=amount_pence, weights=weights)
    return {one: 0 if one == host_id else step + by_place[one] for one, step in steps.items()}


def less(
    hold: KeptHold,
    amount_pence: int,
    *,
    parts: Mapping[UUID, Part],
    host: Host,
    there: Mapping[UUID, int],
) -> tuple[KeptHold, list[Entry]]:
    """Return a payment's hold with so much less, and the entries by which it comes back.

    Raises:
        ReturnExceedsPaidError: the books of this payment have less.
    """
    wanted = holds.wanted_at(
        held_pence=0,
        posted_pence=hold.posted_pence - amount_pence,
        asked_pence={portion.funder_id: portion.asked_pence for portion in hold.portions},
    )
    old = {portion.funder_id: portion for portion in hold.portions}
    moved = {one: holds.moved(portion, wanted[one], parts[one]) for one, portion in old.items()}
    steps = {one: new.posted_pence - old[one].posted_pence for one, (new, _) in moved.items()}
    advances = advances_that_fit(
        steps,
        {
            one: holds.advanced_step_pence(
                step_pence=step, advanced_pence=old[one].advanced_pence, is_advanced=False
            )
            for one, step in steps.items()
        },
        there=there,
        host_id=host.funder_id,
    )
    entries: list[Entry] = []
    for one, (_, spent) in moved.items():
        entries += holds.spending_entries(
            parts[one], spent, advanced_pence=advances[one], host=host, account=WITH_PERSON
        )
    portions = [
        replace(new, advanced_pence=new.advanced_pence + advances[one])
        for one, (new, _) in moved.items()
    ]
    return holds.next_version(replace(hold, portions=portions), before=hold), entries


def since(payments: Sequence[tuple[date, int]], *, evidenced_pence: int) -> date | None:
    """Return the day of the oldest payment of which something is not evidenced, if there is one.

    Args:
        payments: day and pence of each, net of what came back, the oldest first.
        evidenced_pence: what was shown to be spent; it counts for the oldest payments first.
    """
    for day, pence in payments:
        evidenced_pence -= pence
        if evidenced_pence < 0:
            return day
    return None
