"""The whole suite with a keeper that starts again what ends, and doors into its servers."""

import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, create_engine, text

from deploy.local import broker, health, recorded, supervisor
from deploy.local.paths import CHECKOUT
from deploy.local.ports import LOOPBACK
from deploy.local.processes import BY_NAME, PROCESSES, SERVICES
from deploy.local.servers import BROKER, POSTGRES, Servers
from deploy.local.stack import Stack
from deploy.local.system_users import owner_of
from deploy.local.waiting import wait_until
from shared import clock
from shared.messaging.publisher import connect
from tests.chaos.proxy import Proxy
from tests.probe.control import control

OURS = tuple(process.name for process in PROCESSES if process.owner in SERVICES)
SANDBOX = "mesh"
OUTSIDE = tuple(process.name for process in PROCESSES if process.owner not in SERVICES)
WAITING = {  # in which states a row waits for its time
    "outbox": ["pending"],
    "inbox": ["retry"],
    "errands": ["waiting", "calling", "unknown"],
}
KEEPER_PAUSE_SECONDS = 0.05
PATIENCE_SECONDS = 60


class Program:
    """One process of the suite: started again, by the keeper, whenever it ends."""

    def __init__(self, name: str, house: "House") -> None:
        self.name = name
        self.statuses: Counter[int] = Counter()  # with which it ended, and how often
        self.last_status: int | None = None
        self.module: str | None = None  # stands in for its own, in a test of the tests
        self._house = house
        self._armed: dict[str, str] = {}
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._is_wanted = True

    def keep(self) -> None:
        """Start it if it does not run."""
        with self._lock:
            if self._process is not None:
                status = self._process.poll()
                if status is None:
                    return
                self.last_status = status
                self.statuses[status] += 1
            self._process = None
            if self._is_wanted:
                self._begin()

    def restart(self) -> None:
        """Let it end in order, and wait until the next one runs."""
        former = self._process
        self.send(signal.SIGTERM)
        assert wait_until(
            lambda: self._process not in {former, None}, patience_seconds=PATIENCE_SECONDS
        ), self.name

    @contextmanager
    def down(self) -> Iterator[None]:
        """Keep it from running for a while."""
        self._is_wanted = False
        self.end(signal.SIGTERM)
        try:
            yield
        finally:
            self._is_wanted = True

    def arm(self, crash: str) -> None:
        """Start it anew with a crash point; when that was passed, it runs without."""
        with self._lock:
            self.end(signal.SIGTERM)
            self._armed = {"COMMONPURSE_CRASH": crash}
            self._begin()
            self._armed = {}

    def send(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)

    def end(self, number: signal.Signals) -> None:
        """End it and wait until it has ended."""
        self.send(number)
        if self._process is not None:
            self._process.wait(PATIENCE_SECONDS)

    def open_files(self) -> int:
        """Count what it has open; of one that does not run, nothing."""
        try:
            return len(list(Path(f"/proc/{self._process.pid}/fd").iterdir()))
        except (AttributeError, OSError):
            return 0

    def _begin(self) -> None:
        stack, ports = self._house.stack, self._house.ports
        words = list(BY_NAME[self.name].command(port=ports.get(self.name)))
        if self.module is not None:
            words[1] = self.module
        environment = {
            **supervisor.program_environment(stack.paths),
            **self._house.environment(self.name),
            **self._armed,
        }
        python = str(CHECKOUT / BY_NAME[self.name].venv / "bin" / "python")
        with stack.paths.log(self.name).open("ab") as log:
            python = CHECKOUT / BY_NAME[self.name].venv / "bin" / "python"
            self._process = subprocess.Popen(
                [python, *words], cwd=CHECKOUT, env=environment, stdout=log, stderr=log
            )


