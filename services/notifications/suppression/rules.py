"""Why somebody is not written to by a channel."""

import enum


class SuppressionReason(enum.StrEnum):
    """What stands behind a suppression. A death is none: it is a fact of its own."""

    PERMANENT_FAILURE = "permanent_failure"  # the provider says that nobody is there
    UNSUBSCRIBED = "unsubscribed"
    STOP = "stop"  # the person answered a text so
    WRONG_NUMBER = "wrong_number"  # somebody else has it


SAID_NO = frozenset({SuppressionReason.UNSUBSCRIBED, SuppressionReason.STOP})
