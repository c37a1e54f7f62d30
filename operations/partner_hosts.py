"""Partners' virtual hosts: brings a broker to what the partners' files say.

plan: print how the broker differs. check: the same, and fail if it does. apply: bring the broker
to the files, and fail if something is left. The virtual host of a partner whose file is gone is
removed when all its queues are empty, and named until then.
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
from services.partners.agreements.rules import Agreement
from services.partners.register import PartnerFileError, Register
from shared import settings

_COMMAND = "python -m operations.partner_hosts"
DIRECTORY = "PARTNERS_DIRECTORY"
PASSWORD = "COMMONPURSE_BROKER_PASSWORD_{user}"  # noqa: S105 - of a setting, the name


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

    def apply(self, passwords: Mapping[str, str]) -> None:
        """Bring the broker to the files, as far as that can be done. Safe to repeat.

        Args:
            passwords: by the name of the user.

        Raises:
            requests.RequestException: the broker cannot be reached or refuses.
        """
        for host, agreement in self._agreements.items():
            self._broker.ask("PUT", f"vhosts/{host}", {"description": agreement.name})
            wanted = {kind: list(things) for kind, things in hosts.definitions(agreement).items()}
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
            if host not in self._agreements and self._is_empty(host):
                self._broker.ask("DELETE", f"vhosts/{host}")
                self._broker.ask("DELETE", f"users/{host}")

    def users(self) -> list[str]:
        """Return every user that needs a password."""
        return [*self._agreements, hosts.BRIDGE_USER]

    def _there(self) -> list[str]:
        found = self._broker.ask("GET", "vhosts")
        return [one["name"] for one in found if one["name"].startswith(hosts.PREFIX)]

    def _is_empty(self, host: str) -> bool:
        return all(
            queue.get("messages") == 0 for queue in self._broker.ask("GET", f"queues/{host}")
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
    parser.add_argument("act", choices=["plan", "check", "apply"])
    act: str = parser.parse_args(arguments).act
    try:
        register = Register.read(Path(settings.required(os.environ, DIRECTORY)))
        url = settings.required(os.environ, "COMMONPURSE_BROKER_MANAGEMENT_URL")
        partner_hosts = PartnerHosts(Broker(url), register)
        if act == "apply":
            partner_hosts.apply(_passwords(partner_hosts.users(), os.environ))
        return _report(act, partner_hosts.differences())
    except (
        settings.SettingMissingError,
        PartnerFileError,
        requests.RequestException,
        OSError,
    ) as error:
        sys.stderr.write(f"The partners' virtual hosts could not be read or applied: {error}\n")
        return 1


def _passwords(users: Sequence[str], environment: Mapping[str, str]) -> dict[str, str]:
    return {user: settings.required(environment, setting(user)) for user in users}


def setting(user: str) -> str:
    """Return the name of the setting with a user's password."""
    return PASSWORD.format(user=user.upper().replace("-", "_"))


def _report(act: str, found: Sequence[str]) -> int:
    last = "The partners' virtual hosts are as their files say."
    if found:
        last = f"Differences: {len(found)}. To mend them: {_COMMAND} apply"
    sys.stdout.writelines(f"{line}\n" for line in (*found, last))
    return int(act != "plan" and bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
