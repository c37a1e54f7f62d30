"""Statements to render: one small example of each, and any that Hypothesis thinks of."""

import csv
import hashlib
import io
import sys
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, get_type_hints
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st

from services.budget.accounts.rules import names_of_book
from services.budget.documents.documents import (
    AuditedJournal,
    AuditedPosting,
    AuditorStatement,
    Coming,
    Due,
    ExportedPosting,
    FunderStatement,
    ItemOfFunder,
    ItemOfPerson,
    JournalLine,
    JournalsExport,
    MoneyIn,
    PersonStatement,
    TrialBalanceLine,
)
from services.budget.funders.rules import FunderKind
from services.budget.renderings import rendering
from services.budget.renderings.rules import read, row_of

BUDGET_ID = UUID(int=0xB)
NHS = {
    "funder_id": UUID(int=0xA1),
    "funder_kind": FunderKind.NHS,
    "funder_name": "North ICB",
}
OTHER_NHS = {
    "funder_id": UUID(int=0xA2),
    "funder_kind": FunderKind.NHS,
    "funder_name": "South ICB",
}
COUNCIL = {
    "funder_id": UUID(int=0xC),
    "funder_kind": FunderKind.COUNCIL,
    "funder_name": "Borough Council",
}
SOMEBODY = {"funder_id": UUID(int=0xD), "funder_kind": FunderKind.PERSON, "funder_name": ""}
FUNDERS = (NHS, OTHER_NHS, COUNCIL, SOMEBODY)
ABOUT = {
    "as_of": date(2026, 11, 25),
    "known_at": datetime(2026, 11, 25, 16, 44, 30, 250_000, tzinfo=UTC),
    "starts_on": date(2026, 11, 1),
    "ends_on": date(2026, 12, 1),
}
PERSON = PersonStatement(
    **ABOUT,
    budget_id=BUDGET_ID,
    opening_pence=100_00,
    closing_pence=1_234_05,
    overspent_pence=0,
    set_aside_pence=34_05,
    left_pence=1_250_00,
    contribution_asked_pence=80_00,
    contribution_paid_pence=30_00,
    contribution_due_pence=50_00,
    money_in=(
        MoneyIn(**NHS, amount_pence=1_000_00),
        MoneyIn(**OTHER_NHS, amount_pence=200_00),
        MoneyIn(**SOMEBODY, amount_pence=30_00),
    ),
    items=(
        ItemOfPerson(
            item_id=UUID(int=1),
            description="Swimming",
            goal="To feel stronger",
            spent_pence=95_95,
            set_aside_pence=34_05,
        ),
    ),
    coming=(
        Coming(
            due_on=date(2026, 12, 3),
            description="Money for December",
            is_money_in=True,
            amount_pence=400_00,
        ),
    ),
)
FUNDER = FunderStatement(
    **ABOUT,
    **NHS,
    budget_id=BUDGET_ID,
    opening_pence=-5_00,
    paid_in_pence=100_00,
    charged_pence=0,
    spent_pence=20_10,
    otherwise_pence=-1_00,
    closing_pence=73_90,
    overspent_pence=0,
    held_pence=3_90,
    promised_pence=40_00,
    charge_due_pence=0,
    left_pence=110_00,
    items=(
        ItemOfFunder(
            budget_id=BUDGET_ID, item_id=UUID(int=1), description="Swimming", spent_pence=20_10
        ),
    ),
    dues=(
        Due(**OTHER_NHS, due_to_pence=0, due_from_pence=2_00),
        Due(**COUNCIL, due_to_pence=1_00, due_from_pence=0),
    ),
    lines=tuple(
        JournalLine(
            seq=seq,
            budget_id=BUDGET_ID,
            effective_on=date(2026, 11, seq),
            occurred_on=date(2026, 10, 31),
            kind=kind,
            reason=kind.title(),
            amount_pence=amount_pence,
            balance_pence=balance_pence,
        )
        for seq, kind, amount_pence, balance_pence in (
            (7, "contribution", 100_00, 95_00),
            (8, "capture", -20_10, 74_90),
            (9, "correction", -1_00, 73_90),
        )
    ),
)
JOURNAL = {
    "seq": 7,
    "journal_id": UUID(int=7),
    "budget_id": BUDGET_ID,
    "kind": "contribution",
    "source_id": UUID(int=5),
    "effective_on": date(2026, 11, 2),
    "occurred_on": date(2026, 11, 1),
    "recorded_at": datetime(2026, 11, 2, 9, 0, tzinfo=UTC),
    "actor": "nhs/finance",
    "reason": "Paid in",
}
POSTING = {
    "line": 1,
    **NHS,
    "debit_account": "paid_in",
    "credit_account": "available",
    "amount_pence": 100_00,
}
AUDITOR = AuditorStatement(
    **ABOUT,
    budget_id=None,
    trial_balance=(
        TrialBalanceLine(
            **NHS,
            account="paid_in",
            opening_pence=-50_00,
            debits_pence=100_00,
            credits_pence=0,
            closing_pence=-150_00,
        ),
        TrialBalanceLine(
            **NHS,
            account="available",
            opening_pence=50_00,
            debits_pence=0,
            credits_pence=100_00,
            closing_pence=150_00,
        ),
        *(
            TrialBalanceLine(
                **OTHER_NHS,
                account=account,
                opening_pence=pence,
                debits_pence=0,
                credits_pence=0,
                closing_pence=pence,
            )
            for account, pence in (("paid_out", -7_00), ("due_to E06000001", 7_00))
        ),
    ),
    journals=(
        AuditedJournal(
            **JOURNAL, metadata='{"bank_reference": "A1"}', seal_number=3, seal_hash="ab" * 32
        ),
    ),
    postings=(AuditedPosting(seq=7, **POSTING),),
)
EXPORT = JournalsExport(**ABOUT, budget_id=None, postings=(ExportedPosting(**JOURNAL, **POSTING),))
STATEMENTS = (PERSON, FUNDER, AUDITOR)

