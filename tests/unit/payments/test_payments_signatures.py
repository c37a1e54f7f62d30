import base64
import time
from datetime import UTC, datetime

import pytest
import standardwebhooks
from stripe import WebhookSignature
from werkzeug.datastructures import Headers

from services.payments import signatures
from services.payments.signatures import BadSignatureError

SECRET = "whsec_" + base64.b64encode(b"a secret of the bank").decode()


def issuer_header(body="{}", *, age_seconds=0, secret=SECRET):
    timestamp = int(time.time()) - age_seconds
    return WebhookSignature.generate_signature_header(body, secret, timestamp)


def bank_headers(body="{}", *, age_seconds=0):
    sent_at = int(time.time()) - age_seconds
    signed = standardwebhooks.Webhook(SECRET).sign(
        "msg_1", datetime.fromtimestamp(sent_at, tz=UTC), body
    )
    return Headers(
        {
            "Webhook-Id": "msg_1",
            "Webhook-Timestamp": str(sent_at),
            "Webhook-Signature": signed,
        }
    )


@pytest.mark.parametrize("age_seconds", [0, 290, -290])
def test_a_signature_of_the_last_or_next_five_minutes_is_good(age_seconds):
    headers = Headers({"Stripe-Signature": issuer_header(age_seconds=age_seconds)})
    signatures.check_stripe(b"{}", headers, secret=SECRET)
    headers = bank_headers(age_seconds=age_seconds)
    assert signatures.check_standard(b"{}", headers, secret=SECRET) == "msg_1"


@pytest.mark.parametrize("age_seconds", [310, -310, 10**9])
def test_an_older_or_later_one_is_not(age_seconds):
    headers = Headers({"Stripe-Signature": issuer_header(age_seconds=age_seconds)})
    with pytest.raises(BadSignatureError):
        signatures.check_stripe(b"{}", headers, secret=SECRET)
    headers = bank_headers(age_seconds=age_seconds)
    with pytest.raises(BadSignatureError):
        signatures.check_standard(b"{}", headers, secret=SECRET)


@pytest.mark.parametrize("name", ["xt", "v0t", " t", "T"])
def test_an_old_signature_is_not_made_new_by_another_time_before_it(name):
    header = f"{name}={int(time.time())},{issuer_header(age_seconds=10_000)}"

    with pytest.raises(BadSignatureError):
        signatures.check_stripe(b"{}", Headers({"Stripe-Signature": header}), secret=SECRET)


def test_either_of_two_signatures_will_do_while_the_secret_is_changed():
    timestamp = int(time.time())
    good = WebhookSignature.generate_signature_header("{}", SECRET, timestamp)
    header = f"t={timestamp},v1={'0' * 64},v1={good.split('v1=')[1]}"

    signatures.check_stripe(b"{}", Headers({"Stripe-Signature": header}), secret=SECRET)


@pytest.mark.parametrize(
    "header", ["", "nonsense", "t=1", "t=,v1=", "v1=00", "t=1,v1=é", "t=x,v1=00"]
)
def test_what_is_no_signature_is_refused(header):
    with pytest.raises(BadSignatureError):
        signatures.check_stripe(b"{}", Headers({"Stripe-Signature": header}), secret=SECRET)


def test_a_signature_of_another_body_is_refused():
    headers = Headers({"Stripe-Signature": issuer_header("other")})  # now: an old one is refused
    with pytest.raises(BadSignatureError):
        signatures.check_stripe(b"{}", headers, secret=SECRET)


def test_a_signature_with_another_secret_is_refused():
    header = issuer_header(secret="whsec_other")
    with pytest.raises(BadSignatureError):
        signatures.check_stripe(b"{}", Headers({"Stripe-Signature": header}), secret=SECRET)


@pytest.mark.parametrize("body", [b"\xff", b"[]"])
def test_a_body_that_was_not_signed_is_refused(body):
    with pytest.raises(BadSignatureError):
        signatures.check_stripe(body, Headers({"Stripe-Signature": issuer_header()}), secret=SECRET)
    with pytest.raises(BadSignatureError):
        signatures.check_standard(body, bank_headers(), secret=SECRET)


@pytest.mark.parametrize(
    "changed",
    [
        {"Webhook-Id": ""},
        {"Webhook-Timestamp": "nan"},
        {"Webhook-Timestamp": "1e400"},
        {"Webhook-Signature": "v1"},
        {"Webhook-Signature": "v1,!"},
        {"Webhook-Signature": "v2,AAAA"},
    ],
)
def test_broken_headers_of_the_bank_are_refused(changed):
    headers = bank_headers()
    headers.update(changed)
    with pytest.raises(BadSignatureError):
        signatures.check_standard(b"{}", headers, secret=SECRET)
