import pytest

from simulators.notify import personalisation
from simulators.notify.keys import ApiKey


@pytest.mark.parametrize("name", ["First Name", "first_name", "FIRST-NAME", "firstname"])
def test_a_placeholder_is_found_however_its_name_is_written(name):
    values = personalisation.plain_values({name: "Ada"})

    assert personalisation.fill("Dear ((first name)),", values) == "Dear Ada,"


@pytest.mark.parametrize(("value", "shown"), [("yes", "!"), (True, "!"), ("no", ""), (False, "")])
def test_a_conditional_text_is_shown_if_yes(value, shown):
    values = personalisation.plain_values({"urgent": value})

    assert personalisation.placeholders("Hello((urgent??!))") == ["urgent"]
    assert personalisation.fill("Hello((urgent??!))", values) == f"Hello{shown}"


def test_a_list_is_written_out_and_a_null_is_missing():
    values = personalisation.plain_values({"a": ["x", "y", "z"], "b": ["x"], "c": None})

    assert values == {"a": "x, y and z", "b": "x"}


@pytest.mark.parametrize("text", ["short", "x" * 80])
def test_a_key_without_two_uuids_is_refused_at_the_start(text):
    with pytest.raises(ValueError, match=r"API key|badly formed"):
        ApiKey.parse(text)
