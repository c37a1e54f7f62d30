"""Each kind of bad token is one: a relying party that checks what it should lets nobody in.

Authlib's client notices nearly all of them by itself. What it leaves to whoever uses it stands in
``LEFT_TO_US``: the gateway must check these.
"""

import pytest

from simulators.identity.forgeries import ID_TOKEN
from simulators.identity.known_faults import VARIANTS

LEFT_TO_US = set()
# For each issuer its own variants would be the same; CIS2 has azp, NHS login another hash.
PLACES = {
    "/nhs-login": "alex",
    "/cis2": "care-coordinator",
    "/council/E09999998": "other-team-manager",
}


@pytest.mark.parametrize("path", PLACES)
@pytest.mark.parametrize("variant", ID_TOKEN)
def test_a_bad_id_token_lets_nobody_in(simulator, relying_party, path, variant):
    simulator.plan("bad_id_token", variant=variant, type=path)

    answer = relying_party(path).sign_in(PLACES[path])

    assert simulator.planned() == []
    assert answer.status_code == (200 if variant in LEFT_TO_US else 401), answer.json
    assert simulator.log("strangers_keys_read") == []
    assert relying_party(path).sign_in(PLACES[path]).status_code == 200


def test_there_are_more_than_twenty_kinds():
    assert len(set(VARIANTS["bad_id_token"])) > 20
