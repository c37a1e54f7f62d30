"""The addresses of who looked."""

from services.gateway.access_log.schemas import AccessSchema
from services.gateway.merging import Merge, newest_first
from services.gateway.routes import read
from services.gateway.subjects import Subject

_EVERY_SERVICE = Merge(
    operations=(
        "assessment.access_log",
        "budget.access_log",
        "payments.access_log",
        "notifications.access_log",
    ),
    paged=newest_first,
    # That messages are held for somebody's safety is not told where they look themselves, or
    # whoever looks over their shoulder.
    unseen=frozenset(
        {
            "notifications.hold_for_safeguarding",
            "notifications.release_safeguarding_hold",
            "notifications.safeguarding_holds",
        }
    ),
    seen_by=frozenset({"auditor", "information_officer"}),
)

ACCESS_LOG = Subject(
    name="access log",
    says="Who looked at a person's record or changed it, in all services",
    routes=(
        read(
            "/me/access-log",
            "own_access_log",
            AccessSchema,
            "Who looked at your record, the newest first",
            is_list=True,
            fills={"person_id": "id"},
            merge=_EVERY_SERVICE,
        ),
        read(
            "/people/<uuid:person_id>/access-log",
            "access_log",
            AccessSchema,
            "Who looked at a person's record, the newest first",
            is_list=True,
            merge=_EVERY_SERVICE,
        ),
    ),
)
