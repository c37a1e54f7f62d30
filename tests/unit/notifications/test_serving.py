"""Which provider serves whom, and what is refused at the start."""

from types import ModuleType

import pytest

from operations import errand_runner
from services.notifications import errands
from services.notifications.people.rules import Audience, Channel
from services.notifications.serving import Serving
from services.notifications.settings import SettingUnfitError
from shared.settings import SettingMissingError
from tests.simulators import nhs_notify_server as server

NOTIFY = {"NOTIFICATIONS_NOTIFY_URL": "http://127.0.0.1:1", "NOTIFICATIONS_NOTIFY_API_KEY": "key"}
MAIL = {"NOTIFICATIONS_MAIL_URL": "smtp://mail.example", "NOTIFICATIONS_MAIL_FROM": "p@x.example"}


@pytest.fixture
def serving(tmp_path):
    def read(text, **settings):
        file = tmp_path / "providers.toml"
        file.write_text(text)
        return Serving.from_environment({"NOTIFICATIONS_PROVIDERS": str(file), **settings})

    return read


def test_notify_serves_everybody_unless_somebody_says_otherwise():
    serving = Serving.from_environment(NOTIFY)

    assert {serving.provider_of(channel) for channel in Channel} == {"govuk-notify"}
    assert set(serving.providers) == {"govuk-notify"}


def test_an_organisation_has_its_own_providers_and_those_of_everybody_for_the_rest(
    serving, tmp_path
):
    served = serving(
        '[everybody]\nletter = "letter-folder"\n[organisations.QXX]\nemail = "mail"\n',
        **NOTIFY,
        **MAIL,
        NOTIFICATIONS_LETTERS_DIRECTORY=str(tmp_path),
    )

    assert served.provider_of(Channel.EMAIL) == "govuk-notify"
    assert served.provider_of(Channel.EMAIL, organisation="QXX") == "mail"
    assert served.provider_of(Channel.LETTER, organisation="QXX") == "letter-folder"
    assert served.provider_of(Channel.EMAIL, organisation="another") == "govuk-notify"
    assert set(served.providers) == {"govuk-notify", "mail", "letter-folder"}
    assert all(served.providers[name].name == name for name in served.providers)


def test_the_lines_may_stand_in_the_setting_itself():
    lines = 'everybody = {email = "mail"}; organisations.QXX = {email = "govuk-notify"}'

    served = Serving.from_environment({**NOTIFY, **MAIL, "NOTIFICATIONS_PROVIDERS": lines})

    assert served.provider_of(Channel.EMAIL) == "mail"
    assert served.provider_of(Channel.EMAIL, organisation="QXX") == "govuk-notify"


def test_a_provider_that_serves_nobody_needs_no_settings(serving, tmp_path):
    everything = '[everybody]\nsms = "govuk-notify"\nemail = "govuk-notify"\n'

    assert set(serving(everything, **NOTIFY).providers) == {"govuk-notify"}


def test_a_provider_that_serves_nobody_any_more_may_stay_open(serving):
    served = serving('also = ["mail"]\n', **NOTIFY, **MAIL)

    assert set(served.providers) == {"govuk-notify", "mail"}
    assert served.provider_of(Channel.EMAIL) == "govuk-notify"


@pytest.mark.parametrize(
    "text",
    [
        'also = "mail"\n',
        'also = ["pigeon"]\n',
        '[everybody]\nsms = "pigeon"\n',
        '[everybody]\nsms = "mail"\n',
        '[everybody]\nfax = "govuk-notify"\n',
        "[everybody]\nsms = 1\n",
        '[organisations]\nQXX = "mail"\n',
        "organisations = 1\n",
        '[nobody]\nsms = "govuk-notify"\n',
        "no TOML",
    ],
)
def test_a_choice_that_cannot_be_followed_is_refused(serving, text):
    with pytest.raises(SettingUnfitError, match="NOTIFICATIONS_PROVIDERS"):
        serving(text, **NOTIFY)


