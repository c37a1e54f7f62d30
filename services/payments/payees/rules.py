"""Who may be paid: confirmed details, and what each funder says of family and friends."""

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shared.errors import Refusal


class Relationship(enum.StrEnum):
    """What a payee is to the person whose money pays them."""

    SUPPLIER = "supplier"
    ASSISTANT = "assistant"  # a personal assistant who is neither family nor a friend
    SELF = "self"  # a direct payment's own account
    NOMINEE = "nominee"  # who receives direct payments in the person's place
    PARTNER = "partner"  # spouse, civil partner, or living as such
    CLOSE_FAMILY = "close_family"  # parent, child, sibling, grandparent, or one of their partners
    OTHER_FAMILY = "other_family"
    FRIEND = "friend"


class Funder(enum.StrEnum):
    """Whose law says who may be paid."""

    NHS = "nhs"
    COUNCIL = "council"


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdRule:
    """Whom a funder's money pays only where that was agreed in this case."""

    funder: Funder
    relationships: frozenset[Relationship]
    is_same_household_only: bool  # or else wherever they live
    from_on: date
    source: str


# Law as the sources read it; our reading of them is to be confirmed by somebody who knows it.
HOUSEHOLD_RULES: tuple[HouseholdRule, ...] = (
    HouseholdRule(
        funder=Funder.NHS,
        relationships=frozenset(
            {
                Relationship.PARTNER,
                Relationship.CLOSE_FAMILY,
                Relationship.OTHER_FAMILY,
                Relationship.FRIEND,
            }
        ),
        is_same_household_only=True,
        from_on=date(2013, 8, 1),
        source="SI 2013/1617 with SI 2013/2354 regs 3(2), 4 and SI 2017/219",
    ),
    HouseholdRule(
        funder=Funder.COUNCIL,
        relationships=frozenset({Relationship.PARTNER}),
        is_same_household_only=False,
        from_on=date(2015, 4, 1),
        source="Care and Support (Direct Payments) Regulations 2014, SI 2014/2871",
    ),
    HouseholdRule(
        funder=Funder.COUNCIL,
        relationships=frozenset({Relationship.CLOSE_FAMILY}),
        is_same_household_only=True,
        from_on=date(2015, 4, 1),
        source="Care and Support (Direct Payments) Regulations 2014, SI 2014/2871",
    ),
)


def funders_of(payer: str) -> frozenset[Funder]:
    """Return whose law counts for an item: of a joint one, both funders'."""
    return frozenset({Funder(payer)}) if payer in set(Funder) else frozenset(Funder)


def who_must_agree(
    relationship: Relationship,
    *,
    is_same_household: bool,
    funders: Iterable[Funder],
    on: date,
) -> frozenset[Funder]:
    """Return the funders of an item that pay this payee only if they have agreed to it."""
    asked = set(funders)
    return frozenset(
        rule.funder
        for rule in HOUSEHOLD_RULES
        if rule.funder in asked
        and relationship in rule.relationships
        and (is_same_household or not rule.is_same_household_only)
        and rule.from_on <= on
    )


class PayeeNotPayableError(Refusal):
    """The payee of an item cannot be paid yet."""


class PayeeUnknownError(PayeeNotPayableError):
    """Nobody has written down whom the plan's item means, or two have that name."""

    code = "payee_unknown"
    next_step = "Add the payee, or link the item to one that is here."

    def __init__(self) -> None:
        super().__init__("It is not known which account the payee of this item has.")


class PayeeNotConfirmedError(PayeeNotPayableError):
    """The details were seen by one person only."""

    code = "payee_not_confirmed"
    next_step = "Have a second person confirm the payee's details."

    def __init__(self) -> None:
        super().__init__("Nobody but who wrote the payee's details down has looked at them.")


class LinkNotConfirmedError(PayeeNotPayableError):
    """That the item is paid to this payee was said by one person only."""

    code = "link_not_confirmed"
    next_step = "Have a second person confirm to whom the item is linked."

    def __init__(self) -> None:
        super().__init__("Nobody but who linked the item to its payee has looked at that.")


class PayeeNotAgreedError(PayeeNotPayableError):
    """The payee is family or a friend whom a funder does not pay as a rule."""

    code = "payee_needs_agreement"
    next_step = "Record what the funder agreed, or have somebody else do it."

    def __init__(self) -> None:
        super().__init__("A funder pays family or friends like this payee only if it agreed.")


class PersonMissingError(Refusal):
    """Somebody who is no supplier is what they are to one person."""

    code = "person_missing"
    next_step = "Say whose assistant, nominee, relative or friend it is."


class DetailsChangedError(Refusal):
    """The details are not those that were looked at."""

    code = "details_changed"
    next_step = "Look at the details as they are now, and confirm those."


class PayeeOfAnotherError(Refusal):
    """The payee is known for another person than the one whose plan has the item."""

    code = "payee_of_another"
    next_step = "Link the item to a payee of this person, or to a supplier of everybody."


class LinkChangedError(Refusal):
    """The item is not linked to the payee that was looked at."""

    code = "link_changed"
    next_step = "Look up to whom the item is linked now, and confirm that."


class AgreementDatesError(Refusal):
    """An agreement would end before it begins."""

    code = "dates_wrong"
    next_step = "Let it end after the day on which it begins."


def see_that_it_has_days(*, from_on: date, until_on: date | None) -> None:
    """Look whether an agreement counts on some day.

    Raises:
        AgreementDatesError: it ends before it begins.
    """
    if until_on is not None and until_on <= from_on:
        raise AgreementDatesError("It would end before it begins.")


def see_that_it_is_theirs(payees_person_id: UUID | None, *, person_id: UUID) -> None:
    """Look whether a payee is the person's own, or a supplier of everybody.

    Raises:
        PayeeOfAnotherError: it is somebody else's.
    """
    if payees_person_id not in {None, person_id}:
        raise PayeeOfAnotherError("This payee is known for another person.")


def folded(words: str) -> str:
    """Return a name or a number as it is compared: without capitals, spaces and signs."""
    return "".join(sign for sign in words.casefold() if sign.isalnum())


def see_that_a_person_is_named(relationship: Relationship, *, has_person: bool) -> None:
    """Look whether it is said to whom somebody is what they are.

    Raises:
        PersonMissingError: it is not, and they are no supplier.
    """
    if relationship is not Relationship.SUPPLIER and not has_person:
        raise PersonMissingError("A payee like this belongs to one person.")
