"""A document in JSON, in CSV and on paper: the same bytes whenever and wherever it is made.

**JSON** is canonical: sorted keys, no spaces, UTF-8, one line. Amounts are whole pence.

**CSV** follows RFC 4180, in UTF-8 without a byte order mark. An amount has two columns,
``…_pounds`` with two decimals and ``…_pence``. A statement is one table: the first column,
``part``, names what a row belongs to (``statement`` for the statement itself, or the list), and a
column that a part does not have is empty. The export is flat: one row for each posting, with

=========================  ====================================================================
``seq``                    the journal's number in the order of writing
``journal_id``             the same for all postings of a journal
``budget_id``              whose money
``kind``, ``source_id``    what happened, and to which contribution or purchase
``effective_on``           the day it counts for in the books
``occurred_on``            the day it happened
``recorded_at``            when it was written, UTC
``actor``, ``reason``      who wrote it and why
``line``                   the posting's number in its journal
``funder_id``              whose book
``funder_kind``            ``nhs``, ``council`` or ``person``
``funder_name``            the organisation's; empty for the person
``debit_account``          the account that is debited, by its name: ``due_to E06000001``
``credit_account``         the account that is credited
``amount_pounds``          always above zero
``amount_pence``           the same in whole pence
``schema``                 the form of this table and its version
``as_of``, ``known_at``    the last day that counts, and the instant until which was recorded
=========================  ====================================================================
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any, TypeVar, get_type_hints

from services.budget.book_pages.rules import auditor_page, funder_page
from services.budget.documents.documents import (
    AuditorStatement,
    Document,
    FunderStatement,
    JournalsExport,
    PersonStatement,
)
from services.budget.pages.rules import person_page
from services.budget.printing import press
from services.budget.renderings.rules import member, neutral, pounds_cell, read, row_of, written

Known = TypeVar("Known", bound=Document)
ITSELF = "statement"  # the part that a statement's own row belongs to
PENCE = "_pence"
IN_EVERY_ROW = ("schema", "as_of", "known_at")


class SchemaUnknownError(Exception):
    """The JSON is of another document, or of another version of it."""


def as_json(document: Document) -> bytes:
    """Return the only JSON that a document has."""
    members = {"schema": document.schema, **_members(document)}
    text = json.dumps(members, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return f"{text}\n".encode()


def from_json(text: bytes, kind: type[Known]) -> Known:
    """Return the document of which ``text`` is the JSON: what was published is printed later.

    Raises:
        SchemaUnknownError: it is not of this kind and version.
        DocumentDoesNotAddUpError: somebody changed a figure.
    """
    members = json.loads(text)
    if members.pop("schema") != kind.schema:
        raise SchemaUnknownError(kind.schema)
    return _made(members, kind)


def as_csv(document: Document) -> bytes:
    """Return the only CSV that a document has."""
    rows = list(_flat(document) if isinstance(document, JournalsExport) else _parts(document))
    columns = list(dict.fromkeys(column for _, cells in rows for column in cells))
    out = io.StringIO(newline="")
    table = csv.DictWriter(out, columns, restval="", lineterminator="\r\n")
    table.writeheader()
    table.writerows(cells for is_row, cells in rows if is_row)
    return out.getvalue().encode()


def as_pdf(statement: PersonStatement | FunderStatement | AuditorStatement) -> bytes:
    """Return a statement as tagged PDF; the export, which is for machines, has none."""
    if isinstance(statement, PersonStatement):
        return press.printed(person_page(statement))
    if isinstance(statement, FunderStatement):
        return press.printed(funder_page(statement))
    return press.printed(auditor_page(statement))


def _members(owner: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in fields(owner):
        value = getattr(owner, field.name)
        is_list = isinstance(value, tuple)
        found[field.name] = [_members(row) for row in value] if is_list else member(value)
    return found


def _made(members: Mapping[str, Any], kind: type[Any]) -> Any:
    found: dict[str, Any] = {}
    declared = get_type_hints(kind)
    for name, value in members.items():
        row = row_of(declared[name])
        found[name] = (
            tuple(_made(one, row) for one in value) if row else read(value, declared[name])
        )
    return kind(**found)


def _parts(document: Document) -> Iterator[tuple[bool, dict[str, str]]]:
    """Each row of a statement, and an empty one of each list: its columns are always there."""
    yield True, {"part": ITSELF, "schema": document.schema, **_cells(document)}
    for name, row in _lists(type(document)):
        yield False, dict.fromkeys(_columns(row), "")
        for one in getattr(document, name):
            yield True, {"part": name, **_cells(one)}


def _flat(export: JournalsExport) -> Iterator[tuple[bool, dict[str, str]]]:
    about = {"schema": export.schema, **_cells(export)}
    repeated = {column: about[column] for column in IN_EVERY_ROW}
    for _, row in _lists(type(export)):
        yield False, dict.fromkeys((*_columns(row), *IN_EVERY_ROW), "")
    for posting in export.postings:
        yield True, {**_cells(posting), **repeated}


def _lists(kind: type[Document]) -> list[tuple[str, type]]:
    rows = ((name, row_of(declared)) for name, declared in get_type_hints(kind).items())
    return [(name, row) for name, row in rows if row is not None]


def _columns(row: type[Any]) -> Iterator[str]:
    for field in fields(row):
        yield from _columns_of(field.name)


def _columns_of(name: str) -> tuple[str, ...]:
    return (f"{name.removesuffix(PENCE)}_pounds", name) if name.endswith(PENCE) else (name,)


def _cells(owner: Any) -> dict[str, str]:
    cells: dict[str, str] = {}
    for field in fields(owner):
        value = getattr(owner, field.name)
        if not isinstance(value, tuple):
            cells.update(zip(_columns_of(field.name), _texts(field.name, value), strict=True))
    return cells


def _texts(name: str, value: Any) -> tuple[str, ...]:
    if name.endswith(PENCE):
        return pounds_cell(value), str(value)
    return (neutral(value) if type(value) is str else written(value),)