pence = st.integers(-(10**9), 10**9)
not_negative = st.integers(0, 10**9)
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))
instants = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
words |= st.text("=+-@'\t\r\n\",; 1A", max_size=6)
lists = {"max_size": 4}
WAYS = ("in", "charged", "out", "else")  # how a balance moves
unhurried = settings(deadline=None, max_examples=50)  # a statement takes long to think of


funders = st.sampled_from(FUNDERS)


@st.composite
def abouts(draw: st.DrawFn) -> dict[str, Any]:
    starts_on = draw(days)
    return {
        "as_of": draw(days),
        "known_at": draw(instants),
        "starts_on": starts_on,
        "ends_on": starts_on + timedelta(days=draw(st.integers(1, 400))),
    }


@st.composite
def person_statements(draw: st.DrawFn) -> PersonStatement:
    came = st.builds(lambda whose, amount: MoneyIn(**whose, amount_pence=amount), funders, pence)
    money_in = draw(st.lists(came, **lists))
    item = st.builds(
        ItemOfPerson,
        description=words,
        goal=words,
        spent_pence=pence,
        set_aside_pence=not_negative,
    )
    items = draw(st.lists(item, **lists))
    coming = st.builds(
        Coming, due_on=st.none() | days, description=words, amount_pence=not_negative
    )
    opening, overspent = draw(pence), draw(not_negative)
    asked, paid = draw(not_negative), draw(not_negative)
    closing = opening + sum(one.amount_pence for one in money_in)
    closing -= sum(one.spent_pence for one in items)
    set_aside = sum(one.set_aside_pence for one in items)
    return PersonStatement(
        **draw(abouts()),
        budget_id=draw(st.uuids()),
        opening_pence=opening,
        closing_pence=closing,
        overspent_pence=overspent,
        set_aside_pence=set_aside,
        left_pence=closing + overspent + asked - paid - set_aside,
        contribution_asked_pence=asked,
        contribution_paid_pence=paid,
        contribution_due_pence=asked - paid,
        money_in=tuple(money_in),
        items=tuple(items),
        coming=tuple(draw(st.lists(coming, **lists))),
    )


@st.composite
def funder_statements(draw: st.DrawFn) -> FunderStatement:
    opening, overspent, held = draw(pence), draw(not_negative), draw(not_negative)
    steps = draw(st.lists(st.tuples(st.sampled_from(WAYS), pence), **lists))
    lines, balance = [], opening
    for seq, (kind, amount_pence) in enumerate(steps):
        balance += amount_pence
        lines.append(
            JournalLine(
                seq=seq,
                budget_id=draw(st.uuids()),
                effective_on=draw(days),
                occurred_on=draw(days),
                kind=kind,
                reason=draw(words),
                amount_pence=amount_pence,
                balance_pence=balance,
            )
        )
    moved = {way: sum(amount for kind, amount in steps if kind == way) for way in WAYS}
    item = ItemOfFunder(
        budget_id=BUDGET_ID,
        item_id=UUID(int=1),
        description=draw(words),
        spent_pence=-moved["out"],
    )
    dues = st.builds(
        lambda whose, to, due_from: Due(**whose, due_to_pence=to, due_from_pence=due_from),
        *(funders, not_negative, not_negative),
    )
    promised, charge_due = draw(not_negative), draw(not_negative)
    return FunderStatement(
        **draw(abouts()),
        **draw(funders),
        budget_id=draw(st.none() | st.uuids()),
        opening_pence=opening,
        paid_in_pence=moved["in"],
        charged_pence=moved["charged"],
        spent_pence=-moved["out"],
        otherwise_pence=moved["else"],
        closing_pence=balance,
        overspent_pence=overspent,
        held_pence=held,
        promised_pence=promised,
        charge_due_pence=charge_due,
        left_pence=balance + overspent + promised + charge_due - held,
        items=(item,),
        dues=tuple(draw(st.lists(dues, **lists))),
        lines=tuple(lines),
    )


