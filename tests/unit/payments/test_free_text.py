"""No operation of payments takes a card number in anything that somebody can write freely."""

import inspect

import pytest
from marshmallow import fields

from services.payments.service import PaymentsService
from services.payments.settlement.rules import UnreadableFileError
from services.payments.settlement.wire import COLUMNS, rows_of

# The networks' own test numbers; the shorter ones fit where the longer do not.
NUMBERS = (
    "4242 4242 4242 4242",
    "4242424242424242",
    "378282246310005",
    "36227206271667",
    "4222222222222",
)
ELSEWHERE = {
    "import_settlement.file",  # its columns are looked at one by one, below
    "open_tasks.role",  # a filter, which is only compared and never kept
}


def forms():
    """Return the form of each operation, from the service's own table."""
    return {
        name: inspect.getclosurevars(method).nonlocals["answer"].keywords["schema"]
        for name, method in vars(PaymentsService).items()
        if "answer" in getattr(getattr(method, "__code__", None), "co_freevars", ())
    }


def free_texts(form, *, wrap=lambda said: said):
    """Yield the path of each text in a form, with how a document has it there."""
    for name, field in form.fields.items():
        yield from _texts(name, field, lambda said, name=name: wrap({name: said}))


def _texts(path, field, wrap):
    if isinstance(field, fields.List):
        yield from _texts(f"{path}.0", field.inner, lambda said: wrap([said]))
    elif isinstance(field, fields.Nested):
        for inner, document in free_texts(field.schema, wrap=wrap):
            yield f"{path}.{inner}", document
    elif isinstance(field, fields.Dict | fields.Raw) and type(field) in {fields.Dict, fields.Raw}:
        pytest.fail(f"{path} takes anything at all")
    elif isinstance(field, fields.String) and not isinstance(field, fields.UUID):
        yield path, wrap


TEXTS = [
    (f"{operation}.{path}", form, path, wrap)
    for operation, form in forms().items()
    for path, wrap in free_texts(form)
    if f"{operation}.{path}" not in ELSEWHERE
]


def at(messages, path):
    for step in path.split("."):
        messages = messages.get(int(step) if step.isdigit() else step, {})
    return messages


def test_the_services_table_is_read():
    operations = set(forms())

    assert {"request_purchase", "open_dispute", "ask_upload", "close_card"} <= operations
    assert {"request_purchase.instruction", "ask_upload.lines.0.description"} <= {
        name for name, *_ in TEXTS
    }


@pytest.mark.parametrize(
    ("form", "path", "wrap"), [one[1:] for one in TEXTS], ids=[one[0] for one in TEXTS]
)
def test_each_text_of_each_form_refuses_a_card_number_by_its_field(form, path, wrap):
    for number in NUMBERS:
        messages = form.validate(wrap(number))

        assert at(messages, path), f"{path} takes {number}"
        assert number not in str(messages)


A_ROW = ("ipi_1", "iauth_1", "ic_1", "capture", "-3500", "gbp", "2026-11-26", "0")


@pytest.mark.parametrize("column", COLUMNS[:3])
@pytest.mark.parametrize("number", NUMBERS)
def test_a_settlement_file_with_a_card_number_is_refused_by_line_and_column(column, number):
    cells = {**dict(zip(COLUMNS, A_ROW, strict=True)), column: number}
    file = ",".join(COLUMNS) + "\n" + ",".join(cells.values()) + "\n"

    with pytest.raises(UnreadableFileError) as refusal:
        list(rows_of(file))

    assert refusal.value.details == {"line": 2, "column": column}
    assert number not in refusal.value.message
