"""What a preview shows: the words, how long and how hard they are, and what to look at."""

import json

import pytest
from marshmallow import ValidationError

from services.notifications.on_file.library import library
from services.notifications.people.rules import Audience
from services.notifications.preview.__main__ import main
from services.notifications.preview.queries import NoSuchFactError, NoSuchTopicError, preview
from services.notifications.preview.schemas import PreviewForm
from services.notifications.topics.table import TOPICS


def shown(topic="balance_low", **asked):
    return preview(PreviewForm().load({"topic": topic, "channel": "letter", **asked}))


def test_a_text_is_shown_with_its_fragments():
    text = shown(channel="sms")

    assert text["text"].startswith("Alex, there is an update about your budget.")
    assert (text["fragments"], text["reading_level"], text["findings"]) == (1, None, [])


def test_a_letter_is_shown_with_its_level_of_reading():
    letter = shown(facts={"available": "£29.00"})

    assert "You have £29.00 left" in letter["text"]
    assert letter["subject"] == "There is not much left in your budget"
    assert 3 <= letter["reading_level"] < 12
    assert letter["fragments"] is None
    assert letter["is_checked"]


@pytest.mark.parametrize("topic", library().templates)
@pytest.mark.parametrize("channel", ["email", "letter"])
def test_english_letters_and_emails_are_easy_enough_to_read(topic, channel):
    letter = shown(topic, channel=channel)

    assert letter["reading_level"] < 12
    assert letter["findings"] == []


@pytest.mark.parametrize("topic", library().templates)
def test_easy_read_has_one_idea_a_line_and_a_picture_beside_each(topic):
    facts = dict.fromkeys(library().templates[topic].facts, "3 March 2026")

    letter = shown(topic, format="easy_read", facts=facts)

    assert letter["format"] == "easy_read"
    assert letter["findings"] == []
    assert len(letter["pictures"]) == len(letter["text"].split("\n\n"))


def test_what_somebody_wrote_is_broken_into_sentences_for_easy_read():
    reasons = "You are new here.\nWe know little. Come and see us."

    letter = shown("plan_returned", format="easy_read", facts={"reason": reasons, "lines": ["a"]})

    assert (
        "This is why:\n\nYou are new here.\n\nWe know little.\n\nCome and see us."
        in (letter["text"])
    )


def test_facts_that_are_hard_to_read_are_found():
    facts = {"ends_on": "24 November 2026", "reason": "Notwithstanding, " + "word " * 25}

    letter = shown("budget_ended", facts=facts)

    assert any("a sentence is too long" in finding for finding in letter["findings"])
    assert "has a word of offices: notwithstanding" in letter["findings"]


def test_a_draft_is_shown_and_marked_when_it_is_asked_for():
    draft, refused = (shown(language="ur", is_draft_shown=one) for one in (True, False))

    assert (draft["language"], draft["direction"], draft["is_checked"]) == ("ur", "rtl", False)
    assert draft["findings"] == ["no speaker of this language has checked these words"]
    assert (refused["language"], refused["explained_in"]) == ("en", "ur")


def test_what_is_only_written_has_no_text():
    refused = shown("plan_refused", channel="sms")

    assert refused["text"] is None
    assert refused["findings"] == ["this channel cannot say it in this language and format"]


def test_a_topic_and_facts_that_are_not_there_are_refused():
    with pytest.raises(NoSuchTopicError):
        shown("weather")
    with pytest.raises(NoSuchFactError) as raised:
        shown(facts={"salary": "£1"})
    assert raised.value.details == {"facts": "salary"}


@pytest.mark.parametrize(
    "unfit",
    [
        {"channel": "pigeon"},
        {"audience": "everybody"},
        {"format": "braille"},
        {"facts": {"available": 3}},
        {"facts": {"available": ["x"] * 51}},
        {"facts": {"available": "x" * 2_001}},
        {"more": 1},
    ],
)
def test_a_question_of_the_wrong_form_is_refused(unfit):
    with pytest.raises(ValidationError):
        shown(**unfit)


TO_OTHERS = [
    (topic.name, audience.value)
    for topic in TOPICS.values()
    for audience in topic.audiences
    if audience is not Audience.HOLDER
]


@pytest.mark.parametrize(("topic", "audience"), TO_OTHERS)
def test_what_those_beside_the_person_get_is_shown_and_easy_enough(topic, audience):
    email = shown(topic, channel="email", audience=audience)

    assert email["text"].startswith("Dear Robin Example,")
    assert ("Alex Sample" in email["text"]) == (audience != "funder")
    assert (email["findings"], email["is_checked"]) == ([], True)
    assert email["reading_level"] < 12


def test_a_text_to_a_representative_is_shown_with_its_fragments():
    text = shown("refund", channel="sms", audience="representative")

    assert text["text"].startswith("Robin Example, you act for Alex. ")
    assert (text["fragments"], text["findings"]) == (1, [])


def test_what_somebody_is_not_told_is_not_shown():
    for topic, audience in (("refund", "broker"), ("receipt_wanted", "holder")):
        with pytest.raises(NoSuchTopicError):
            shown(topic, audience=audience)
    assert shown("receipt_wanted", audience="broker", channel="sms")["text"] is None


def test_the_command_line_prints_the_same(capsys):
    assert main(["balance_low", "--channel", "sms", "--language", "cy"]) == 0

    assert json.loads(capsys.readouterr().out) == shown(
        channel="sms", language="cy", is_draft_shown=True
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["weather"], "There are no words on this topic."),
        (["balance_low", "--facts", "{"], "--facts is no JSON"),
        (["balance_low", "--facts", '{"available": 3}'], "unfit: facts"),
    ],
)
def test_the_command_line_says_what_is_wrong(capsys, arguments, said):
    with pytest.raises(SystemExit):
        main(arguments)

    assert said in capsys.readouterr().err
