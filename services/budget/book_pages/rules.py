"""What is on the pages of a funder and of an auditor."""

from datetime import timedelta
from uuid import UUID

from services.budget.documents.documents import (
    AuditedJournal,
    AuditedPosting,
    AuditorStatement,
    Document,
    Due,
    FunderStatement,
    JournalLine,
    TrialBalanceLine,
)
from services.budget.pages import wording
from services.budget.pages.rules import about, day, foot, instant, named, period, said
from services.budget.printing.rules import Page, Section, Table, section
from shared.money import pounds


def funder_page(statement: FunderStatement) -> Page:
    """Return one funder's own side."""
    return Page(
        title=named(wording.FUNDER_TITLE, kind=statement.funder_kind, name=statement.funder_name),
        sentences=_opening(statement, statement.budget_id),
        sections=(
            _summary(statement),
            _by_item(statement),
            _dues(statement),
            Section(heading=wording.JOURNALS, table=_lines(statement)),
        ),
        foot=foot(statement, budget_id=statement.budget_id),
        known_at=statement.known_at,
        letters_missing=wording.BOOKS_LETTERS_MISSING,
        is_wide=True,
    )


def _summary(statement: FunderStatement) -> Section:
    first, last = day(statement.starts_on), day(statement.ends_on - timedelta(days=1))
    rows = (
        (wording.OPENING_BALANCE.format(first=first), statement.opening_pence),
        (wording.PAID_IN, statement.paid_in_pence),
        (wording.CHARGED, statement.charged_pence),
        (wording.SPENT_NET, statement.spent_pence),
        (wording.OTHERWISE, statement.otherwise_pence),
        (wording.CLOSING_BALANCE.format(last=last), statement.closing_pence),
        (wording.OVERSPENT, statement.overspent_pence),
        (wording.HELD, statement.held_pence),
        (wording.PROMISED, statement.promised_pence),
        (wording.CHARGE_DUE, statement.charge_due_pence),
        (wording.LEFT_TO_SPEND, statement.left_pence),
    )
    table = Table(
        headings=wording.GLANCE_COLUMNS,
        rows=tuple((what, pounds(pence)) for what, pence in rows),
        amounts=1,
    )
    return Section(heading=wording.SUMMARY, sentences=(wording.SUMMARY_NOTE,), table=table)


def _by_item(statement: FunderStatement) -> Section:
    rows = tuple((item.description, pounds(item.spent_pence)) for item in statement.items)
    table = Table(headings=wording.BY_ITEM_COLUMNS, rows=rows, amounts=1)
    return section(wording.BY_ITEM, table, when_empty=wording.NO_ITEMS)


def _dues(statement: FunderStatement) -> Section:
    rows = tuple(
        (_called(due), pounds(due.due_to_pence), pounds(due.due_from_pence))
        for due in statement.dues
    )
    table = Table(headings=wording.DUES_COLUMNS, rows=rows, amounts=2)
    return section(wording.DUES, table, when_empty=wording.NO_DUES)


def _lines(statement: FunderStatement) -> Table:
    """Return the journals below the opening line, which is always there."""
    opening = ("", day(statement.starts_on), "", "", wording.OPENING_LINE, "")
    rows = [(*opening, pounds(statement.opening_pence)), *map(_line, statement.lines)]
    if statement.budget_id is not None:
        return Table(headings=wording.JOURNAL_COLUMNS, rows=tuple(rows), amounts=2)
    budgets = ["", *(str(line.budget_id) for line in statement.lines)]
    return Table(
        headings=(wording.BUDGET_COLUMN, *wording.JOURNAL_COLUMNS),
        rows=tuple((budget, *row) for budget, row in zip(budgets, rows, strict=True)),
        amounts=2,
    )


def _line(line: JournalLine) -> tuple[str, ...]:
    return (
        str(line.seq),
        day(line.effective_on),
        day(line.occurred_on),
        _word(line.kind),
        line.reason,
        pounds(line.amount_pence),
        pounds(line.balance_pence),
    )


def auditor_page(statement: AuditorStatement) -> Page:
    """Return everything that was booked, and that the books are in balance."""
    return Page(
        title=wording.AUDITOR_TITLE,
        sentences=_opening(statement, statement.budget_id),
        sections=(
            _trial_balance(statement),
            _journals(statement),
            _ids(statement),
            _postings(statement),
            _seals(statement),
        ),
        foot=foot(statement, budget_id=statement.budget_id),
        known_at=statement.known_at,
        letters_missing=wording.BOOKS_LETTERS_MISSING,
        is_wide=True,
    )


def _trial_balance(statement: AuditorStatement) -> Section:
    rows = tuple(
        (
            _called(line),
            _word(line.account),
            pounds(line.opening_pence),
            pounds(line.debits_pence),
            pounds(line.credits_pence),
            pounds(line.closing_pence),
        )
        for line in statement.trial_balance
    )
    table = Table(headings=wording.TRIAL_BALANCE_COLUMNS, rows=rows, amounts=4)
    note = (wording.TRIAL_BALANCE_NOTE,)
    return section(wording.TRIAL_BALANCE, table, when_empty=wording.NO_ACCOUNTS, sentences=note)


def _journals(statement: AuditorStatement) -> Section:
    rows = tuple(map(_audited, statement.journals))
    table = Table(headings=wording.AUDITED_COLUMNS, rows=rows)
    return section(wording.JOURNALS, table, when_empty=wording.NO_JOURNALS)


def _audited(journal: AuditedJournal) -> tuple[str, ...]:
    return (
        str(journal.seq),
        instant(journal.recorded_at),
        day(journal.effective_on),
        day(journal.occurred_on),
        _word(journal.kind),
        journal.actor,
        journal.reason,
        journal.metadata,
        wording.NOT_SEALED if journal.seal_number is None else str(journal.seal_number),
    )


def _ids(statement: AuditorStatement) -> Section:
    rows = tuple(
        (str(one.seq), str(one.journal_id), str(one.budget_id), str(one.source_id))
        for one in statement.journals
    )
    table = Table(headings=wording.IDS_COLUMNS, rows=rows)
    return section(wording.IDS, table, when_empty=wording.NO_JOURNALS)


def _postings(statement: AuditorStatement) -> Section:
    rows = tuple(
        (
            str(one.seq),
            str(one.line),
            _called(one),
            _word(one.debit_account),
            _word(one.credit_account),
            pounds(one.amount_pence),
        )
        for one in statement.postings
    )
    table = Table(headings=wording.POSTING_COLUMNS, rows=rows, amounts=1)
    return section(wording.POSTINGS, table, when_empty=wording.NO_POSTINGS)


def _seals(statement: AuditorStatement) -> Section:
    """Each seal once: its hash is long, and many journals share it."""
    hashes = {one.seal_number: one.seal_hash or "" for one in statement.journals if one.seal_number}
    rows = tuple((str(number), hashes[number]) for number in sorted(hashes))
    table = Table(headings=wording.SEAL_COLUMNS, rows=rows)
    return section(wording.SEALS, table, when_empty=wording.NO_SEALS)


def _opening(statement: Document, budget_id: UUID | None) -> tuple[str, ...]:
    return said(
        wording.BOOKS_OPENING,
        about=about(budget_id),
        period=period(statement),
        as_of=day(statement.as_of),
        known_at=instant(statement.known_at),
    )


def _called(one: Due | TrialBalanceLine | AuditedPosting) -> str:
    return named(wording.FUNDER_NAME, kind=one.funder_kind, name=one.funder_name)


def _word(kind: str) -> str:
    """Return a word of the books as people write it: ``paid in``."""
    return kind.replace("_", " ")
