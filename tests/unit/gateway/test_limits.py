"""What is too much, and what one address is."""

import re
from datetime import timedelta

import pytest

from services.gateway.api import SUBJECTS
from services.gateway.limits.limiter import NOBODYS, RECORDS
from services.gateway.limits.rules import Allowance, Limits, one_home, whole_seconds
from services.gateway.settings import SettingUnfitError, _limits, _number

NAMED = re.compile(r"<(?:\w+:)?(\w+)>")


def test_tokens_come_back_one_by_one():
    allowance = Allowance(at_once=100, per_second=10)

    assert allowance.step == timedelta(milliseconds=100)
    assert allowance.whole == timedelta(seconds=10)


@pytest.mark.parametrize(("wait", "seconds"), [(0.0, 1), (0.1, 1), (1.0, 1), (1.01, 2), (59.5, 60)])
def test_somebody_is_told_whole_seconds(wait, seconds):
    assert whole_seconds(timedelta(seconds=wait)) == seconds


@pytest.mark.parametrize(
    ("address", "home"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::2", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("somewhere", ""),
        ("192.0.2.7, 192.0.2.8", ""),
    ],
)
def test_an_address_is_what_nobody_changes_at_will(address, home):
    assert one_home(address) == home


def test_every_id_by_which_something_is_read_is_somebodys_record_or_nobodys():
    """Whoever adds a route says which: what is in neither would be counted for nobody."""
    read = {
        name
        for subject in SUBJECTS
        for route in subject.routes
        if not route.is_command
        for name in NAMED.findall(route.path)
    }

    assert read - set(RECORDS) - set(NOBODYS) == set()
    assert set(RECORDS) | set(NOBODYS) == read


def test_what_is_not_set_is_as_usual():
    assert _limits({}) == _limits({"GATEWAY_PEOPLE_PER_HOUR": ""}) == Limits()


def test_what_is_set_counts():
    found = _limits(
        {
            "GATEWAY_PEOPLE_PER_HOUR": "30",
            "GATEWAY_REQUESTS_AT_ONCE": "7",
            "GATEWAY_SIGN_INS_PER_SECOND": "1",
        }
    )

    assert found.people_per_hour == 30
    assert found.requests == Allowance(at_once=7, per_second=10)
    assert found.sign_ins == Allowance(at_once=120, per_second=1)


@pytest.mark.parametrize("said", ["0", "-1", "1.5", "many", "1000001", "²", " 5", "1e3"])
def test_a_limit_that_is_none_starts_nothing(said):
    wanted = "^GATEWAY_PEOPLE_PER_HOUR must be a whole number from 1 to 1000000.$"

    with pytest.raises(SettingUnfitError, match=wanted):
        _limits({"GATEWAY_PEOPLE_PER_HOUR": said})


def test_there_may_be_no_proxy():
    assert _number({"GATEWAY_PROXIES": "0"}, "GATEWAY_PROXIES", 0, least=0, most=5) == 0