class House:
    """The servers of a stack, the suite's programs, and a proxy before each server."""

    def __init__(self, name: str) -> None:
        self.stack = Stack.named(name)
        self.programs = {process.name: Program(process.name, self) for process in PROCESSES}
        self.proxies: dict[str, Proxy] = {}
        self._engines: dict[str, Engine] = {}
        self._is_over = threading.Event()
        self._keeper = threading.Thread(target=self._keep, daemon=True)

    @contextmanager
    def open(self) -> Iterator["House"]:
        """Start everything, and end it all afterwards."""
        self.stack.start(fresh=True, processes=False, clock_starts_at=clock.next_tuesday_at_ten())
        try:
            self.ports: Mapping[str, int] = self.stack._state().ports
            self.proxies = {name: Proxy(self.ports[name]) for name in ("broker", "postgres")}
            self.prepare()
            self._keeper.start()
            yield self
        finally:
            self._is_over.set()
            if self._keeper.is_alive():
                self._keeper.join()
            for program in self.programs.values():
                program.send(signal.SIGKILL)
            for engine in self._engines.values():
                engine.dispose()
            self.stack.stop(politely=False)

    def prepare(self) -> None:
        """Do what must be done before the programs start; here nothing."""

    def environment(self, name: str) -> dict[str, str]:
        """What a program gets: its servers are behind the proxies."""
        variables = self.stack.process_environment(name)
        if name == SANDBOX:  # it is no gunicorn: its port is a setting
            variables["COMMONPURSE_HEALTH_PORT"] = str(self.ports[SANDBOX])
        for server, proxy in self.proxies.items():
            here, there = f"{LOOPBACK}:{self.ports[server]}/", f"{LOOPBACK}:{proxy.port}/"
            variables = {key: value.replace(here, there) for key, value in variables.items()}
        # GOV.UK Notify tells a receipt again after five minutes each; here that passes faster.
        return {**variables, "NOTIFY_CALLBACK_RETRY_SECONDS": "20"}

    def database(self, service: str) -> Engine:
        """A service's database as its server's administrator sees it, past the proxy."""
        if service not in self._engines:
            url = self.stack.administrator_environment()["COMMONPURSE_DATABASE_URL"]
            address = url.rpartition("/")[0]
            self._engines[service] = create_engine(f"{address}/{service}", pool_pre_ping=True)
        return self._engines[service]

    def execute(self, service: str, sql: str, **values: object) -> None:
        with self.database(service).begin() as connection:
            connection.execute(text(sql), values)

    def rows(self, service: str, sql: str, **values: object) -> list:
        with self.database(service).connect() as connection:
            return list(connection.execute(text(sql), values))

    def publish(self, exchange: str, routing_key: str, message: object) -> None:
        """Publish as the broker's administrator."""
        url = self.stack.topology_environment()["COMMONPURSE_BROKER_MANAGEMENT_URL"]
        password = url.split("@")[0].rpartition(":")[2]
        address = f"{LOOPBACK}:{self.ports['broker']}/commonpurse"
        connection = connect(f"amqp://deploy:{password}@{address}", name="chaos")
        channel = connection.channel()
        channel.confirm_select()
        channel.basic_publish_confirm(message, exchange, routing_key)
        connection.close()

    def hurry(self) -> None:
        """Let the time pass for which something would wait: delays, backoffs and leases."""
        for service in SERVICES:
            for table, states in WAITING.items():
                self.execute(
                    service,
                    f"UPDATE {table} SET next_attempt_at = clock_timestamp()"  # noqa: S608 - ours
                    " WHERE next_attempt_at > clock_timestamp() AND state = ANY(:states)",
                    states=states,
                )

    # The servers

    def kill_broker(self) -> None:
        recorded.end([self.stack.paths.record(BROKER)], first=signal.SIGKILL)

    def start_broker(self) -> None:
        servers = self._servers()
        user, environment = owner_of(servers.node.home), servers.node.environment()
        servers._begin(BROKER, [str(broker.SERVER)], environment=environment, user=user)
        servers.wait_for_broker()

    def control_broker(self, *command: str) -> None:
        control(self.stack, *command)

    def stop_postgres(self) -> None:
        """Stop at once, as ``pg_ctl -m immediate`` does: the next start has to recover."""
        recorded.end([self.stack.paths.record(POSTGRES)], first=signal.SIGQUIT)

    def start_postgres(self) -> None:
        self._servers().start_postgres(passwords={})

    def _servers(self) -> Servers:
        state = self.stack._state()
        environments = self.stack._environments(state)
        return Servers.of(self.stack.paths, state=state, environments=environments)

    def _keep(self) -> None:
        while not self._is_over.wait(KEEPER_PAUSE_SECONDS):
            for program in self.programs.values():
                program.keep()

    def wait_until_ready(
        self, names: tuple[str, ...] = OURS, *, patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        """Wait until the programs answer, each in its own way."""
        environment = self.stack.environment()
        for name in self.programs.keys() & {*OUTSIDE, *names}:
            if BY_NAME[name].is_web or name == SANDBOX:
                port = self.ports[name]
                assert wait_until(
                    lambda port=port: health.answers_http(port), patience_seconds=patience_seconds
                ), name
            elif name in SERVICES:
                assert wait_until(
                    lambda name=name: health.answers_calls(name, environment=environment),
                    patience_seconds=patience_seconds,
                ), name


def pause(seconds: float) -> None:
    """Let the faults have their time: what chaos waits for is time itself."""
    time.sleep(seconds)
