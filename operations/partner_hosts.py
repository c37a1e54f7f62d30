"""Partners' virtual hosts: brings a broker to what the partners' files say.

plan: print how the broker differs. check: the same, and fail if it does. apply: bring the broker
to the files, and fail if something of theirs is missing. The virtual host of a partner whose file
is gone is removed when all its queues are empty; until then it is named, and stops nobody.
password CODE: print a partner's password, to be handed over by another way than its address;
another one comes with another password_number in its file.
address CODE: print a partner's whole address on this broker, its password in it: for a test host.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

import requests

from operations.topology import KINDS, Broker, Difference, compare
from services.partners import hosts
from services.partners.agreements.rules import HOST_PREFIX, Agreement
from services.partners.register import PartnerFileError, Register
from shared import settings
from shared.contracts import organisations

_COMMAND = "python -m operations.partner_hosts"
ADDRESS = "PARTNERS_BROKER_ADDRESS"  # host and port, as partners reach it
SEED = "PARTNERS_PASSWORDS_SEED"  # from which each partner's password follows
BRIDGE_PASSWORD = "COMMONPURSE_BROKER_PASSWORD_PARTNERS_BRIDGE"  # noqa: S105 - a setting's name


class PartnerHosts:
    """The virtual hosts of all partners on one broker."""

    def __init__(self, broker: Broker, register: Register) -> None:
        self._broker = broker
        reached = [one for one in register.agreements.values() if one.has_amqp]
        self._agreements: Mapping[str, Agreement] = {one.virtual_host: one for one in reached}

    def differences(self) -> list[str]:
        """Say how the broker differs from the files; passwords cannot be compared."""
        there = self._there()
        missing = [f"+ virtual host {host}" for host in self._agreements if host not in there]
        surplus = [
            f"- virtual host {host} (stays until its queues are empty, then apply)"
            for host in there
            if host not in self._agreements
        ]
        inside = [
            f"{host}: {one}"
            for host, agreement in self._agreements.items()
            if host in there
            for one in self._inside(agreement)
        ]
        return [*missing, *surplus, *inside]

    def apply(self, *, seed: str, bridge_password: str) -> None:
        """Bring the broker to the files, as far as that can be done. Safe to repeat.

        Args:
            seed: from which partners' passwords follow.
            bridge_password: of our own user.

        Raises:
            requests.RequestException: the broker cannot be reached or refuses.
        """
        for host, agreement in self._agreements.items():
            self._broker.ask("PUT", f"vhosts/{host}", {"description": agreement.name})
            wanted = {kind: list(things) for kind, things in hosts.definitions(agreement).items()}
            passwords = {
                host: hosts.password(agreement, seed=seed),
                hosts.BRIDGE_USER: bridge_password,
            }
            wanted["users"] = [
                {"name": one["name"], "tags": one["tags"], "password": passwords[one["name"]]}
                for one in wanted["users"]
            ]
            self._broker.ask("POST", "definitions", wanted)
            for name, value in hosts.limits(agreement).items():
                self._broker.ask("PUT", f"vhost-limits/{host}/{name}", {"value": value})
            for surplus in self._inside(agreement):
                if surplus.sign == "-" and surplus.kind != "queues":
                    self._remove(surplus)
        for host in self._there():
            if host in self._agreements:
                continue
            self._close(host)
            if self._is_empty(host):
                self._broker.ask("DELETE", f"vhosts/{host}")
                self._broker.ask("DELETE", f"users/{host}")

    def _there(self) -> list[str]:
        found = self._broker.ask("GET", "vhosts")
        return [one["name"] for one in found if one["name"].startswith(HOST_PREFIX)]

    def _close(self, host: str) -> None:
        """Take nothing more from a partner that left; what waits for it, it may still fetch."""
        read_only = {"configure": "^$", "write": "^$", "read": f"^{hosts.OUT}$"}
        self._broker.ask("PUT", f"permissions/{host}/{host}", read_only)
        ours = self._broker.ask("GET", "whoami")["name"]
        to_look = {"configure": "^$", "write": "^$", "read": ".*"}
        self._broker.ask("PUT", f"permissions/{host}/{ours}", to_look)

    def _is_empty(self, host: str) -> bool:
        """Look at the head of each queue: the figures are seconds old, and say nothing for sure."""
        look = {"count": 1, "ackmode": "ack_requeue_true", "encoding": "auto"}
        return not any(
            queue.get("messages") or self._broker.ask("POST", f"queues/{host}/{name}/get", look)
            for queue in self._broker.ask("GET", f"queues/{host}")
            for name in [quote(queue["name"], safe="")]
        )

    def _inside(self, agreement: Agreement) -> Iterator[Difference]:
        host = agreement.virtual_host
        every = self._broker.ask("GET", "definitions")
        every["bindings"] = [
            one for one in self._broker.ask("GET", f"bindings/{host}") if one["source"]
        ]
        wanted = hosts.definitions(agreement)
        for kind in KINDS:
            have = [one for one in every[kind] if one.get("vhost", host) == host]
            if kind == "users":
                names = {one["name"] for one in wanted["users"]}
                have = [one for one in have if one["name"] in names]
            yield from compare(kind, wanted[kind], have)
        have_limits = self._broker.ask("GET", f"vhost-limits/{host}")
        values = have_limits[0]["value"] if have_limits else {}
        if values != hosts.limits(agreement):
            thing = {"name": host}
            yield Difference("~", "exchanges", thing, f": limits {values}")

    def _remove(self, surplus: Difference) -> None:
        named = {field: quote(str(value), safe="") for field, value in surplus.thing.items()}
        self._broker.ask("DELETE", KINDS[surplus.kind][1].format_map(named))


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog=_COMMAND, description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("act", choices=["plan", "check", "apply", "password", "address"])
    parser.add_argument("code", nargs="?", help="of the partner whose password is wanted")
    asked = parser.parse_args(arguments)
    try:
        register = Register.read(Path(settings.required(os.environ, organisations.SETTING)))
        if asked.act in {"password", "address"}:
            return _tell_way_in(asked.code, register, whole=asked.act == "address")
        url = settings.required(os.environ, "COMMONPURSE_BROKER_MANAGEMENT_URL")
        partner_hosts = PartnerHosts(Broker(url), register)
        if asked.act == "apply":
            partner_hosts.apply(
                seed=settings.required(os.environ, SEED),
                bridge_password=settings.required(os.environ, BRIDGE_PASSWORD),
            )
        return _report(asked.act, partner_hosts.differences())
    except (
        settings.SettingMissingError,
        PartnerFileError,
        requests.RequestException,
        OSError,
    ) as error:
        sys.stderr.write(f"The partners' virtual hosts could not be read or applied: {error}\n")
        return 1


def _tell_way_in(code: str | None, register: Register, *, whole: bool) -> int:
    agreement = register.agreements.get(code or "")
    if agreement is None or not agreement.has_amqp:
        reached = [name for name, one in register.agreements.items() if one.has_amqp]
        sys.stderr.write(f"Whose? {_COMMAND} password CODE: {', '.join(reached)}\n")
        return 2
    password = hosts.password(agreement, seed=settings.required(os.environ, SEED))
    host = agreement.virtual_host
    address = settings.required(os.environ, ADDRESS) if whole else ""
    sys.stdout.write(f"amqp://{host}:{password}@{address}/{host}\n" if whole else f"{password}\n")
    return 0


def _report(act: str, found: Sequence[str]) -> int:
    last = "The partners' virtual hosts are as their files say."
    if found:
        last = f"Differences: {len(found)}. To mend them: {_COMMAND} apply"
    sys.stdout.writelines(f"{line}\n" for line in (*found, last))
    missing = [one for one in found if not one.startswith("-")]
    return int(bool({"check": found, "apply": missing}.get(act)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
