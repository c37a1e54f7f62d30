"""The two servers of a stack: where they live, and how they come up."""

import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

from deploy.local import broker, postgres, recorded
from deploy.local.environments import Environments
from deploy.local.errors import StackError, not_ready
from deploy.local.paths import StackPaths
from deploy.local.ports import EDGE_METRICS
from deploy.local.state import State
from deploy.local.system_users import SystemUser, owner_of
from deploy.local.waiting import wait_until

POSTGRES, BROKER, EPMD = "postgres", "rabbitmq", "epmd"
NAMES = (POSTGRES, EPMD, BROKER)
# In this order; SIGINT is PostgreSQL's fast shutdown, which does not wait for its clients.
STOP_SIGNALS = {POSTGRES: signal.SIGINT, BROKER: signal.SIGTERM, EPMD: signal.SIGTERM}
# Two of them are of programs that have one already: the mail server answers SMTP beside HTTP, and
# the gateway tells its metrics apart from what it answers everybody.
PORTS = (
    "postgres",
    "broker",
    "broker-management",
    "broker-distribution",
    "epmd",
    "mail-smtp",
    EDGE_METRICS,
)
PATIENCE_SECONDS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Servers:
    """PostgreSQL and RabbitMQ of one stack."""

    paths: StackPaths
    cluster: postgres.Cluster
    node: broker.Node

    @classmethod
    def of(cls, paths: StackPaths, *, state: State, environments: Environments) -> "Servers":
        """Find the servers where the state says they are."""
        ports, keys = environments.ports, environments.keys
        cluster = postgres.Cluster(
            home=Path(state.postgres_home),
            port=ports["postgres"],
            superuser_password=keys["postgres"],
        )
        node = broker.Node(
            home=Path(state.broker_home),
            name=state.node_name,
            port=ports["broker"],
            management_port=ports["broker-management"],
            distribution_port=ports["broker-distribution"],
            epmd_port=ports["epmd"],
            password=keys["broker/deploy"],
            cookie=keys["erlang_cookie"],
            token_key=keys["broker_tokens/public_key"],
        )
        return cls(paths=paths, cluster=cluster, node=node)

    def begin_broker(self) -> None:
        """Start the node behind its own epmd; it needs some seconds before it is ready."""
        if not broker.SERVER.exists():
            raise StackError("RabbitMQ is not installed.", next_step="Run: make setup")
        self.node.configure()
        user, environment = owner_of(self.node.home), self.node.environment()
        self._begin(EPMD, self.node.epmd_command(), environment=environment, user=user)
        self._wait_for(EPMD, self.node.epmd_is_ready)
        self._begin(BROKER, [str(broker.SERVER)], environment=environment, user=user)

    def wait_for_broker(self) -> None:
        """Wait until the node takes work."""
        self._wait_for(BROKER, self.node.is_ready)

    def start_postgres(self, *, passwords: Mapping[str, str]) -> None:
        """Start the cluster; the first time, make it and the services' databases."""
        self.cluster.prepare()
        user, environment = owner_of(self.cluster.home), {"PATH": os.defpath, "LANG": "C.UTF-8"}
        if not self.cluster.is_made:
            command = self.cluster.making_command()
            self._run("initdb", command, environment=environment, user=user)
        self._begin(POSTGRES, self.cluster.command(), environment=environment, user=user)
        self._wait_for(POSTGRES, self.cluster.is_ready)
        if not self.cluster.is_made:
            login = {**passwords, "PGPASSWORD": self.cluster.superuser_password}
            self._run("psql", self.cluster.databases_command(), environment=environment | login)
            self.cluster.note_that_it_is_made()

    def _run(
        self,
        name: str,
        command: list[str],
        *,
        environment: Mapping[str, str],
        user: SystemUser | None = None,
    ) -> None:
        """Run a program that must end well."""
        if self._begin(name, command, environment=environment, user=user).wait() != 0:
            raise not_ready(name, log=self.paths.log(name))
        self.paths.record(name).unlink()

    def _begin(
        self,
        name: str,
        command: list[str],
        *,
        environment: Mapping[str, str],
        user: SystemUser | None,
    ) -> Popen[bytes]:
        return recorded.begin(
            command,
            record=self.paths.record(name),
            log=self.paths.log(name),
            environment={**environment, recorded.STACK_MARK: str(self.paths.stack)},
            working_directory=Path("/"),  # every user may be there
            user=user,
        )

    def _wait_for(self, name: str, is_ready: Callable[[], bool]) -> None:
        record = self.paths.record(name)

        def is_decided() -> bool:
            return has_ended() or is_ready()

        def has_ended() -> bool:
            return not recorded.is_running(record)

        in_time = wait_until(is_decided, patience_seconds=PATIENCE_SECONDS)
        if has_ended() or not in_time:
            raise not_ready(name, log=self.paths.log(name))
