"""The words for those beside the person: checked as all are, and giving nothing away."""

import shutil

import pytest

from services.notifications.copies.wording import Concerned, wording_for_other
from services.notifications.forms.faults import (
    LONGEST_POINTS,
    LONGEST_USUAL_NAME,
)
from services.notifications.on_file.library import WORDS, WordsUnfitError, library, read
from services.notifications.people.rules import STAFF, Audience, Channel
from services.notifications.reading.rules import hard_to_read, telling_words
from services.notifications.reading.syllables import syllables
from services.notifications.templates.wording import FactsUnfitError
from services.notifications.texts.rules import fragments, is_gsm
from services.notifications.topics.table import TOPICS

ALEX = Concerned(given_name="Alex", full_name="Alex Sample")
POINTS = {"web_address": "https://commonpurse.example", "phone": "01632 960123"}
TO_OTHERS = [
    (topic, audience)
    for topic in TOPICS.values()
    for audience in topic.audiences
    if audience is not Audience.HOLDER
]
FACT = "3 March 2026"


def facts_of(topic, audience):
    """Return facts for words: those of the person's where they are told, or those of staff."""
    if Audience.HOLDER in topic.audiences:
        return dict.fromkeys(library().templates[topic.name].facts, FACT)
    return dict.fromkeys(library().others[topic.words_for(audience)].facts - {"person"}, FACT)


def said(topic, audience, channel=Channel.EMAIL, **changed):
    how = {
        "words": topic.words_for(audience),
        "topic": topic.name,
        "name": "Robin Example",
        "person": ALEX,
        "facts": facts_of(topic, audience),
        "points": POINTS,
    }
    return wording_for_other(channel, **(how | changed))


@pytest.mark.parametrize(("topic", "audience"), TO_OTHERS, ids=str)
def test_every_line_of_the_table_can_be_said_by_email_and_names_nobody_in_its_subject(
    topic, audience
):
    email = said(topic, audience)

    assert "((" not in email.body
    assert email.body.startswith("Dear Robin Example,")
    assert ("Alex Sample" in email.body) == (audience is not Audience.FUNDER)
    assert POINTS["web_address"] in email.body
    assert POINTS["phone"] in email.body
    assert "Alex" not in email.subject
    assert telling_words(email.subject) == []
    assert (email.language, email.accessible_format) == ("en", None)


@pytest.mark.parametrize(("topic", "audience"), TO_OTHERS, ids=str)
def test_they_are_as_easy_to_read_as_what_people_get(topic, audience):
    assert list(hard_to_read(said(topic, audience).body, syllables=syllables)) == []


@pytest.mark.parametrize("topic", TOPICS.values(), ids=lambda topic: topic.name)
def test_a_copy_says_for_whom_one_acts_and_quotes_what_the_person_gets(topic):
    if Audience.REPRESENTATIVE not in topic.audiences:
        return
    theirs = library().templates[topic.name]

    copy = said(topic, Audience.REPRESENTATIVE)

    assert "You act for Alex Sample." in copy.body
    assert 'In it, "you" means Alex Sample.' in copy.body
    assert theirs.body.split("((")[0] in copy.body


@pytest.mark.parametrize("topic", TOPICS.values(), ids=lambda topic: topic.name)
def test_a_text_to_a_representative_says_only_of_whom_there_is_news(topic):
    if Audience.REPRESENTATIVE not in topic.audiences:
        return
    text = said(topic, Audience.REPRESENTATIVE, Channel.SMS)

    assert text.subject is None
    assert text.body.startswith("Robin Example, you act for Alex. ")
    rest = text.body
    for known in ("Robin Example", *POINTS.values()):
        rest = rest.replace(known, "")
    assert telling_words(rest) == []
    assert FACT not in text.body
    assert is_gsm(text.body)
    assert fragments(text.body) == 1


