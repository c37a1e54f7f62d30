"""What it means when a system outside did not answer over HTTP."""

import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError


def was_never_sent(cause: BaseException | None) -> bool:
    """Tell whether no connection came about, so that nothing can have been sent."""
    if isinstance(cause, requests.ConnectTimeout):
        return True
    if not isinstance(cause, requests.ConnectionError) or not cause.args:
        return False
    reason = cause.args[0]
    if isinstance(reason, MaxRetryError):
        reason = reason.reason
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)
