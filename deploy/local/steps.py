"""Programs that run once and end, before the processes start: the topology, the migrations."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from deploy.local import recorded
from deploy.local.environments import Environments
from deploy.local.errors import not_ready
from deploy.local.paths import CHECKOUT, StackPaths
from deploy.local.processes import OURS
from deploy.local.supervisor import program_environment


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One program that must end well."""

    name: str
    arguments: Sequence[str]  # after ``python -m``
    environment: Mapping[str, str]


def preparation(environments: Environments) -> list[Step]:
    """List what must be done before a process can start; each stands for itself."""
    topology = Step(
        name="topology",
        arguments=("shared.messaging.topology", "apply"),
        environment=environments.of_topology(),
    )
    partner_hosts = Step(
        name="partner-hosts",
        arguments=("operations.partner_hosts", "apply"),
        environment=environments.of_partner_hosts(),
    )
    migrations = (
        Step(
            name=f"migrations-{service}",
            arguments=("shared.migrations", "upgrade", service),
            environment=environments.of_migrations(service),
        )
        for service in OURS
    )
    return [topology, partner_hosts, *migrations]


def run(steps: Sequence[Step], *, paths: StackPaths) -> None:
    """Run all of them at the same time.

    Raises:
        StackError: one of them ended badly.
    """
    children = {
        step.name: recorded.begin(
            [sys.executable, "-m", *step.arguments],
            record=paths.record(step.name),
            log=paths.log(step.name),
            environment={**program_environment(paths), **step.environment},
            working_directory=CHECKOUT,
        )
        for step in steps
    }
    codes = {name: child.wait() for name, child in children.items()}
    for name, code in codes.items():
        paths.record(name).unlink()
        if code != 0:
            raise not_ready(name, log=paths.log(name))
