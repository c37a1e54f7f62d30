"""The broker's topology: brings a broker to the manifest (``shared/contracts/manifest.py``).

plan: print how the broker differs from the manifest.
check: the same, and fail if it differs or if a queue is more than half full.
apply: bring the broker to the manifest, and fail if something is left. A queue that holds
messages is never deleted.
definitions, alarms: print what RabbitMQ and Prometheus can read (deploy/rabbitmq/definitions.json,
deploy/prometheus/alarms.yml).
"""

import argparse
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple
from urllib.parse import quote

import requests

from shared import settings
from shared.contracts import manifest

_COMMAND = "python -m shared.messaging.topology"
_FILES = {"definitions": manifest.definitions_file, "alarms": manifest.alarms_file}
_NAME, PLACE = 0, 1
# How one of a kind is named, and its place in the management API. What is too much is removed in
# this order, so that nothing is bound any more to a queue whose turn has come.
KINDS = {
    "bindings": (
        "{source} -> {destination_type} {destination}: {routing_key} {arguments}",
        "bindings/{vhost}/e/{source}/{destination_type[0]}/{destination}/{properties_key}",
    ),
    "policies": ("{name}", "policies/{vhost}/{name}"),
    "permissions": ("{user}", "permissions/{vhost}/{user}"),
    "topic_permissions": ("{user} on {exchange}", "topic-permissions/{vhost}/{user}/{exchange}"),
    "users": ("{name}", "users/{name}"),
    "exchanges": ("{name}", "exchanges/{vhost}/{name}?if-unused=true"),
    "queues": ("{name}", "queues/{vhost}/{name}"),
}
_REMARKS = {
    "~ queue": " (cannot be changed: drain it, delete it by hand, then apply)",
    "~ exchange": " (cannot be changed: delete it by hand, then apply)",
    "- queue": " (stays until it is empty and nobody reads it: drain it, then apply)",
}


class Difference(NamedTuple):
    """One thing that is not as the manifest has it."""

    sign: str  # "+" is missing, "~" is different, "-" is too much
    kind: str
    thing: Mapping[str, Any]  # as the broker has it; if it is missing, as it should be
    change: str = ""

    @property
    def is_stamp(self) -> bool:
        return bool(self.thing.get("internal"))

    def __str__(self) -> str:
        what = f"{self.sign} {self.kind.replace('_', ' ').replace('ies', 'y').removesuffix('s')}"
        return f"{what} {_name(self.kind, self.thing)}{self.change}{_REMARKS.get(what, '')}"


class Broker:
    """A broker, seen through its management API as an administrator sees it."""

    def __init__(self, management_url: str) -> None:
        self._url = management_url

    def ask(self, method: str, place: str, body: Any = None) -> Any:
        """Return the answer.

        Raises:
            requests.RequestException: the broker cannot be reached or refuses.
        """
        answer = requests.request(
            method, f"{self._url}/api/{place}", json=body, timeout=30, allow_redirects=False
        )
        # Not by raise_for_status, whose words hold the URL with its password.
        if not answer.ok or answer.is_redirect:
            raise requests.HTTPError(f"{method} {place}: {answer.status_code} {answer.text}")
        return answer.json() if answer.content else None

    def differences(self) -> list[Difference]:
        """Compare the broker with the manifest; passwords cannot be compared."""
        wanted, there = manifest.definitions(), self._ours()
        return [one for kind in KINDS for one in compare(kind, wanted[kind], there[kind])]

    def _ours(self) -> dict[str, Sequence[Mapping[str, Any]]]:
        """Return what is ours: nothing of RabbitMQ's, an administrator's or one connection's."""
        every = self.ask("GET", "definitions")
        lasting = {one["name"] for one in (*every["queues"], *every["exchanges"])}
        bindings = self.ask("GET", "bindings")  # with the keys by which they are removed
        every["bindings"] = [b for b in bindings if b["source"] and b["destination"] in lasting]
        tags = {user["name"]: user["tags"] for user in every["users"]}
        foreign = {user for user in tags if "administrator" in tags[user]} - {*manifest.USERS}
        ours = {kind: [one for one in every[kind] if _is_here(one)] for kind in KINDS}
        for kind in ("permissions", "topic_permissions"):
            ours[kind] = [one for one in ours[kind] if one["user"] not in foreign]
        elsewhere = {one["user"] for one in every["permissions"] if not _is_here(one)}
        known = {one["user"] for one in ours["permissions"]} - elsewhere | {*manifest.USERS}
        return ours | {"users": [user for user in every["users"] if user["name"] in known]}

    def half_full(self) -> Iterator[str]:
        """Name each queue that holds more than half of its bytes; the figures are seconds old."""
        held = {one["name"]: one for one in filter(_is_here, self.ask("GET", "queues"))}
        for queue, limit in manifest.bounds().items():
            size = held.get(queue, {}).get("message_bytes", 0)
            if size > limit // 2:
                yield f"! queue {queue} is more than half full: {size} of {limit} bytes"

    def apply(self, passwords: Mapping[str, str]) -> None:
        """Bring the broker to the manifest, as far as that can be done. Safe to repeat.

        The stamps come when all that a service needs is there, and older ones go last of all.

        Args:
            passwords: one for each user of the manifest.

        Raises:
            requests.RequestException: the broker cannot be reached or refuses.
        """
        wanted = manifest.definitions()
        for user in wanted["users"]:
            del user["password_hash"]
            user["password"] = passwords[user["name"]]
        stamps = [one for one in wanted["exchanges"] if one["internal"]]
        others = [one for one in wanted["exchanges"] if not one["internal"]]
        self.ask("POST", "definitions", {**wanted, "exchanges": others})
        self._remove_surplus(stamps=False)
        if all(one.sign == "-" or one.is_stamp for one in self.differences()):
            self.ask("POST", "definitions", {"exchanges": stamps})
            self._remove_surplus(stamps=True)

    def _remove_surplus(self, *, stamps: bool) -> None:
        for one in self.differences():
            if one.sign == "-" and one.is_stamp == stamps:
                with suppress(requests.HTTPError):  # it stays, and is named afterwards
                    self._remove(one)

    def _remove(self, surplus: Difference) -> None:
        """Remove one thing, but no queue that holds something or is read.

        RabbitMQ cannot make that a condition for a quorum queue. Its figures are seconds old, but
        nothing is bound to the queue any more, so that a look at its head settles it.
        """
        named = {field: quote(str(value), safe="") for field, value in surplus.thing.items()}
        place = KINDS[surplus.kind][PLACE].format_map(named)
        if surplus.kind == "queues":
            queue = self.ask("GET", place)
            if (queue.get("messages"), queue.get("consumers")) != (0, 0):
                return
            look = {"count": 1, "ackmode": "ack_requeue_true", "encoding": "auto"}
            if self.ask("POST", f"{place}/get", look):
                return
        self.ask("DELETE", place)


