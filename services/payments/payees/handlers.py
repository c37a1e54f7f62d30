"""Writing payees down."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.payments.limits import rules as limit_rules
from services.payments.payees import accounts, rules
from services.payments.payees.accounts import Account
from services.payments.payees.commands import AddPayee, AgreePayee, ChangePayeeDetails
from services.payments.payees.models import Payee, PayeeAgreement
from shared.errors import IdReusedError, NotFoundError
from shared.trace import Trace


def add_payee(command: AddPayee, *, session: Session, trace: Trace) -> Mapping[str, object]:
    """Keep a payee, once for each ``payee_id``; nothing is paid until somebody else confirms it.

    Raises:
        PersonMissingError: it is not said whose it is.
        IdReusedError: ``payee_id`` is another's.
    """
    rules.see_that_a_person_is_named(command.relationship, has_person=command.person_id is not None)
    known = session.get(Payee, command.payee_id)
    if known is not None:
        _see_that_it_is_the_same(known, command)
        return answer_about(known)
    account = Account(sort_code=command.sort_code, account_number=command.account_number)
    payee = Payee(
        payee_id=command.payee_id,
        name=command.name,
        name_key=rules.folded(command.name),
        person_id=command.person_id,
        relationship=command.relationship,
        is_same_household=command.is_same_household,
        sealed_account=accounts.seal(account, payee_id=command.payee_id, version=1),
        details_version=1,
        details_by=command.added_by,
        details_at=trace.at,
    )
    session.add(payee)
    return answer_about(payee)


def change_payee_details(
    command: ChangePayeeDetails, *, session: Session, trace: Trace
) -> Mapping[str, object]:
    """Keep another account of a payee; nothing is paid until somebody else confirms it.

    Raises:
        NotFoundError: there is no such payee.
    """
    payee = locked(session, command.payee_id)
    account = Account(sort_code=command.sort_code, account_number=command.account_number)
    if payee.account() != account:
        payee.details_version += 1
        payee.sealed_account = accounts.seal(
            account, payee_id=payee.payee_id, version=payee.details_version
        )
        payee.confirmed_by = payee.confirmed_at = None
        payee.details_by, payee.details_at = command.changed_by, trace.at
    return answer_about(payee)


def agree_payee(command: AgreePayee, *, session: Session, trace: Trace) -> Mapping[str, object]:
    """Keep a funder's agreement, once for each ``agreement_id``.

    Raises:
        NotFoundError: there is no such payee.
        SamePersonError: whoever wrote the details down does not agree to them, nor for two funders.
        AgreementDatesError: it would count on no day.
        IdReusedError: another agreement has this id.
    """
    payee = locked(session, command.payee_id)
    limit_rules.see_that_two_decide(asked_by=payee.details_by, decided_by=command.agreed_by)
    for earlier in _agreed_for_others(command, session=session):
        limit_rules.see_that_two_decide(asked_by=earlier, decided_by=command.agreed_by)
    rules.see_that_it_has_days(from_on=command.from_on, until_on=command.until_on)
    asked = {name: getattr(command, name) for name in command.__slots__}
    known = session.get(PayeeAgreement, command.agreement_id)
    if known is None:
        session.add(PayeeAgreement(recorded_at=trace.at, **asked))
    elif any(getattr(known, name) != value for name, value in asked.items()):
        raise IdReusedError("Another agreement has this id.")
    return {"agreement_id": command.agreement_id}


def _agreed_for_others(command: AgreePayee, *, session: Session) -> Sequence[UUID]:
    """Return who agreed to this payee for another funder: each speaks for one."""
    others = select(PayeeAgreement.agreed_by).where(
        PayeeAgreement.payee_id == command.payee_id, PayeeAgreement.funder != command.funder
    )
    return session.scalars(others).all()


def locked(session: Session, payee_id: UUID) -> Payee:
    """Return a payee that nobody else changes meanwhile.

    Raises:
        NotFoundError: there is none.
    """
    payee = session.get(Payee, payee_id, with_for_update=True, populate_existing=True)
    if payee is None:
        raise NotFoundError("There is no such payee.", payee_id=str(payee_id))
    return payee


def answer_about(payee: Payee) -> Mapping[str, object]:
    return {
        "payee_id": payee.payee_id,
        "details_version": payee.details_version,
        "is_confirmed": payee.is_confirmed,
    }


def _see_that_it_is_the_same(known: Payee, command: AddPayee) -> None:
    asked = (command.name, command.person_id, command.relationship, command.is_same_household)
    is_same = asked == (known.name, known.person_id, known.relationship, known.is_same_household)
    account = Account(sort_code=command.sort_code, account_number=command.account_number)
    if not is_same or (known.details_version == 1 and known.account() != account):
        raise IdReusedError("Another payee has this id.")
