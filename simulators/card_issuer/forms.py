"""Stripe's form encoding: ``a[b][0]=c``. Whatever is wrong is said with the field's name."""

import re
from collections.abc import Iterable
from typing import Any

from simulators.card_issuer.errors import StripeError


def nested(items: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Unfold bracketed names into dictionaries and lists of text."""
    root: dict[str, Any] = {}
    for name, value in items:
        *path, last = re.findall(r"[^\[\]]+", name) or [name]
        here = root
        for step in path:
            here = here.setdefault(step, {})
            if not isinstance(here, dict):
                raise StripeError(f"Invalid parameter: {name}", param=name)
        here[str(len(here)) if name.endswith("[]") else last] = value
    return {name: with_lists(value) for name, value in root.items()}


def with_lists(value: Any) -> Any:
    """Make a list of each dictionary whose keys are numbers."""
    if not isinstance(value, dict):
        return value
    inner = {name: with_lists(one) for name, one in value.items()}
    if inner and all(name.isdigit() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner


def whole_amount(value: str, *, param: str, least: int = 0) -> int:
    """Read an amount in the currency's smallest unit.

    Raises:
        StripeError: not a whole number, or less than ``least``.
    """
    if not re.fullmatch(r"-?[0-9]{1,12}", value):
        raise StripeError(
            f"Invalid integer: {value}", param=param, code="parameter_invalid_integer"
        )
    if int(value) < least:
        raise StripeError(
            f"This value must be greater than or equal to {least}.",
            param=param,
            code="parameter_invalid_integer",
        )
    return int(value)


class Form:
    """The parameters of one request."""

    def __init__(self, items: Iterable[tuple[str, str]]) -> None:
        self._items = list(items)
        self._fields = nested(self._items)

    def with_fields(self, **fields: str) -> "Form":
        """Return the same parameters with others in the place of these."""
        kept = [(name, value) for name, value in self._items if name not in fields]
        return Form([*kept, *fields.items()])

    def accept_only(self, *names: str) -> None:
        """Refuse parameters other than these; ``expand`` is taken everywhere and ignored."""
        for name in self._fields:
            if name not in {*names, "expand"}:
                raise StripeError(
                    f"Received unknown parameter: {name}", param=name, code="parameter_unknown"
                )

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def text(self, name: str, *, default: str | None = None) -> str:
        """Read text.

        Raises:
            StripeError: it is not there and has no default, or it is no text.
        """
        value = self._fields.get(name, default)
        if value is None or value == "":
            raise StripeError(
                f"Missing required param: {name}.", param=name, code="parameter_missing"
            )
        if not isinstance(value, str):
            raise StripeError(f"Invalid string: {name}", param=name)
        return value

    def optional_text(self, name: str) -> str | None:
        return self.text(name) if self._fields.get(name) else None

    def one_of(self, name: str, *choices: str, default: str | None = None) -> str:
        value = self.text(name, default=default)
        if value not in choices:
            raise StripeError(f"Invalid {name}: must be one of {', '.join(choices)}", param=name)
        return value

    def amount(self, name: str, *, least: int = 0, default: int | None = None) -> int:
        """Read an amount in the currency's smallest unit."""
        value = self.text(name, default=None if default is None else str(default))
        return whole_amount(value, param=name, least=least)

    def asks_for(self, **fields: Any) -> bool:
        """Say whether these fields are what a list is asked for; one that is not asked fits."""
        return all(self._fields.get(name, found) == found for name, found in fields.items())

    def truth(self, name: str, *, default: bool) -> bool:
        return self.one_of(name, "true", "false", default="true" if default else "false") == "true"

    def inside(self, name: str) -> dict[str, Any]:
        """Read a parameter that has parameters of its own; without it, an empty one."""
        value = self._fields.get(name, {})
        if value == "":
            return {}
        if not isinstance(value, dict):
            raise StripeError(f"Invalid object: {name}", param=name)
        return value

    def list_of(self, name: str) -> list[str]:
        """Read a list of texts; without it, an empty one."""
        value = self._fields.get(name) or []
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise StripeError(f"Invalid array: {name}", param=name)
        return value

    def metadata(self) -> dict[str, str]:
        """Read ``metadata``: names and short texts."""
        metadata = self.inside("metadata")
        for name, value in metadata.items():
            if not isinstance(value, str):
                raise StripeError("Metadata values must be strings.", param=f"metadata[{name}]")
        return metadata