def _is_here(thing: Mapping[str, Any]) -> bool:
    return thing.get("vhost") == manifest.VIRTUAL_HOST


def _name(kind: str, thing: Mapping[str, Any]) -> str:
    return KINDS[kind][_NAME].format_map(thing).removesuffix(" {}")


def compare(
    kind: str, wanted: Sequence[Mapping[str, Any]], there: Sequence[Mapping[str, Any]]
) -> Iterator[Difference]:
    """Tell of one kind of things what is missing, too much, or not as it is wanted."""
    want, have = ({_name(kind, one): one for one in side} for side in (wanted, there))
    for name in sorted(want.keys() | have.keys()):
        if name not in have:
            yield Difference("+", kind, want[name])
        elif name not in want:
            yield Difference("-", kind, have[name])
        elif change := _change(want[name], have[name]):
            yield Difference("~", kind, have[name], f": {change}")


def _change(want: Mapping[str, Any], have: Mapping[str, Any]) -> str:
    """Say which fields of the manifest differ; a policy's definition has fields of its own."""
    fields = want.keys() - {"password_hash", "definition", "arguments"}
    new, old = (
        {field: one[field] for field in fields} | one.get("definition", one.get("arguments", {}))
        for one in (want, have)
    )
    return ", ".join(
        f"{field} {old.get(field)} -> {new.get(field)}"
        for field in sorted(new.keys() | old.keys())
        if new.get(field) != old.get(field)
    )


def _report(act: str, broker: Broker) -> int:
    """Print how the broker differs and what to do; return the exit status of ``act``."""
    found = broker.differences()
    half_full = list(broker.half_full()) if act == "check" else []
    last = "The broker is as the manifest says."
    if found:
        todo = "Do what their lines say." if act == "apply" else f"To mend them: {_COMMAND} apply"
        last = f"Differences: {len(found)}. {todo}"
    sys.stdout.writelines(f"{line}\n" for line in (*found, *half_full, last))
    return int(act != "plan" and bool(found or half_full))


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog=_COMMAND, description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("act", choices=["plan", "check", "apply", *_FILES])
    act: str = parser.parse_args(arguments).act
    if act in _FILES:
        sys.stdout.write(_FILES[act]())
        return 0
    try:
        broker = Broker(settings.required(os.environ, "COMMONPURSE_BROKER_MANAGEMENT_URL"))
        if act == "apply":
            names = {user: f"COMMONPURSE_BROKER_PASSWORD_{user.upper()}" for user in manifest.USERS}
            broker.apply({user: settings.required(os.environ, names[user]) for user in names})
        return _report(act, broker)
    except (settings.SettingMissingError, requests.RequestException) as error:
        sys.stderr.write(f"The topology could not be read or applied: {error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