def test_a_text_with_two_long_names_takes_two_fragments_and_with_endless_ones_is_not_said():
    refund = TOPICS["refund"]
    long = Concerned(given_name=LONGEST_USUAL_NAME, full_name="Alex Sample")
    endless = Concerned(given_name="Ż" * 100, full_name="Alex Sample")

    text = said(
        refund,
        Audience.REPRESENTATIVE,
        Channel.SMS,
        name=LONGEST_USUAL_NAME,
        person=long,
        points=LONGEST_POINTS,
    )

    assert fragments(text.body) == 2
    assert said(refund, Audience.REPRESENTATIVE, Channel.SMS, person=endless) is None


@pytest.mark.parametrize("audience", sorted(STAFF))
def test_staff_get_no_texts_and_nobody_beside_the_person_a_letter(audience):
    (topic, *_) = [topic for topic, one in TO_OTHERS if one is audience]

    assert said(topic, audience, Channel.SMS) is None
    assert said(topic, audience, Channel.LETTER) is None
    assert said(TOPICS["refund"], Audience.REPRESENTATIVE, Channel.LETTER) is None


@pytest.mark.parametrize(
    ("topic", "audience"),
    [("refund", Audience.REPRESENTATIVE), ("payment_declined", Audience.BROKER)],
)
def test_facts_that_do_not_fit_the_words_are_a_fault(topic, audience):
    with pytest.raises(FactsUnfitError):
        said(TOPICS[topic], audience, facts={"refunded": "£1.00"})


@pytest.mark.parametrize("name", ["((phone))", "<b>O'Brien</b>", "王小明", "عائشة 🎉", "%s {0}"])
def test_names_come_out_as_they_went_in(name):
    email = said(
        TOPICS["refund"],
        Audience.REPRESENTATIVE,
        name=name,
        person=Concerned(given_name=name, full_name=name),
    )

    assert email.body.startswith(f"Dear {name},")
    assert f"You act for {name}." in email.body


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        ("copy_money", "news on a budget", "£5 on a budget", "sms gives away: £"),
        ("copy_money", "news on a budget", "news on ((person))", "sms has the placeholder"),
        ("copy_money", "news on a budget", "news on a budget " * 4, "sms is too long"),
        ("copy_money", "There is news for", "((person)): news for", "subject has the placeholder"),
        ("copy_money", 'sms = "', '# "', "a text is for representatives"),
        ("copy_money", "((told))", "", "the fact told is never said"),
        ("copy_money", 'audience = "rep', 'audience = "ape', "missing or unknown: audience"),
        ("receipt_wanted_broker", 'subject = "A', 'sms = "x"\nsubject = "A', "a text is for"),
        ("receipt_wanted_broker", "A receipt is", "A therapy receipt is", "gives away: therapy"),
        ("receipt_wanted_broker", "Please send", "Please submit", "word of offices: submit"),
        ("receipt_wanted_broker", '"person", ', "", "person, which is not allowed there"),
        ("receipt_wanted_broker", "version = 1", 'version = 1\nheading = "x"', "unknown: heading"),
        ("contribution_late_funder", "((reference))", "((person))", "placeholder person"),
        ("contribution_late_funder", '["reference"', '["person"', "not whose it is"),
        ("frame", "((name)), you act", "You act, ((name))", "sms_copy does not begin"),
        ("frame", '((web_address)) ((phone))"\nwr', '((phone))"\nwr', "does not say web_address"),
    ],
)
def test_words_for_others_that_must_not_be_sent_stop_the_start(tmp_path, file, old, new, fault):
    folder = shutil.copytree(WORDS / "en", tmp_path / "en")
    path = folder / f"{file}.toml"
    words = path.read_text(encoding="utf-8")
    assert old in words
    path.write_text(words.replace(old, new), encoding="utf-8")

    with pytest.raises(WordsUnfitError, match=fault):
        read(folder)


def test_words_for_others_are_refused_in_another_language(tmp_path):
    folder = shutil.copytree(WORDS / "cy", tmp_path / "cy")
    shutil.copy(WORDS / "en" / "receipt_wanted_broker.toml", folder)

    with pytest.raises(WordsUnfitError, match="in English alone"):
        read(folder, english=library())
