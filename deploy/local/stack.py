"""A whole stack under ``var/<name>``: servers, topology, tables and processes."""

import re
import shutil
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from deploy.local import keys, ports, preparation, recorded, state, steps, supervisor
from deploy.local.environments import Environments
from deploy.local.errors import StackError
from deploy.local.lock import StackLock
from deploy.local.paths import VAR, StackPaths
from deploy.local.processes import PROCESSES, SERVICES
from deploy.local.servers import BROKER, NAMES, STOP_SIGNALS, Servers
from deploy.local.state import State
from services.partners.agreements.rules import Agreement

NAME = re.compile(r"[a-z][a-z0-9-]{0,19}")
HONCHO_PATIENCE_SECONDS = 15  # it gives its processes five of them before it kills


class Row(NamedTuple):
    """One line of ``status``."""

    process: str
    state: str
    pid: str
    address: str
    log: str


class Stack:
    """One stack; the object that starts it holds its lock until it stops it, or ends."""

    def __init__(
        self, name: str, *, var: Path = VAR, say: Callable[[str], None] | None = None
    ) -> None:
        if NAME.fullmatch(name) is None or name == "log":
            raise StackError(
                f"{name!r} cannot be the name of a stack.",
                next_step="Take small letters, digits and hyphens, a letter first, 20 at most.",
            )
        self.name = name
        self.paths = StackPaths.of(name, var=var.resolve())
        self._say = say or (lambda _line: None)
        self._lock = StackLock(self.paths.lock)

    @classmethod
    def named(cls, name: str, *, say: Callable[[str], None] | None = None) -> "Stack":
        """Name the stack of this checkout that lives in ``var/<name>``."""
        return cls(name, say=say)

    def start(
        self,
        *,
        fresh: bool = False,
        processes: bool = True,
        clock_starts_at: datetime | None = None,
        settings: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        """Start the stack; what an earlier run of it left running is ended first.

        Args:
            fresh: begin with empty databases and an empty broker, not with those of last time.
            processes: without them only the servers run, with queues and tables in place.
            clock_starts_at: what the suite's clock shows at the start; without it a fresh
                stack has the real time, and any other goes on from its former setting.
            settings: by process, what it gets beside its own settings or in place of them, for
                this start: the limits of a gateway that is to be asked more than people ask.

        Raises:
            StackBusyError: another command is at work on it.
            StackError: something would not start; nothing of the stack is left running.
        """
        self._take_lock()
        if not fresh and self.is_running() and self._state().with_processes >= processes:
            return
        try:
            with self._in_clear_words():
                self._end_everything(politely=not fresh)
                if fresh or not self.exists():
                    self._empty()
                self._start(
                    processes=processes, clock_starts_at=clock_starts_at, settings=settings or {}
                )
        except BaseException:
            self._end_everything(politely=not fresh)
            self._lock.give_back()
            raise

    def stop(self, *, politely: bool = True) -> None:
        """End exactly what was started.

        Args:
            politely: let RabbitMQ shut down in order, which takes it six seconds. Otherwise it
                ends at once, as in a power cut: what it had confirmed is there at a later start
                all the same. PostgreSQL always shuts down in order.
        """
        self._take_lock()
        try:
            with self._in_clear_words():
                self._end_everything(politely=politely)
        finally:
            self._lock.give_back()

    def remove(self) -> None:
        """Stop it and remove its data and logs."""
        self.stop(politely=False)
        self._empty()
        shutil.rmtree(self.paths.stack, ignore_errors=True)
        shutil.rmtree(self.paths.logs, ignore_errors=True)

    def is_running(self) -> bool:
        """Whether all of it was started to the end and still runs."""
        current = state.load(self.paths.state)
        if current is None or not current.is_ready:
            return False
        return all(recorded.is_running(self.paths.record(name)) for name in _names(current))

    def exists(self) -> bool:
        """Whether there is data of an earlier start."""
        return state.load(self.paths.state) is not None

    def environment(self) -> dict[str, str]:
        """Give a person or a program at the edge what it needs to use the stack."""
        return self._environments(self._state()).of_edge()

    def process_environment(self, name: str) -> dict[str, str]:
        """Give the process ``name`` its own secrets, and no others; its port it keeps to itself."""
        return self._environments(self._state()).of_process(name)

    def migration_environment(self, service: str) -> dict[str, str]:
        """Give a program what it needs to change a service's tables."""
        return self._environments(self._state()).of_migrations(service)

    def administrator_environment(self) -> dict[str, str]:
        """Give a benchmark what it needs to read the database server's statistics."""
        return self._environments(self._state()).of_administrator()

    def topology_environment(self) -> dict[str, str]:
        """Give a program what it needs to declare queues and users on the broker."""
        return self._environments(self._state()).of_topology()

    def partner_hosts_environment(self) -> dict[str, str]:
        """Return the settings of the tool for partners' virtual hosts."""
        return self._environments(self._state()).of_partner_hosts()

    def token_signing_key(self) -> str:
        """Return what signs tokens for partners' systems: RSA, PEM in base64."""
        return keys.load_or_make(self.paths.keys)["broker_tokens/private_key"]

    def partner_environment(self, agreement: Agreement) -> dict[str, str]:
        """Return the settings of a partner's system: how it reaches its virtual host."""
        return self._environments(self._state()).of_partner(agreement)

    def outside_places(self) -> list[Path]:
        """Directories of this stack that had to lie outside the checkout."""
        current = state.load(self.paths.state)
        return [] if current is None else current.outside(self.paths.stack)

    def status(self) -> list[Row]:
        """Each process, whether it runs, and where it answers."""
        current = state.load(self.paths.state)
        return [] if current is None else [self._row(name, current) for name in _names(current)]

    # Starting

    def _start(
        self,
        *,
        processes: bool,
        clock_starts_at: datetime | None,
        settings: Mapping[str, Mapping[str, str]],
    ) -> None:
        current = preparation.prepare(self.paths, clock_starts_at=clock_starts_at)
        current.with_processes = processes
        current.save(self.paths.state)
        environments = self._environments(current)
        servers = Servers.of(self.paths, state=current, environments=environments)
        with self._step("PostgreSQL"):
            servers.begin_broker()  # it takes longer: let it boot meanwhile
            servers.start_postgres(passwords=environments.of_database_roles())
        with self._step("RabbitMQ"):
            servers.wait_for_broker()
        with self._step("queues and tables"):
            steps.run(steps.preparation(environments), paths=self.paths)
        supervisor.write_environment(self.paths, "edge", environments.of_edge())
        if processes:
            with self._step("services and simulators"):
                self._start_processes(environments, settings)
        current.is_ready = True
        current.save(self.paths.state)

    def _start_processes(
        self, environments: Environments, settings: Mapping[str, Mapping[str, str]]
    ) -> None:
        # Here and not above: a stack must be stoppable while the suite itself does not import.
        from deploy.local import health  # noqa: PLC0415

        supervisor.start(self.paths, environments=environments, settings=settings)
        for name in (process.name for process in PROCESSES):
            answers = partial(health.answers_http, environments.ports[name])
            supervisor.wait_for(name, answers, paths=self.paths)
        edge = environments.of_edge()
        for service in SERVICES:
            answers = partial(health.answers_calls, service, environment=edge)
            supervisor.wait_for(service, answers, paths=self.paths)
        for name in (process.name for process in PROCESSES):
            runs = partial(recorded.is_running, self.paths.record(name))
            supervisor.wait_for(name, runs, paths=self.paths)

    @contextmanager
    def _step(self, what: str) -> Iterator[None]:
        started_at = time.monotonic()
        yield
        self._say(f"{what:<24} ready {time.monotonic() - started_at:5.1f} s")

    # Ending

    def _end_everything(self, *, politely: bool = True) -> None:
        """End what the records name: what uses the servers first, the servers last."""
        # honcho passes the signal on, once, and waits for its processes.
        honcho = self.paths.record(supervisor.NAME)
        recorded.end([honcho], patience_seconds=HONCHO_PATIENCE_SECONDS)
        servers = {name: self.paths.record(name) for name in STOP_SIGNALS}
        recorded.end(path for path in self.paths.records() if path not in servers.values())
        for name, in_order in STOP_SIGNALS.items():
            number = signal.SIGKILL if name == BROKER and not politely else in_order
            recorded.end([servers[name]], first=number, patience_seconds=30)
        recorded.end_marked(str(self.paths.stack))
        current = state.load(self.paths.state)
        if current is not None and current.is_ready:
            current.is_ready = False
            current.save(self.paths.state)

    def _empty(self) -> None:
        """Remove what the last start made; the lock, and what others put here, stay."""
        for place in self.outside_places():
            shutil.rmtree(place, ignore_errors=True)
        for name in ("postgres", "broker", "wake", "receipts", "pids", "env", "secrets"):
            if (self.paths.stack / name).exists():
                shutil.rmtree(self.paths.stack / name)
        shutil.rmtree(self.paths.logs, ignore_errors=True)
        self.paths.procfile.unlink(missing_ok=True)
        self.paths.state.unlink(missing_ok=True)

    # Looking

    def _state(self) -> State:
        current = state.load(self.paths.state)
        if current is None:
            raise StackError(
                f"The stack {self.name!r} was never started.", next_step="Start it: make up"
            )
        return current

    def _environments(self, current: State) -> Environments:
        return Environments(
            ports=current.ports,
            keys=keys.load_or_make(self.paths.keys),
            wake_directory=current.wake_directory,
            receipts_directory=str(self.paths.receipts),
            clock_offset_seconds=current.clock_offset_seconds,
        )

    def _row(self, name: str, current: State) -> Row:
        record, log = self.paths.record(name), self.paths.log(name)
        identity = recorded.read(record)
        runs = identity is not None and identity.is_running()
        port = current.ports.get({"rabbitmq": "broker"}.get(name, name))
        return Row(
            process=name,
            state="running" if runs else "stopped",
            pid=str(identity.pid) if runs and identity is not None else "",
            address=f"{ports.LOOPBACK}:{port}" if port is not None else "",
            log=str(log) if log.exists() else "",
        )

    def _take_lock(self) -> None:
        with self._in_clear_words():
            self._lock.take()

    @contextmanager
    def _in_clear_words(self) -> Iterator[None]:
        try:
            yield
        except PermissionError as error:
            raise StackError(
                f"The stack {self.name!r} belongs to another user: {error}.",
                next_step="Run the command as that user, or remove the stack as that user.",
            ) from error


def _names(current: State) -> tuple[str, ...]:
    """List what runs when this stack does."""
    if not current.with_processes:
        return NAMES
    return (*NAMES, supervisor.NAME, *(process.name for process in PROCESSES))
