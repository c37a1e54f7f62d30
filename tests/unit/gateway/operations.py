"""The forms of all operations, as the services themselves have them."""

from functools import partial

from marshmallow import Schema

from services.assessment.service import AssessmentService
from services.budget.service import BudgetService
from services.notifications.service import NotificationsService
from services.partners.service import PartnersService
from services.payments.service import PaymentsService

SERVICES = (
    AssessmentService,
    BudgetService,
    PaymentsService,
    NotificationsService,
    PartnersService,
)


def forms() -> dict[str, Schema]:
    """Return by its name the form of every command and query of every service."""
    return {
        f"{service.name}.{name}": form
        for service in SERVICES
        for name, line in vars(service).items()
        if (form := _form(line)) is not None
    }


def _form(line: object) -> Schema | None:
    """Return what a line of a service's table of contents takes; none: it is no operation."""
    for cell in getattr(line, "__closure__", None) or ():
        if isinstance(cell.cell_contents, partial):
            return cell.cell_contents.keywords.get("schema")
    return None
