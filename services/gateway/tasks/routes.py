"""The address of open tasks."""

from services.gateway.merging import Merge, by_due_date
from services.gateway.routes import read
from services.gateway.subjects import Subject
from services.gateway.tasks.schemas import TaskSchema

TASKS = Subject(
    name="tasks",
    says="What waits for somebody, from all services",
    routes=(
        read(
            "/tasks",
            "tasks",
            TaskSchema,
            "What waits for your role, about people you work with, what is due first at the head",
            is_list=True,
            fills={"role": "role"},
            merge=Merge(
                operations=(
                    "assessment.open_tasks",
                    "payments.open_tasks",
                    "notifications.open_tasks",
                ),
                paged=by_due_date,
            ),
        ),
    ),
)
