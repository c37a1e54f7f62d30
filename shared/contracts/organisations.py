"""Which organisations take part, and on whose side: what the partners' files say of each.

A new council joins by a file of its own. Partners reads all of it; every other service this much.
"""

import enum
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from shared.settings import SettingMissingError, required

SETTING = "PARTNERS_DIRECTORY"


class Side(enum.StrEnum):
    """Whose duty and whose money it is. Both look at a person before there is one assessment."""

    NHS = "nhs"
    COUNCIL = "council"


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """What is known of one organisation, by the word with which records name it."""

    code: str
    name: str
    side: Side | None  # none: it assesses nobody and pays for nothing
    assesses_with: frozenset[str] = frozenset()  # as its file lists them; empty: whoever is local
    is_local: bool = False  # people who ask for themselves are assessed by it


class OrganisationsError(Exception):
    """A file says less than it must, or two contradict each other: nothing starts."""


@dataclass(frozen=True, slots=True)
class Organisations:
    """All organisations that take part, by their codes."""

    known: Mapping[str, Organisation]

    @classmethod
    def of(cls, organisations: Iterable[Organisation]) -> "Organisations":
        """Put them together; the systems of one organisation may have several files.

        Raises:
            OrganisationsError: two files differ about one of them, one assesses with somebody of
                whom there is no file, or two of one side are local: nobody could tell who is meant.
        """
        known: dict[str, Organisation] = {}
        for one in organisations:
            if known.setdefault(one.code, one) != one:
                raise OrganisationsError(f"Two files say different things of {one.code}.")
        for one in known.values():
            if unknown := sorted(code for code in one.assesses_with if code not in known):
                raise OrganisationsError(
                    f"{one.code} assesses with {unknown[0]}: there is no file."
                )
        for side in Side:
            local = sorted(one.code for one in known.values() if one.is_local and one.side is side)
            if len(local) > 1:
                raise OrganisationsError(f"Two are local on one side: {', '.join(local)}.")
        return cls(known)

    @property
    def sides(self) -> Mapping[str, Side]:
        """Whose side an organisation is on, of each that is on one."""
        return {one.code: one.side for one in self.known.values() if one.side is not None}

    def name_of(self, code: str) -> str:
        """Return an organisation's name as people know it; of one without a file its code."""
        found = self.known.get(code)
        return code if found is None else found.name

    def assessing(self, referred_by: str | None) -> frozenset[str]:
        """Return the organisations that assess somebody together.

        Args:
            referred_by: who sent them; None, or an organisation that assesses nobody: they are
                assessed by those of the area.
        """
        sides = self.sides
        local = frozenset(code for code in sides if self.known[code].is_local)
        if referred_by is None or referred_by not in sides:
            return local
        of_the_other = {code for code in local if sides[code] != sides[referred_by]}
        return frozenset({referred_by, *(self.known[referred_by].assesses_with or of_the_other)})


def read(directory: Path) -> Organisations:
    """Read what every partner's file says of its organisation.

    Raises:
        OrganisationsError: there is none, two contradict each other, or one says less than it must;
            partners, which reads all of it, says what.
    """
    files = sorted(directory.glob("*.yml"))
    if not files:
        raise OrganisationsError(f"There is no partner's file in {directory}.")
    return Organisations.of(map(_organisation, files))


def _organisation(file: Path) -> Organisation:
    try:
        return _said(yaml.safe_load(file.read_text()))
    except (yaml.YAMLError, LookupError, TypeError, ValueError) as error:
        raise OrganisationsError(f"{file.name} is no partner's file; see partners' log.") from error


def _said(said: Mapping[str, Any]) -> Organisation:
    kind, others, is_local = (
        said["kind"],
        said.get("assesses_with", []),
        said.get("is_local", False),
    )
    if not isinstance(others, list) or not isinstance(is_local, bool):
        raise TypeError
    return Organisation(
        code=said["organisation"],
        name=said["name"],
        side=Side(kind) if kind in set(Side) else None,
        assesses_with=frozenset(others),
        is_local=is_local,
    )


@cache
def current() -> Organisations:
    """Return what the files say; read once in a process.

    Raises:
        SettingMissingError: nobody says where the files are.
    """
    return read(Path(required(os.environ, SETTING)))


def check() -> None:
    """End the process with a line that says why, if the files cannot be used.

    Raises:
        SystemExit: it does not go on, and its exit code says so.
    """
    try:
        current()
    except (SettingMissingError, OrganisationsError) as error:
        raise SystemExit(str(error)) from error
