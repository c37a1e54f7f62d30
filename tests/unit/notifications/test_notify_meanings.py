"""What a failed call to Notify means: by its cause, since the client calls them all 503."""

import json
from datetime import timedelta

import pytest
import requests
from notifications_python_client.errors import HTTPError
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError, ProtocolError

from services.notifications.notify_client import meaning_of
from services.notifications.providers import NotTodayError
from shared import clock
from shared.messaging.errands import NotSentError, OutcomeUnknownError, RefusedOutsideError


def answered(status):
    response = requests.Response()
    response.status_code = status
    return HTTPError.create(requests.HTTPError(response=response))


def named(status, name):
    response = requests.Response()
    response.status_code = status
    response._content = json.dumps({"errors": [{"error": name, "message": "…"}]}).encode()
    return HTTPError.create(requests.HTTPError(response=response))


def silence(cause):
    error = HTTPError.create(cause)
    error.__cause__ = cause
    return error


def out_of_reach(reason):
    return requests.ConnectionError(MaxRetryError(None, "/", reason))


@pytest.mark.parametrize("status", [400, 404, 413])
def test_a_refusal_is_for_good(status):
    meaning = meaning_of(answered(status))

    assert isinstance(meaning, RefusedOutsideError)
    assert meaning.reason == f"notify_refused_{status}"


@pytest.mark.parametrize("status", [401, 403, 429])
def test_too_many_at_once_or_a_key_that_is_ours_to_mend_means_not_sent(status):
    assert isinstance(meaning_of(answered(status)), NotSentError)


def test_a_days_limit_holds_until_midnight_utc_and_a_minutes_limit_does_not():
    meaning = meaning_of(named(429, "TooManyRequestsError"))

    assert isinstance(meaning, NotTodayError)
    at = clock.system_time()
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    assert midnight < meaning.until < midnight + timedelta(minutes=1)
    assert type(meaning_of(named(429, "RateLimitError"))) is NotSentError


def test_what_a_key_may_not_do_is_refused_for_good_and_a_wrong_key_is_not():
    assert isinstance(meaning_of(named(403, "BadRequestError")), RefusedOutsideError)
    assert isinstance(meaning_of(named(403, "AuthError")), NotSentError)


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_a_fault_of_theirs_leaves_the_outcome_unknown(status):
    assert isinstance(meaning_of(answered(status)), OutcomeUnknownError)


@pytest.mark.parametrize(
    "cause",
    [
        requests.ConnectTimeout(),
        out_of_reach(NewConnectionError(None, "refused")),
        out_of_reach(ConnectTimeoutError()),
        requests.ConnectionError(NewConnectionError(None, "refused")),
    ],
)
def test_without_a_connection_nothing_was_sent(cause):
    assert isinstance(meaning_of(silence(cause)), NotSentError)


@pytest.mark.parametrize(
    "cause",
    [
        requests.ReadTimeout(),
        requests.ConnectionError(ProtocolError("Connection aborted.")),
        requests.ConnectionError(),
        requests.exceptions.ChunkedEncodingError(),
        out_of_reach(ProtocolError("Connection aborted.")),
    ],
)
def test_a_connection_that_broke_leaves_the_outcome_unknown(cause):
    assert isinstance(meaning_of(silence(cause)), OutcomeUnknownError)
