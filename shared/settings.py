"""Settings come from the environment, are checked once at the start, and never change."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self


class SettingMissingError(Exception):
    """The environment lacks a setting without which the process cannot run."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Set {name} in the environment; the service's README says to what.")
        self.name = name


def required(environment: Mapping[str, str], name: str) -> str:
    """Return one setting.

    Raises:
        SettingMissingError: it is not set, or empty.
    """
    if value := environment.get(name):
        return value
    raise SettingMissingError(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSettings:
    """What every process of a service needs."""

    database_url: str
    broker_url: str
    wake_directory: str  # where its relay and its errands listen for a nudge; may be empty

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        return cls(
            database_url=required(environment, "COMMONPURSE_DATABASE_URL"),
            broker_url=required(environment, "COMMONPURSE_BROKER_URL"),
            wake_directory=environment.get("COMMONPURSE_WAKE_DIR", ""),
        )
