"""What is on the pages of a person: the figures of a statement in the words of ``wording``."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from services.budget.documents.documents import Document, PersonStatement
from services.budget.funders.rules import FunderKind
from services.budget.pages import wording
from services.budget.printing.rules import Page, Section, Table, section
from shared.money import pounds


def day(on: date) -> str:
    """Return a day as people write it: ``25 November 2026``."""
    return f"{on.day} {wording.MONTHS[on.month - 1]} {on.year}"


def period(document: Document) -> str:
    """Return a half-open period with its last day in it: ``from 1 May 2026 to 31 May 2026``."""
    last = document.ends_on - timedelta(days=1)
    words = wording.ON_ONE_DAY if last == document.starts_on else wording.FROM_TO
    return words.format(first=day(document.starts_on), last=day(last))


def plain_amount(amount_pence: int) -> str:
    """Return an amount without a minus sign: ``minus £5.00``."""
    if amount_pence < 0:
        return wording.MINUS.format(amount=pounds(-amount_pence))
    return pounds(amount_pence)


def said(sentences: Sequence[str], **words: str) -> tuple[str, ...]:
    """Return sentences with their blanks filled in."""
    return tuple(sentence.format(**words) for sentence in sentences)


def foot(document: Document, *, budget_id: UUID | None) -> str:
    """Return what identifies a document on every sheet of it."""
    return wording.FOOT.format(
        about=about(budget_id),
        as_of=document.as_of.isoformat(),
        known_at=instant(document.known_at),
        schema=document.schema,
    )


def named(words: Mapping[FunderKind, str], *, kind: FunderKind, name: str) -> str:
    """Return what a funder is called: by its name, the person by a word for what they are."""
    return words[kind].format(name=name)


def about(budget_id: UUID | None) -> str:
    if budget_id is None:
        return wording.ALL_BUDGETS
    return wording.NUMBER_OF_BUDGET.format(budget_id=budget_id)


def instant(at: datetime) -> str:
    """Return an instant to the second: ``2026-11-25 16:44:30 UTC``."""
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def person_page(statement: PersonStatement) -> Page:
    """Return what a person is told about their budget."""
    as_of = day(statement.as_of)
    return Page(
        title=wording.PERSON_TITLE,
        sentences=said(wording.PERSON_OPENING, period=period(statement), as_of=as_of),
        sections=(
            _glance(statement),
            _money_in(statement),
            _spent(statement),
            _coming(statement),
            Section(heading=wording.OWN, sentences=_own(statement)),
            Section(heading=wording.WRONG, sentences=wording.WHAT_TO_DO),
        ),
        foot=foot(statement, budget_id=statement.budget_id),
        known_at=statement.known_at,
        letters_missing=wording.PERSON_LETTERS_MISSING,
    )


def _glance(statement: PersonStatement) -> Section:
    due = ((wording.TO_COME_FROM_YOU, statement.contribution_due_pence),)
    rows = (
        (wording.AT_THE_START, statement.opening_pence),
        (wording.CAME_IN, statement.money_in_pence),
        (wording.WAS_SPENT, statement.spent_pence),
        (wording.AT_THE_END, statement.closing_pence),
        (wording.SET_ASIDE, statement.set_aside_pence),
        *(due if statement.contribution_due_pence else ()),
        (wording.LEFT, statement.left_pence),
    )
    too_much = said(wording.TOO_MUCH, amount=pounds(statement.overspent_pence))
    return Section(
        heading=wording.GLANCE,
        sentences=too_much if statement.overspent_pence else (),
        table=Table(
            headings=wording.GLANCE_COLUMNS,
            rows=tuple((what, plain_amount(pence)) for what, pence in rows),
            amounts=1,
        ),
    )


def _money_in(statement: PersonStatement) -> Section:
    rows = tuple(
        (
            named(wording.WHO_PAID, kind=one.funder_kind, name=one.funder_name),
            plain_amount(one.amount_pence),
        )
        for one in statement.money_in
    )
    table = Table(headings=wording.MONEY_IN_COLUMNS, rows=rows, amounts=1)
    return section(
        wording.MONEY_IN, table, when_empty=wording.NO_MONEY_IN, sentences=(wording.MONEY_IN_NOTE,)
    )


def _spent(statement: PersonStatement) -> Section:
    """Leave the column for goals out where none is known: nobody hears an empty one."""
    has_goals = any(item.goal for item in statement.items)
    rows = tuple(
        (
            item.description,
            *([item.goal] if has_goals else []),
            plain_amount(item.spent_pence),
            plain_amount(item.set_aside_pence),
        )
        for item in statement.items
    )
    headings = wording.SPENT_COLUMNS if has_goals else wording.SPENT_COLUMNS_WITHOUT_GOALS
    table = Table(headings=headings, rows=rows, amounts=2)
    return section(
        wording.SPENT, table, when_empty=wording.NOTHING_SPENT, sentences=(wording.SPENT_NOTE,)
    )


def _coming(statement: PersonStatement) -> Section:
    rows = tuple(
        (
            day(one.due_on) if one.due_on else wording.NO_DAY,
            one.description,
            wording.COMES_IN if one.is_money_in else wording.GOES_OUT,
            plain_amount(one.amount_pence),
        )
        for one in statement.coming
    )
    table = Table(headings=wording.COMING_COLUMNS, rows=rows, amounts=1)
    return section(wording.COMING, table, when_empty=wording.NOTHING_COMING)


def _own(statement: PersonStatement) -> tuple[str, ...]:
    """Say what the person pays and what is still due, and that care goes on all the same."""
    asked, paid = statement.contribution_asked_pence, statement.contribution_paid_pence
    due = statement.contribution_due_pence
    if not asked and not paid:
        return wording.OWN_NOTHING
    so_far = said(wording.OWN_SO_FAR, asked=plain_amount(asked), paid=plain_amount(paid))
    if not due:
        return so_far + wording.OWN_ALL_PAID
    if due > 0:
        return so_far + said(wording.OWN_DUE, due=pounds(due))
    return so_far + said(wording.OWN_AHEAD, ahead=pounds(-due))
