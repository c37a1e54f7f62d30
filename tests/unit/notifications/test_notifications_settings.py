"""What is refused at the start, before it does harm."""

import pytest

from services.notifications.settings import (
    CallbackSettings,
    ContactPoints,
    NotifySettings,
    SettingUnfitError,
    are_drafts_allowed,
    content_days,
)
from shared.settings import SettingMissingError

NEEDED = {"NOTIFICATIONS_NOTIFY_URL": "http://127.0.0.1:1", "NOTIFICATIONS_NOTIFY_API_KEY": "key"}


@pytest.fixture(autouse=True)
def _days_are_read_anew():
    yield
    content_days.cache_clear()


def test_the_pass_through_templates_are_known_unless_others_are_set():
    other = {"NOTIFICATIONS_NOTIFY_EMAIL_TEMPLATE_ID": "other"}

    templates = NotifySettings.from_environment({**NEEDED, **other}).template_ids

    assert templates == {
        "sms": "5a1b0c3e-0000-4000-8000-000000000001",
        "email": "other",
        "letter": "5a1b0c3e-0000-4000-8000-000000000003",
    }


@pytest.mark.parametrize("name", NEEDED)
def test_without_notify_nothing_starts(name):
    with pytest.raises(SettingMissingError, match=name):
        NotifySettings.from_environment({**NEEDED, name: ""})


def test_a_short_callback_token_is_refused_and_not_shown():
    with pytest.raises(SettingUnfitError, match="at least 10") as raised:
        CallbackSettings.from_environment({"NOTIFICATIONS_NOTIFY_CALLBACK_TOKEN": "tooshort"})

    assert "tooshort" not in str(raised.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NOTIFICATIONS_WEB_ADDRESS", "http://commonpurse.example"),
        ("NOTIFICATIONS_WEB_ADDRESS", "https://an.address.too.long.for.a.text.example"),
        ("NOTIFICATIONS_PHONE", "ask for Kim"),
    ],
)
def test_what_a_text_shows_must_fit_into_it(name, value):
    with pytest.raises(SettingUnfitError, match=name):
        ContactPoints.from_environment({name: value})


def test_illustrative_contact_points_are_there_from_the_start():
    points = ContactPoints.from_environment({})

    assert points.web_address == "https://commonpurse.example"
    assert points.phone.startswith("01632 960")


def test_words_that_no_speaker_has_checked_are_refused_unless_somebody_allows_them():
    assert not are_drafts_allowed({})
    assert not are_drafts_allowed({"NOTIFICATIONS_DRAFTS": "refuse"})
    assert are_drafts_allowed({"NOTIFICATIONS_DRAFTS": "allow"})
    with pytest.raises(SettingUnfitError, match="allow or refuse"):
        are_drafts_allowed({"NOTIFICATIONS_DRAFTS": "yes"})


def test_words_are_kept_for_a_week_or_as_many_days_as_the_setting_says(monkeypatch):
    content_days.cache_clear()
    assert content_days() == 7
    monkeypatch.setenv("NOTIFICATIONS_CONTENT_DAYS", "30")
    content_days.cache_clear()
    assert content_days() == 30


@pytest.mark.parametrize("days", ["0", "-1", "seven", "1.5", "1000"])
def test_what_is_no_number_of_days_stops_the_start(monkeypatch, days):
    monkeypatch.setenv("NOTIFICATIONS_CONTENT_DAYS", days)
    content_days.cache_clear()

    with pytest.raises(SettingUnfitError):
        content_days()
