"""What is looked at before anything starts, so that a wrong setting is no message's end."""

import os
from collections.abc import Mapping

from services.notifications.settings import (
    ContactPoints,
    SettingUnfitError,
    are_drafts_allowed,
    content_days,
)
from services.notifications.unsubscribe import addresses
from shared.contracts import organisations
from shared.settings import SettingMissingError


def check(environment: Mapping[str, str] = os.environ) -> None:
    """End the process with a line that names the setting, if one cannot be used.

    Raises:
        SystemExit: it does not go on, and its exit code says so.
    """
    try:
        are_drafts_allowed(environment)
        ContactPoints.from_environment(environment)
        addresses.check(environment)
        content_days()
    except (SettingMissingError, SettingUnfitError) as error:
        raise SystemExit(str(error)) from error
    organisations.check()
