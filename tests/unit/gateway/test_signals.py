"""What partners are told by a signal, their systems may read where it points to."""

import re

import pytest

from services.gateway import policy
from services.gateway.api import SUBJECTS
from services.partners.catalogue.rules import BUDGETS
from services.partners.outgoing import OUTGOING

SYSTEM = "partner_system"
POINTING = sorted(name for name, outgoing in OUTGOING.items() if outgoing.read_at)
IN_ADDRESS = re.compile(r"<\w+:(\w+)>")
READ = {
    "/v1" + IN_ADDRESS.sub(r"{\1}", route.path): route.operation
    for subject in SUBJECTS
    for route in subject.routes
    if route.method == "GET"
}


@pytest.mark.parametrize("name", POINTING)
def test_what_a_signal_points_to_is_there_for_the_systems_that_hear_it(name):
    read_at = OUTGOING[name].read_at

    relations = policy.load().relations(READ[read_at], [SYSTEM])

    assert relations == {"funder" if read_at.startswith(BUDGETS) else "organisation"}
