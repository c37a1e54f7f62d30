"""The partners there are: their files, read and checked as a whole before anything starts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from marshmallow import ValidationError

from services.partners.agreements.rules import Agreement, Content, Transport
from services.partners.agreements.schemas import AgreementForm
from services.partners.catalogue.rules import About
from services.partners.incoming import INCOMING
from services.partners.outgoing import OUTGOING
from shared.contracts import organisations
from shared.contracts.organisations import OrganisationsError


class PartnerFileError(Exception):
    """A partner's file does not say what it must: nothing starts."""

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(f"{file.name}: {reason}")


@dataclass(frozen=True, slots=True)
class Register:
    """Every partner, by its code."""

    agreements: Mapping[str, Agreement]

    @classmethod
    def read(cls, directory: Path) -> "Register":
        """Read every file of a folder.

        Raises:
            PartnerFileError: names the file and what is wrong with it.
            OSError: there is no such folder.
        """
        found: dict[str, Agreement] = {}
        for file in sorted(directory.glob("*.yml")):
            agreement = read_file(file)
            if agreement.code != file.stem:
                raise PartnerFileError(file, f"Its code must be {file.stem}, as the file's name.")
            _check_unique(agreement, found.values(), file)
            found[agreement.code] = agreement
        try:
            organisations.read(directory)
        except OrganisationsError as error:
            raise PartnerFileError(directory, str(error)) from None
        return cls(found)


def read_file(file: Path) -> Agreement:
    """Return what one file says.

    Raises:
        PartnerFileError: it is no partner's file, or lists what there is not.
    """
    try:
        document: Any = yaml.safe_load(file.read_text())
        agreement: Agreement = AgreementForm().load(document)
    except UnicodeDecodeError:
        raise PartnerFileError(file, "It is no text in UTF-8.") from None
    except yaml.YAMLError as error:
        raise PartnerFileError(file, f"It is no YAML: {error}") from None
    except ValidationError as error:
        raise PartnerFileError(file, f"{error.messages}") from None
    for problem in problems(agreement):
        raise PartnerFileError(file, problem)
    return agreement


def problems(agreement: Agreement) -> list[str]:
    """Say what an agreement lists that cannot be kept."""
    sent = [one.message_type for one in agreement.sends]
    found = [f"{name} is no type that partners send." for name in sent if name not in INCOMING]
    for one in agreement.receives:
        outgoing = OUTGOING.get(one.event_type)
        if outgoing is None:
            found.append(f"{one.event_type} is no event that partners hear of.")
        elif one.content is Content.DATA and outgoing.about is About.BUDGET:
            found.append(f"{one.event_type} is a signal alone: a funder reads its own side of it.")
        elif one.content is Content.DATA:
            unknown = sorted(set(one.fields) - set(outgoing.fields))
            found.extend(f"{one.event_type} has no field {field}." for field in unknown)
    if sum(one.transport is Transport.AMQP for one in agreement.systems) > 1:
        found.append("One system at most is reached over AMQP: its virtual host has one queue.")
    mailboxes = [one.mailbox for one in agreement.systems if one.mailbox]
    if len(set(mailboxes)) < len(mailboxes):
        found.append("Two systems cannot have one mailbox.")
    types = [INCOMING[name] for name in sent if name in INCOMING]
    others = [one for one in types if one.only_of not in {None, agreement.kind}]
    found.extend(f"{one.name} is for a {one.only_of} to send." for one in others)
    spends = [one.name for one in types if one.spends_own]
    if spends and not agreement.funder_id:
        found.append(f"A partner that sends {spends[0]} needs a funder_id.")
    return found


def _check_unique(agreement: Agreement, others: Collection[Agreement], file: Path) -> None:
    mailboxes = {one.mailbox for one in agreement.systems} - {""}
    for other in others:
        if mailboxes & {one.mailbox for one in other.systems}:
            raise PartnerFileError(file, f"{other.code} has the same mailbox.")
        if agreement.funder_id and agreement.funder_id == other.funder_id:
            raise PartnerFileError(file, f"{other.code} has the same funder_id.")