def test_a_file_that_is_not_there_is_refused():
    with pytest.raises(SettingUnfitError):
        Serving.from_environment({**NOTIFY, "NOTIFICATIONS_PROVIDERS": "/nowhere.toml"})


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"NOTIFICATIONS_MAIL_URL": ""}, SettingMissingError),
        ({"NOTIFICATIONS_MAIL_URL": "http://mail.example"}, SettingUnfitError),
        ({"NOTIFICATIONS_MAIL_URL": "smtp://"}, SettingUnfitError),
        ({"NOTIFICATIONS_MAIL_FROM": "nobody"}, SettingUnfitError),
        ({"NOTIFICATIONS_MAIL_FROM": "Purse <p@x.example"}, SettingUnfitError),
        ({"NOTIFICATIONS_MAIL_FROM": "Purse\nBcc: e@x.example <p@x.example>"}, SettingUnfitError),
        (
            {
                "NOTIFICATIONS_MAIL_URL": "smtp+plain://mail.example",
                "COMMONPURSE_ENVIRONMENT": "production",
            },
            SettingUnfitError,
        ),
    ],
)
def test_a_mail_server_that_cannot_be_used_is_refused(serving, settings, error):
    with pytest.raises(error):
        serving('[everybody]\nemail = "mail"\n', **{**NOTIFY, **MAIL, **settings})


def test_letters_need_a_folder_that_is_there(serving, tmp_path):
    for folder, error in (("", SettingMissingError), (str(tmp_path / "no"), SettingUnfitError)):
        with pytest.raises(error):
            serving(
                '[everybody]\nletter = "letter-folder"\n',
                **NOTIFY,
                NOTIFICATIONS_LETTERS_DIRECTORY=folder,
            )


def test_those_beside_the_person_are_served_as_everybody_is_unless_somebody_says_otherwise(
    serving,
):
    everybody = serving('[everybody]\nemail = "mail"\n', **NOTIFY, **MAIL)
    other = serving('[others]\nemail = "mail"\n', **NOTIFY, **MAIL)

    assert everybody.provider_of(Channel.EMAIL, Audience.BROKER) == "mail"
    assert other.provider_of(Channel.EMAIL, Audience.REPRESENTATIVE) == "mail"
    assert other.provider_of(Channel.SMS, Audience.REPRESENTATIVE) == "govuk-notify"
    assert other.provider_of(Channel.EMAIL) == "govuk-notify"
    assert set(other.providers) == {"govuk-notify", "mail"}


NHS = {
    "NOTIFICATIONS_NHS_URL": "http://127.0.0.1:1",
    "NOTIFICATIONS_NHS_API_KEY": server.API_KEY,
    "NOTIFICATIONS_NHS_KEY_ID": server.KEY_ID,
    "NOTIFICATIONS_NHS_PRIVATE_KEY": server.PRIVATE_KEY_SETTING,
}


@pytest.mark.parametrize(
    "text",
    [
        '[organisations.trust]\nsms = "nhs-notify"\n[others]\nemail = "mail"\n',
        '[everybody]\nsms = "nhs-notify"\n[others]\nsms = "govuk-notify"\n',
    ],
)
def test_nhs_notify_serves_only_people_whom_it_can_find(serving, text):
    served = serving(text, **NOTIFY, **MAIL, **NHS)

    def by(audience=Audience.HOLDER, *, has_nhs_number=True):
        return served.provider_of(
            Channel.SMS, audience, organisation="trust", has_nhs_number=has_nhs_number
        )

    assert by() == "nhs-notify"
    assert by(has_nhs_number=False) == "govuk-notify"
    beside = [audience for audience in Audience if audience is not Audience.HOLDER]
    assert {by(audience) for audience in beside} == {"govuk-notify"}


@pytest.mark.parametrize(
    "text",
    [
        '[everybody]\nemail = "nhs-notify"\n',
        '[everybody]\nsms = "nhs-notify"\n[others]\nemail = "mail"\n',
        '[others]\nemail = "nhs-notify"\n',
    ],
)
def test_nhs_notify_never_serves_those_beside_the_person(serving, text):
    with pytest.raises(SettingUnfitError, match="others"):
        serving(text, **NOTIFY, **MAIL)


@pytest.mark.parametrize(
    ("choice", "more", "seconds"),
    [
        ('[everybody]\nemail = "govuk-notify"\n', {}, 60),
        ('[organisations.trust]\nsms = "nhs-notify"\n', NHS, 6 * 26 + 30),
        ('[everybody]\nemail = "mail"\n', MAIL, 16 * 20 + 30),
        ("", {"NOTIFICATIONS_NOTIFY_TIMEOUT_SECONDS": "60"}, 66 + 30),
    ],
)
def test_an_errand_is_left_alone_for_longer_than_the_longest_call(
    tmp_path, monkeypatch, choice, more, seconds
):
    file = tmp_path / "providers.toml"
    file.write_text(choice)
    for name, value in {**NOTIFY, **more, "NOTIFICATIONS_PROVIDERS": str(file)}.items():
        monkeypatch.setenv(name, value)

    assert errand_runner.lease_seconds(errands) == seconds


def test_a_service_whose_calls_are_short_says_nothing_of_them():
    assert errand_runner.lease_seconds(ModuleType("errands")) == 60
