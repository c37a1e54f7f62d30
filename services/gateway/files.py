"""Documents that a service has made: sent as files."""

import base64
import re
from collections.abc import Mapping

from flask import Response

_NAME = re.compile(r"[A-Za-z0-9._-]{1,120}")


def sent(found: Mapping[str, str]) -> Response:
    """Return a document under its name, for keeping and never for showing in a page of ours.

    ``Known-At`` is the instant whose state it shows; asked for with it, it is the same again.
    """
    content = found["content"]
    raw = base64.b64decode(content) if found["encoding"] == "base64" else content.encode()
    answer = Response(raw, content_type=found["media_type"])
    name = found["file_name"]
    if not _NAME.fullmatch(name):
        raise ValueError(name)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Known-At"] = found["known_at"]
    return answer
