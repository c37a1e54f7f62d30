"""Tools for people on duty, run on a stack with the settings that they need."""

import argparse
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress

from deploy.local.paths import CHECKOUT
from deploy.local.processes import SERVICES
from deploy.local.stack import Stack
from deploy.local.supervisor import program_environment


def topology(stack: Stack, words: Sequence[str]) -> int:
    """Run the tool for the topology as the one who deploys; without words, show the difference.

    Raises:
        StackError: the stack was never started.
    """
    environment = stack.topology_environment()
    return _run(stack, environment, "shared.messaging.topology", *(words or ["plan"]))


def partner_hosts(stack: Stack, words: Sequence[str]) -> int:
    """Run the tool for partners' virtual hosts; without words, show how the broker differs.

    Raises:
        StackError: the stack was never started.
    """
    environment = stack.partner_hosts_environment()
    return _run(stack, environment, "operations.partner_hosts", *(words or ["plan"]))


def verify(stack: Stack, words: Sequence[str]) -> int:
    """Recompute the whole ledger from its rows, as budget's role, which may only read them.

    Raises:
        StackError: the stack was never started.
    """
    environment = stack.process_environment("budget")
    return _run(stack, environment, "services.budget.verify", *words)


def verify_access(stack: Stack, words: Sequence[str]) -> int:
    """See of every service that who looked at whose record stands as it was written.

    As the roles of the services, which may only read that.

    Raises:
        StackError: the stack was never started.
    """
    return max(_access_of(service, stack, words) for service in SERVICES)


def _access_of(service: str, stack: Stack, words: Sequence[str]) -> int:
    sys.stdout.write(f"{service}: ")
    sys.stdout.flush()
    environment = stack.process_environment(service)
    return _run(stack, environment, "operations.access_logs", *words)


def reconcile(stack: Stack, words: Sequence[str]) -> int:
    """Import the issuer's settlement file of a day, as payments' role.

    Raises:
        StackError: the stack was never started.
    """
    environment = stack.process_environment("payments")
    return _run(stack, environment, "services.payments.reconcile", *words)


def export(stack: Stack, words: Sequence[str]) -> int:
    """Write all that payments knows of a person to files, as payments' role.

    Raises:
        StackError: the stack was never started.
    """
    environment = stack.process_environment("payments")
    return _run(stack, environment, "services.payments.export", *words)


def dead_letters(stack: Stack, words: Sequence[str]) -> int:
    """Run that tool as the service that ``words`` name; without words, list every service's.

    Raises:
        StackError: the stack was never started.
    """
    if not words:
        return max(_run_as(service, stack, ["list", "--service", service]) for service in SERVICES)
    return _run_as(_named_in(words), stack, words)


def _named_in(words: Sequence[str]) -> str:
    """Find the service; where none is named, any will do for the tool to say so."""
    asked = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    asked.add_argument("--service", choices=SERVICES, default=SERVICES[0])
    with suppress(argparse.ArgumentError):
        return str(asked.parse_known_args(words)[0].service)
    return SERVICES[0]


def _run_as(service: str, stack: Stack, words: Sequence[str]) -> int:
    environment = stack.process_environment(service)
    return _run(stack, environment, "shared.messaging.deadletters", *words)


def _run(stack: Stack, environment: Mapping[str, str], module: str, *words: str) -> int:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", module, *words],
        cwd=CHECKOUT,
        env={**program_environment(stack.paths), **environment},
        check=False,
    ).returncode
