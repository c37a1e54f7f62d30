"""Nobody is paid whose details two people have not looked at."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from services.payments.approvals.payees import confirm_link, confirm_payee, link_payee
from services.payments.holds import queries
from services.payments.holds import subscribers as holds
from services.payments.limits.rules import SamePersonError
from services.payments.overview.queries import purchase as look_up
from services.payments.payees import accounts, rules
from services.payments.payees.commands import (
    AgreePayee,
    ChangePayeeDetails,
    ConfirmLink,
    ConfirmPayee,
    LinkPayee,
)
from services.payments.payees.handlers import add_payee, agree_payee, change_payee_details
from services.payments.payees.models import ItemPayee, Payee, PayeeAgreement
from services.payments.payees.queries import payees
from services.payments.payees.rules import Funder, Relationship
from services.payments.payees.schemas import AddPayeeForm
from services.payments.purchases.states import PurchaseState
from services.payments.requesting.handlers import request_purchase
from services.payments.transfers.commands import RecordInvoice
from services.payments.transfers.handlers import record_invoice
from shared.contracts.sealing import BrokenSealError
from shared.errors import IdReusedError, NotFoundError, NotKnownYetError
from tests.factories import TUESDAY_AT_TEN
from tests.integration.payments import facts

SOMEBODY, ANOTHER = uuid4(), uuid4()


@pytest.fixture
def waiting(known_plan, ask, carry_out, hear):
    """Hold money for a payee whom nobody has written down; returns plan and purchase."""

    def hold(rail="bacs", **changed):
        plan = known_plan(facts.an_item(rail=rail, **changed), with_payees=False)
        command = ask(plan)
        carry_out(request_purchase, command)
        hear(holds.hold_placed, facts.placed(command.purchase_id))
        return plan, command.purchase_id

    return hold


@pytest.fixture
def add(carry_out):
    def add_one(**changed):
        command = facts.a_payee(**{"added_by": SOMEBODY, **changed})
        carry_out(add_payee, command)
        return command.payee_id

    return add_one


@pytest.fixture
def confirm(carry_out):
    def confirm_one(payee_id, *, version=1, by=ANOTHER):
        command = ConfirmPayee(payee_id=payee_id, details_version=version, confirmed_by=by)
        return carry_out(confirm_payee, command)

    return confirm_one


@pytest.mark.parametrize("rail", ["bacs", "invoice"])
def test_a_purchase_waits_until_its_payee_is_confirmed(
    *, waiting, add, confirm, now, errands, told, transaction, rail
):
    plan, purchase_id = waiting(rail)

    def waits_for():
        with transaction() as session:
            shown = look_up(purchase_id, session=session)["waits_for"]
        return shown and shown["code"]

    assert waits_for() == "payee_unknown"
    payee_id = add(person_id=plan.person_id)
    assert waits_for() == "payee_not_confirmed"
    assert now(purchase_id).state is PurchaseState.REQUESTED
    assert errands("order_transfer") == []

    for _ in range(2):
        confirm(payee_id)

    assert waits_for() is None
    assert now(purchase_id).opened_at is not None
    assert len(errands("order_transfer")) == (rail == "bacs")
    (raised,) = told("exception_raised")
    assert (raised["kind"], raised["role"]) == ("payee_to_confirm", "finance_officer")
    assert len(told("exception_resolved")) == 1


def test_who_wrote_the_details_down_does_not_confirm_them(waiting, add, confirm, errands):
    plan, _ = waiting()
    payee_id = add(person_id=plan.person_id)

    with pytest.raises(SamePersonError):
        confirm(payee_id, by=SOMEBODY)

    assert errands("order_transfer") == []


def change(payee_id, *, account_number="87654321", by=ANOTHER):
    return ChangePayeeDetails(
        payee_id=payee_id, sort_code="200000", account_number=account_number, changed_by=by
    )


def test_changed_details_are_confirmed_again_by_another_than_who_changed_them(
    *, waiting, add, confirm, carry_out, errands
):
    plan, _ = waiting()
    payee_id = add(person_id=plan.person_id)
    answers = [carry_out(change_payee_details, change(payee_id)) for _ in range(2)]
    assert [answer["details_version"] for answer in answers] == [2, 2]

    with pytest.raises(rules.DetailsChangedError):
        confirm(payee_id, version=1, by=uuid4())
    with pytest.raises(SamePersonError):
        confirm(payee_id, version=2, by=ANOTHER)
    confirm(payee_id, version=2, by=SOMEBODY)

    (order,) = errands("order_transfer")
    opened = accounts.unseal(order["sealed_account"], payee_id=payee_id, version=2)
    assert opened.account_number == "87654321"


def test_a_change_after_the_confirmation_stops_the_next_invoice(
    *, waiting, add, confirm, carry_out, errands
):
    plan, purchase_id = waiting("invoice")
    payee_id = add(person_id=plan.person_id)
    confirm(payee_id)
    carry_out(change_payee_details, change(payee_id))
    invoice = RecordInvoice(purchase_id=purchase_id, invoice_number="1", amount_pence=1)

    with pytest.raises(rules.PayeeNotPayableError) as refused:
        carry_out(record_invoice, invoice)

    assert refused.value.code == "payee_not_confirmed"
    assert errands("order_transfer") == []


def test_no_row_and_no_errand_shows_an_account(waiting, add, confirm, errands, transaction):
    plan, _ = waiting()
    confirm(add(person_id=plan.person_id))

    with transaction() as session:
        rows = session.scalars(text("SELECT payees::text FROM payees")).all()
        (shown,) = payees(plan.person_id, session=session)
    assert shown["account"] == "ends in 78"
    for place in (*rows, str(errands("order_transfer")), str(shown)):
        assert "12345678" not in place
        assert "200000" not in place


def test_an_account_in_anothers_place_does_not_open():
    account = accounts.Account(sort_code="200000", account_number="12345678")
    payee_id = uuid4()
    sealed = accounts.seal(account, payee_id=payee_id, version=1)

    assert accounts.unseal(sealed, payee_id=payee_id, version=1) == account
    for place in ({"payee_id": uuid4(), "version": 1}, {"payee_id": payee_id, "version": 2}):
        with pytest.raises(BrokenSealError):
            accounts.unseal(sealed, **place)


def a_confirmed(link, *, by=ANOTHER):
    return ConfirmLink(item_id=link.item_id, payee_id=link.payee_id, confirmed_by=by)


def test_two_payees_of_one_name_wait_for_two_people_to_say_which(
    *, waiting, add, confirm, carry_out, errands, transaction
):
    plan, purchase_id = waiting()
    for payee_id in [add(person_id=None), add(person_id=None)]:
        confirm(payee_id)
    assert errands("order_transfer") == []

    link = LinkPayee(item_id=plan.items[0].item_id, payee_id=payee_id, linked_by=SOMEBODY)
    for _ in range(2):
        assert not carry_out(link_payee, link)["is_link_confirmed"]
    with transaction() as session:
        assert look_up(purchase_id, session=session)["waits_for"]["code"] == "link_not_confirmed"
    with pytest.raises(SamePersonError):
        carry_out(confirm_link, a_confirmed(link, by=SOMEBODY))
    assert errands("order_transfer") == []

    for _ in range(2):
        assert carry_out(confirm_link, a_confirmed(link))["is_link_confirmed"]

    (order,) = errands("order_transfer")
    assert (order["payee_id"], order["reference"]) == (str(payee_id), str(purchase_id))
    with transaction() as session:
        items = [one["items"] for one in payees(None, session=session)]
    said = {"item_id": link.item_id, "linked_by": SOMEBODY, "confirmed_by": ANOTHER}
    assert sorted(items, key=len) == [[], [said]]


def test_a_link_that_was_confirmed_and_is_changed_is_confirmed_again(
    *, waiting, add, confirm, carry_out, errands
):
    plan, purchase_id = waiting("invoice")
    first, second = add(person_id=plan.person_id), add(person_id=None, name="Another")
    for payee_id in (first, second):
        confirm(payee_id)
    link = LinkPayee(item_id=plan.items[0].item_id, payee_id=first, linked_by=SOMEBODY)
    carry_out(link_payee, link)
    carry_out(confirm_link, a_confirmed(link))

    carry_out(link_payee, replace(link, payee_id=second))

    invoice = RecordInvoice(purchase_id=purchase_id, invoice_number="1", amount_pence=1)
    with pytest.raises(rules.LinkNotConfirmedError):
        carry_out(record_invoice, invoice)
    with pytest.raises(rules.LinkChangedError):
        carry_out(confirm_link, a_confirmed(link))
    assert errands("order_transfer") == []


def test_an_item_is_not_linked_to_a_payee_of_another_person(
    *, waiting, add, confirm, carry_out, count
):
    plan, _ = waiting()
    payee_id = add(person_id=uuid4())
    confirm(payee_id)
    link = LinkPayee(item_id=plan.items[0].item_id, payee_id=payee_id, linked_by=SOMEBODY)

    with pytest.raises(rules.PayeeOfAnotherError):
        carry_out(link_payee, link)
    with pytest.raises(rules.PayeeOfAnotherError):
        carry_out(confirm_link, a_confirmed(link))

    assert count(ItemPayee) == 0


def test_no_link_is_confirmed_that_nobody_made(waiting, add, carry_out):
    plan, _ = waiting()
    link = ConfirmLink(
        item_id=plan.items[0].item_id, payee_id=add(person_id=None), confirmed_by=ANOTHER
    )

    with pytest.raises(rules.LinkChangedError):
        carry_out(confirm_link, link)


def test_an_item_that_is_not_here_yet_or_no_payee_is_not_linked(add, carry_out):
    with pytest.raises(NotKnownYetError):
        carry_out(
            link_payee,
            LinkPayee(item_id=uuid4(), payee_id=add(person_id=None), linked_by=SOMEBODY),
        )
    with pytest.raises(NotFoundError):
        carry_out(link_payee, LinkPayee(item_id=uuid4(), payee_id=uuid4(), linked_by=SOMEBODY))


def test_a_relative_in_the_household_is_paid_only_where_every_funder_has_agreed(
    *, waiting, add, confirm, carry_out, errands, transaction
):
    plan, purchase_id = waiting()
    payee_id = add(
        person_id=plan.person_id,
        relationship=Relationship.CLOSE_FAMILY,
        is_same_household=True,
    )
    confirm(payee_id)
    with transaction() as session:
        assert look_up(purchase_id, session=session)["waits_for"]["code"] == (
            "payee_needs_agreement"
        )
    first = AgreePayee(
        agreement_id=uuid4(),
        payee_id=payee_id,
        funder=Funder.NHS,
        agreed_by=ANOTHER,
        reason="Nobody else speaks the language",
        from_on=TUESDAY_AT_TEN.date(),
        until_on=None,
    )
    for _ in range(2):
        carry_out(agree_payee, first)
    with transaction() as session:
        assert queries.waiting_for_payee(TUESDAY_AT_TEN, session=session) == []

    second = replace(first, agreement_id=uuid4(), funder=Funder.COUNCIL)
    with pytest.raises(SamePersonError):  # each funder has somebody of its own
        carry_out(agree_payee, second)
    with transaction() as session:
        assert queries.waiting_for_payee(TUESDAY_AT_TEN, session=session) == []
    carry_out(agree_payee, replace(second, agreed_by=uuid4()))

    with transaction() as session:
        (found,) = queries.waiting_for_payee(TUESDAY_AT_TEN, session=session)
    assert found.purchase_id == purchase_id
    assert errands("order_transfer") == []
    with pytest.raises(IdReusedError):
        carry_out(agree_payee, replace(first, reason="Another"))
    ended = replace(first, agreement_id=uuid4(), until_on=first.from_on - timedelta(days=1))
    with pytest.raises(rules.AgreementDatesError):
        carry_out(agree_payee, ended)


def test_who_wrote_the_details_down_does_not_agree_that_they_are_paid(add, carry_out, count):
    payee_id = add(relationship=Relationship.CLOSE_FAMILY, person_id=uuid4())
    agreement = AgreePayee(
        agreement_id=uuid4(),
        payee_id=payee_id,
        funder=Funder.NHS,
        agreed_by=SOMEBODY,
        reason="Nobody else speaks the language",
        from_on=TUESDAY_AT_TEN.date(),
        until_on=None,
    )

    with pytest.raises(SamePersonError):
        carry_out(agree_payee, agreement)

    assert count(PayeeAgreement) == 0


def test_a_payee_is_added_once(add, carry_out, count):
    command = facts.a_payee(added_by=SOMEBODY)
    for _ in range(2):
        carry_out(add_payee, command)

    assert count(Payee) == 1
    for changed in ({"name": "Another"}, {"account_number": "11111111"}):
        with pytest.raises(IdReusedError):
            carry_out(add_payee, replace(command, **changed))


def test_an_assistant_belongs_to_somebody(carry_out, count):
    with pytest.raises(rules.PersonMissingError):
        carry_out(add_payee, facts.a_payee(relationship=Relationship.ASSISTANT, person_id=None))

    assert count(Payee) == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sort_code", "20-00-0"),
        ("sort_code", "twenty"),
        ("sort_code", ""),
        ("account_number", "1234567"),
        ("account_number", "00000000"),
        ("account_number", "123456789"),
        ("name", ""),
        ("relationship", "neighbour"),
    ],
)
def test_details_in_another_form_are_refused_by_field(field, value):
    document = {
        "payee_id": str(uuid4()),
        "name": "Riding School",
        "relationship": "supplier",
        "sort_code": "20-00-00",
        "account_number": "1234 5678",
        "added_by": str(uuid4()),
    }
    assert AddPayeeForm().load(document).account_number == "12345678"

    assert AddPayeeForm().validate({**document, field: value}).keys() == {field}
