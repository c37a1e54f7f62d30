"""Whether whoever was answered about somebody was written down."""

from collections.abc import Iterator, Mapping

from sqlalchemy import create_engine, text

from services.assessment.access import ACCESS as ASSESSMENT
from services.budget.access import ACCESS as BUDGET
from services.gateway.api import SUBJECTS
from services.notifications.access import ACCESS as NOTIFICATIONS
from services.payments.access import ACCESS as PAYMENTS

ABOUT_NOBODY = {
    f"{access.service}.{name}"
    for access in (ASSESSMENT, BUDGET, PAYMENTS, NOTIFICATIONS)
    for name in access.about_nobody
}
# Of nobody whom a service knows when it is asked, but of somebody when it is answered.
MAKES_A_PERSON = {"assessment.receive_referral"}
WRITTEN = "SELECT request_id, operation FROM audit_entries WHERE request_id <> ''"


def not_written_down(answered: Mapping[str, str], databases: Mapping[str, str]) -> Iterator[str]:
    """Name each operation that was answered, with a request of which there is no entry.

    A command that is said again with its key is answered from memory: nothing of anybody is read
    or written, and the first time was written down.

    Args:
        answered: the operations that were asked for, by the number of the request.
        databases: addresses, by service.
    """
    written = {
        (request_id, f"{service}.{name}")
        for service, address in databases.items()
        for request_id, name in _rows(address)
    }
    due = due_by_route()
    missing: dict[str, str] = {}
    for request_id, operation in answered.items():
        for one in due.get(operation, ()):
            if (request_id, one) not in written:
                missing.setdefault(one, request_id)
    yield from (f"{operation}, as in request {which}" for operation, which in missing.items())


def due_by_route() -> dict[str, set[str]]:
    """Return by the name of a route the operations behind it that are about somebody."""
    return {
        route.operation: set(route.operations) - (ABOUT_NOBODY - MAKES_A_PERSON)
        for subject in SUBJECTS
        for route in subject.routes
    }


def _rows(address: str) -> list[tuple[str, str]]:
    engine = create_engine(address)
    with engine.connect() as connection:
        rows = [(row.request_id, row.operation) for row in connection.execute(text(WRITTEN))]
    engine.dispose()
    return rows
