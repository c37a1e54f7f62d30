"""Which provider serves whom, by channel and by organisation: configuration, read at the start.

``NOTIFICATIONS_PROVIDERS`` names a file such as this; without one GOV.UK Notify serves all::

    [everybody]
    sms = "govuk-notify"
    email = "mail"
    letter = "letter-folder"

    [organisations.QXX]
    sms = "nhs-notify"

    [others]
    email = "mail"

An organisation is named as assessment names it in the care team: it is the one for which the
person's care coordinator acts. NHS Notify finds people by their NHS number. Those beside the
person, representatives and staff, have none, and of some people nobody knows theirs: ``others``
says who serves these, as everybody is unless it says so. Where NHS Notify serves everybody it must.

The lines may also stand there themselves, with semicolons between them. ``also = ["mail"]`` at the
top keeps a provider open that serves nobody any more and still has
messages of ours.
"""

import os
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Self

from services.notifications.letter_folder import LetterFolder
from services.notifications.mail_client import MailClient
from services.notifications.nhs_notify_client import NhsNotifyClient
from services.notifications.notify_client import NotifyClient
from services.notifications.people.rules import Audience, Channel
from services.notifications.provider_settings import (
    LetterFolderSettings,
    MailSettings,
    NhsNotifySettings,
)
from services.notifications.providers import Provider
from services.notifications.settings import NotifySettings, SettingUnfitError

SETTING = "NOTIFICATIONS_PROVIDERS"
Environment = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of provider: how it is opened, and what it can send."""

    opened: Callable[[Environment], Provider]
    channels: frozenset[Channel]


KINDS: Mapping[str, Kind] = {
    NotifyClient.name: Kind(
        opened=lambda environment: NotifyClient(NotifySettings.from_environment(environment)),
        channels=frozenset(Channel),
    ),
    MailClient.name: Kind(
        opened=lambda environment: MailClient(MailSettings.from_environment(environment)),
        channels=frozenset({Channel.EMAIL}),
    ),
    LetterFolder.name: Kind(
        opened=lambda environment: LetterFolder(LetterFolderSettings.from_environment(environment)),
        channels=frozenset({Channel.LETTER}),
    ),
    NhsNotifyClient.name: Kind(
        opened=lambda environment: NhsNotifyClient(NhsNotifySettings.from_environment(environment)),
        channels=frozenset({Channel.SMS, Channel.EMAIL}),
    ),
}
Choice = Mapping[Channel, str]
BY_DEFAULT: Choice = dict.fromkeys(Channel, NotifyClient.name)


class _Chosen(NamedTuple):
    everybody: Choice
    organisations: Mapping[str, Choice]
    others: Choice
    also: Sequence[str]  # providers that are kept open


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """The providers that are in use, and who is served by which."""

    providers: Mapping[str, Provider]  # by name
    everybody: Choice
    organisations: Mapping[str, Choice]  # by the organisation's code
    others: Choice  # of representatives and staff

    @classmethod
    def from_environment(cls, environment: Environment = os.environ) -> Self:
        """Read who is served by whom, and open each provider that serves somebody.

        Raises:
            SettingMissingError, SettingUnfitError: a setting is missing or cannot be used.
        """
        file = environment.get(SETTING, "")
        chosen = _read(file) if file else _Chosen(BY_DEFAULT, {}, BY_DEFAULT, ())
        choices = (chosen.everybody, *chosen.organisations.values(), chosen.others)
        names = {*chosen.also, *(name for choice in choices for name in choice.values())}
        providers = {name: KINDS[name].opened(environment) for name in sorted(names)}
        return cls(
            providers=providers,
            everybody=chosen.everybody,
            organisations=chosen.organisations,
            others=chosen.others,
        )

    def provider_of(
        self,
        channel: Channel,
        audience: Audience = Audience.HOLDER,
        *,
        organisation: str | None = None,
        has_nhs_number: bool = False,
    ) -> str:
        """Return the name of the provider by which a channel goes for an organisation's people.

        Others than the person are served alike whatever the organisation, and so is a person
        whom NHS Notify should serve and could not find.
        """
        if audience is not Audience.HOLDER:
            return self.others[channel]
        own = self.organisations.get(organisation or "", {})
        chosen = own.get(channel, self.everybody[channel])
        if chosen == NhsNotifyClient.name and not has_nhs_number:
            return self.others[channel]
        return chosen


def _read(setting: str) -> _Chosen:
    try:
        lines = setting.replace(";", "\n") if "=" in setting else Path(setting).read_text()
        written = tomllib.loads(lines)
    except (OSError, ValueError) as error:
        raise SettingUnfitError(SETTING, wanted="the name of a TOML file") from error
    tables = "a file of [everybody], [organisations.<code>] and [others]"
    if written.keys() - {"everybody", "organisations", "others", "also"}:
        raise SettingUnfitError(SETTING, wanted=tables)
    organisations = written.get("organisations", {})
    if not isinstance(organisations, Mapping):
        raise SettingUnfitError(SETTING, wanted=tables)
    also = written.get("also", [])
    if not isinstance(also, list) or any(name not in KINDS for name in also):
        raise SettingUnfitError(SETTING, wanted="a file in which also lists names of providers")
    everybody = {**BY_DEFAULT, **_choice(written.get("everybody", {}))}
    own = {code: _choice(choice) for code, choice in organisations.items()}
    return _Chosen(everybody, own, _others(everybody, written.get("others", {})), also)


def _others(everybody: Choice, written: object) -> Choice:
    """Return by whom representatives and staff are served: as everybody, unless it is said.

    Raises:
        SettingUnfitError: it cannot be followed, or it is NHS Notify.
    """
    others = {**everybody, **_choice(written)}
    if NhsNotifyClient.name in {others[Channel.EMAIL], others[Channel.SMS]}:
        wanted = f"a file with [others] whom {NhsNotifyClient.name} does not serve"
        raise SettingUnfitError(SETTING, wanted=wanted)
    return others


def _choice(written: object) -> Choice:
    """Check which provider serves each channel.

    Raises:
        SettingUnfitError: no such channel or provider, or one that does not send by it.
    """
    if not isinstance(written, Mapping):
        raise SettingUnfitError(SETTING, wanted="a file with tables of channels")
    choice = {}
    for channel, name in written.items():
        able = sorted(kind for kind in KINDS if channel in KINDS[kind].channels)
        if name not in able:
            wanted = f"a file in which {channel} is one of: {', '.join(able) or 'no channel'}"
            raise SettingUnfitError(SETTING, wanted=wanted)
        choice[Channel(channel)] = name
    return choice
