"""The processes of the suite: the one table that the Procfile, the tests and the images follow.

Each of them answers HTTP on a port of its own, where it says whether it lives.
"""

from dataclasses import dataclass

SERVICES = ("assessment", "budget", "payments", "notifications", "partners")
EDGE = "gateway"  # calls the services; it has a database of its own, and neither inbox nor outbox
OURS = (*SERVICES, EDGE)  # each with a database; the others are simulators


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """One program that runs for as long as the suite does."""

    name: str
    owner: str  # the service or simulator whose settings and secrets it gets
    module: str  # run as ``python -m``
    arguments: tuple[str, ...]
    venv: str = ".venv"  # whose python runs it
    is_web: bool = False  # gunicorn takes its port as an argument, all others as a setting

    def command(self, *, port: int | None = None) -> tuple[str, ...]:
        """List the words after ``python``."""
        bind = ("--bind", f"127.0.0.1:{port}") if self.is_web and port is not None else ()
        return ("-m", self.module, *self.arguments, *bind)


def _runner(service: str) -> Process:
    """Answer the edge and listen to events."""
    module = "operations.runner"
    return Process(name=service, owner=service, module=module, arguments=(service,))


def _relay(service: str) -> Process:
    """Send what the outbox holds."""
    module = "operations.relay"
    return Process(name=f"{service}-relay", owner=service, module=module, arguments=(service,))


def _errands(service: str) -> Process:
    """Call the outside, outside every transaction."""
    module = "operations.errand_runner"
    return Process(name=f"{service}-errands", owner=service, module=module, arguments=(service,))


def _web(name: str, *, owner: str, app: str, threads: int) -> Process:
    """Answer HTTP: one worker, so that what a simulator keeps in memory is there for all."""
    options = ("--workers", "1", "--threads", str(threads), "--no-control-socket")
    arguments = (f"{app}:create_app()", *options)
    return Process(name=name, owner=owner, module="gunicorn", arguments=arguments, is_web=True)


PROCESSES = (
    *(_runner(service) for service in SERVICES),
    *(_relay(service) for service in SERVICES),
    _errands("payments"),
    _errands("notifications"),
    _errands("partners"),
    Process(
        name="partners-bridge", owner="partners", module="services.partners.bridge", arguments=()
    ),
    _web("payments-web", owner="payments", app="services.payments.web", threads=8),
    _web("notifications-web", owner="notifications", app="services.notifications.web", threads=8),
    Process(name="partners-mesh", owner="partners", module="services.partners.mesh", arguments=()),
    _web(EDGE, owner=EDGE, app="services.gateway.app", threads=16),
    _web("card-issuer", owner="card-issuer", app="simulators.card_issuer.app", threads=16),
    _web("notify", owner="notify", app="simulators.notify.app", threads=16),
    _web("nhs-notify", owner="nhs-notify", app="simulators.nhs_notify.app", threads=16),
    _web("mail", owner="mail", app="simulators.mail.app", threads=8),
    _web("bank", owner="bank", app="simulators.bank.app", threads=16),
    Process(
        name="mesh",
        owner="mesh",
        module="simulators.mesh.serve",
        arguments=(),
        venv=".venv-mesh",
    ),
    _web("trust", owner="trust", app="simulators.trust.app", threads=16),
    _web("council", owner="council", app="simulators.council.app", threads=16),
    _web("identity", owner="identity", app="simulators.identity.app", threads=16),
)
BY_NAME = {process.name: process for process in PROCESSES}
