"""Placeholders: ``((name))`` and ``((name??shown if yes))``."""

import re
from collections.abc import Mapping

from simulators.notify.errors import ApiError

PLACEHOLDER = re.compile(r"\(\((.+?)\)\)", re.DOTALL)
YES = frozenset({"yes", "y", "true", "t", "1", "include", "show"})


def plain(name: str) -> str:
    """Write a placeholder's name so that case, spaces, ``_`` and ``-`` make no difference."""
    return re.sub(r"[\s_-]", "", name).lower()


def plain_values(personalisation: Mapping[str, object]) -> dict[str, str]:
    """Write what a caller sent as texts under plain names. A null counts as missing."""
    return {
        plain(name): _as_text(value) for name, value in personalisation.items() if value is not None
    }


def placeholders(*texts: str | None) -> list[str]:
    """List the names that ``texts`` ask for, as they are written there, each once."""
    names: dict[str, str] = {}
    for text in texts:
        for written in PLACEHOLDER.findall(text or ""):
            name = written.partition("??")[0].strip()
            names.setdefault(plain(name), name)
    return list(names.values())


def check_complete(names: list[str], values: Mapping[str, str]) -> None:
    """Refuse a message that lacks a value.

    Raises:
        ApiError: 400 that lists what is missing.
    """
    missing = [name for name in names if plain(name) not in values]
    if missing:
        raise ApiError.bad_request(f"Missing personalisation: {', '.join(missing)}")


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put the values in. Placeholders inside a value stay as they are."""

    def value_of(match: re.Match[str]) -> str:
        name, question, shown_if_yes = match.group(1).partition("??")
        value = values[plain(name)]
        if question:
            return shown_if_yes if value.strip().lower() in YES else ""
        return value

    return PLACEHOLDER.sub(value_of, text)


def _as_text(value: object) -> str:
    if isinstance(value, list):
        items = [str(item) for item in value if item is not None]
        return " and ".join(filter(None, [", ".join(items[:-1]), *items[-1:]]))
    return str(value)