def accounts_of(whose: dict[str, Any]) -> list[str]:
    is_person = whose["funder_kind"] is FunderKind.PERSON
    codes = () if is_person else ("E06000001", "QHM01")
    return [name for _, name in names_of_book(whose["funder_kind"], counterparties=codes)]


@st.composite
def postings(draw: st.DrawFn) -> dict[str, Any]:
    whose = draw(funders)
    debit, credit = draw(st.permutations(accounts_of(whose)))[:2]
    return {
        "line": draw(st.integers(1, 9)),
        **whose,
        "debit_account": debit,
        "credit_account": credit,
        "amount_pence": draw(st.integers(1, 10**9)),
    }


@st.composite
def journals(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "seq": draw(st.integers(1, 10**12)),
        **{name: draw(st.uuids()) for name in ("journal_id", "budget_id", "source_id")},
        **{name: draw(days) for name in ("effective_on", "occurred_on")},
        **{name: draw(words) for name in ("kind", "actor", "reason")},
        "recorded_at": draw(instants),
    }


@st.composite
def auditor_statements(draw: st.DrawFn) -> AuditorStatement:
    posted = draw(
        st.lists(st.builds(lambda one: AuditedPosting(seq=1, **one), postings()), **lists)
    )
    lines = []
    for whose in FUNDERS:
        opening, names = draw(pence), accounts_of(whose)
        for name, opening_pence in zip(
            names, [opening, -opening, *[0] * (len(names) - 2)], strict=True
        ):
            own = [one for one in posted if one.funder_id == whose["funder_id"]]
            debits = sum(one.amount_pence for one in own if one.debit_account == name)
            credits_ = sum(one.amount_pence for one in own if one.credit_account == name)
            lines.append(
                TrialBalanceLine(
                    **whose,
                    account=name,
                    opening_pence=opening_pence,
                    debits_pence=debits,
                    credits_pence=credits_,
                    closing_pence=opening_pence + credits_ - debits,
                )
            )
    seals = st.sampled_from([(None, None), (3, "ab" * 32)])
    booked = st.builds(
        lambda journal, more, seal: AuditedJournal(
            **journal, metadata=more, seal_number=seal[0], seal_hash=seal[1]
        ),
        journals(),
        words,
        seals,
    )
    return AuditorStatement(
        **draw(abouts()),
        budget_id=draw(st.none() | st.uuids()),
        trial_balance=tuple(lines),
        journals=tuple(draw(st.lists(booked, **lists))),
        postings=tuple(posted),
    )


@st.composite
def exports(draw: st.DrawFn) -> JournalsExport:
    row = st.builds(
        lambda journal, posting: ExportedPosting(**journal, **posting), journals(), postings()
    )
    rows = draw(st.lists(row, **lists))
    return JournalsExport(**draw(abouts()), budget_id=None, postings=tuple(rows))


statements = person_statements() | funder_statements() | auditor_statements()


def table_of(text: bytes) -> list[dict[str, str]]:
    """The rows of a CSV, every one as long as its head."""
    rows = list(csv.reader(io.StringIO(text.decode(), newline=""), strict=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def from_csv(text: bytes, kind: type[Any]) -> Any:
    """The statement of which this is the CSV, read by what is written about the form alone."""
    rows = table_of(text)
    about = owner_of(rows[0], kind)
    for name, declared in get_type_hints(kind).items():
        if row := row_of(declared):
            about[name] = tuple(row(**owner_of(one, row)) for one in rows if one["part"] == name)
    return kind(**about)


def owner_of(cells: dict[str, str], kind: type[Any]) -> dict[str, Any]:
    declared = get_type_hints(kind)
    plain = (field.name for field in fields(kind) if row_of(declared[field.name]) is None)
    return {name: value_of(name, cells, declared[name]) for name in plain}


def value_of(name: str, cells: dict[str, str], declared: Any) -> Any:
    cell = cells[name]
    if name.endswith("_pence"):
        assert Decimal(cells[name.removesuffix("pence") + "pounds"]) * 100 == int(cell)
    if declared is bool:
        return {"true": True, "false": False}[cell]
    if declared is str:
        return cell.removeprefix("'")
    return None if cell == "" else read(cell, declared)


def digests() -> str:
    """What this process makes of every example, one hash a line."""
    rendered = [rendering.as_json(one) for one in (*STATEMENTS, EXPORT)]
    rendered += [rendering.as_csv(one) for one in (*STATEMENTS, EXPORT)]
    rendered += [rendering.as_pdf(one) for one in STATEMENTS]
    return "\n".join(hashlib.sha256(one).hexdigest() for one in rendered)


if __name__ == "__main__":
    sys.stdout.write(digests())
