"""What is edited is changed only by who has seen how it stands: ``If-Match``, RFC 9110."""

import re
from http import HTTPStatus

from flask import request

from services.gateway.problems import ProblemError

_VERSION = re.compile(r'"(\d{1,9})"')


def version_seen() -> int:
    """Return the version that the caller has seen, as its ETag was given.

    The service compares it in the transaction of the change, so that of two at once one is
    refused, and a repeat by the same key gets the answer it got before.

    Raises:
        ProblemError: none is told, or it is no ETag of ours.
    """
    told = request.headers.get("If-Match")
    if told is None:
        raise ProblemError(
            HTTPStatus.PRECONDITION_REQUIRED,
            "if_match_wanted",
            "An If-Match header is needed: what is changed here may be changed by others.",
            next_step="Read it first, and send the ETag of that answer as If-Match.",
        )
    found = _VERSION.fullmatch(told.strip())
    if found is None:
        raise changed()
    return int(found[1])


def changed() -> ProblemError:
    """Return what is said to whoever has seen something else than there is."""
    return ProblemError(
        HTTPStatus.PRECONDITION_FAILED,
        "changed_meanwhile",
        "This If-Match is not the ETag of how it stands.",
        next_step="Read it again, and send the ETag of that answer.",
    )
