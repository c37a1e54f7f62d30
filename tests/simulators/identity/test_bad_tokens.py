"""Each kind of bad token is one: a relying party that checks what it should lets nobody in.

Authlib's client notices most of them by itself. What it leaves to whoever uses it stands in
``LEFT_TO_US``, so that a release of it that does otherwise is seen.
"""

import pytest

from simulators.identity.forgeries import ID_TOKEN
from simulators.identity.known_faults import VARIANTS

# They differ in the algorithm, and CIS2 says azp, too.
PLACES = {
    "/nhs-login": "alex",
    "/cis2": "care-coordinator",
    "/council/E09999998": "other-team-manager",
}
LEFT_TO_US = [
    ("wrong_audience", "/cis2"),  # it looks at azp instead
    ("old_sign_in", "/nhs-login"),  # whatever max_age said
    ("no_sign_in_time", "/nhs-login"),
    ("said_twice", "/nhs-login"),  # it takes the last one; userinfo is about another
    ("empty_subject", "/nhs-login"),
]
EVERY_PLACE = pytest.mark.parametrize("path", PLACES)


@EVERY_PLACE
@pytest.mark.parametrize("variant", ID_TOKEN)
def test_a_bad_id_token_lets_nobody_in(simulator, relying_party, path, variant):
    simulator.plan("bad_id_token", variant=variant, type=path)

    answer = relying_party(path).sign_in(PLACES[path])

    assert simulator.planned() == []
    assert answer.status_code == 401, answer.json
    assert simulator.log("strangers_keys_read") == []
    assert relying_party(path).sign_in(PLACES[path]).status_code == 200


@pytest.mark.parametrize(("variant", "path"), LEFT_TO_US)
def test_authlib_alone_lets_these_in(simulator, relying_party, variant, path):
    simulator.plan("bad_id_token", variant=variant, type=path)

    answer = relying_party(path, trusts_authlib=True).sign_in(PLACES[path])

    assert answer.status_code == 200, answer.json


def test_there_are_more_than_twenty_kinds():
    assert len(set(VARIANTS["bad_id_token"])) > 20
