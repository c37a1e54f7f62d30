"""Who may do what: the policy file, read and checked once at the start."""

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("policy.toml")


class PolicyError(Exception):
    """The policy does not say what it must: nothing starts."""


@dataclass(frozen=True, slots=True)
class Policy:
    """By operation and by role, the relation to the record that is enough. All else is denied."""

    rules: Mapping[str, Mapping[str, frozenset[str]]]

    def roles(self, operation: str, roles: Sequence[str]) -> tuple[str, ...]:
        """Return which of somebody's roles may have it; none: not at all."""
        return tuple(role for role in roles if role in self.rules.get(operation, {}))

    def relations(self, operation: str, roles: Collection[str]) -> frozenset[str]:
        """Return the relations by which somebody with these roles may have it; none: not at all."""
        rule = self.rules.get(operation, {})
        return frozenset().union(*(rule[role] for role in roles if role in rule))

    def check(self, operations: Collection[str]) -> None:
        """See that every operation that is offered is spoken of, and no other.

        Raises:
            PolicyError: names them.
        """
        missing = sorted(set(operations) - set(self.rules))
        idle = sorted(set(self.rules) - set(operations))
        if missing or idle:
            raise PolicyError(f"{FILE.name} says nothing of {missing}, and something of {idle}.")


def load(path: Path = FILE) -> Policy:
    """Read the policy.

    Raises:
        PolicyError: an unknown role or relation, or an operation named twice.
    """
    document = tomllib.loads(path.read_text())
    roles, relations = set(document["roles"]), set(document["relations"])
    rules: dict[str, Mapping[str, frozenset[str]]] = {}
    for entry in document["allow"]:
        rule = _rule(entry, roles=roles, relations=relations)
        for operation in entry["operations"]:
            if operation in rules:
                raise PolicyError(f"{operation} is there twice.")
            rules[operation] = rule
    return Policy(rules)


def _rule(
    entry: Mapping[str, Any], *, roles: Collection[str], relations: Collection[str]
) -> Mapping[str, frozenset[str]]:
    """Return by role which relations are enough: one, or each one of a list."""
    rule: dict[str, frozenset[str]] = {}
    for role, said in entry.items():
        if role in {"what", "operations"}:
            continue
        enough = frozenset([said] if isinstance(said, str) else said)
        if role not in roles or not enough <= set(relations):
            raise PolicyError(f"{entry['what']}: {role} = {said} is not known.")
        rule[role] = enough
    return rule
