"""What somebody wrote is shown as it is where Notify would see formatting."""

import pytest

from services.notifications.notify_markdown import plain


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("# Anna", r"\# Anna"),
        ("## Anna", r"\## Anna"),
        ("- Anna", r"\- Anna"),
        ("+ Anna", r"\+ Anna"),
        ("---", r"\---"),
        ("***", r"\***"),
        ("___", r"\___"),
        ("> Anna", r"\> Anna"),
        ("``` Anna", r"\``` Anna"),
        ("~~~", r"\~~~"),
        ("1. Anna", r"1\. Anna"),
        ("12.50 Club", r"12\.50 Club"),
        ("^ Anna", "\N{MODIFIER LETTER CIRCUMFLEX ACCENT} Anna"),
        ("• Anna", "· Anna"),
        ("===", "꞊=="),
        ("    Anna", "Anna"),
        ("[Anna](https://x.example)", r"\[Anna](https://x.example)"),
        ("a | b", r"a \| b"),
        ("\\# Anna", r"\\# Anna"),
    ],
)
def test_a_sign_at_the_start_of_a_line_is_shown_and_means_nothing(written, sent):
    assert plain(written) == sent
    assert plain(f"Dear you,\n\n{written}\n\nBye") == f"Dear you,\n\n{sent}\n\nBye"


@pytest.mark.parametrize("name", ["# Anna", "^ Anna", "* Anna", "1. Anna", "- Anna"])
def test_a_name_within_a_line_stays_as_it_is(name):
    assert plain(f"Dear {name},") == f"Dear {name},"


def test_our_lists_stay_lists_and_what_is_in_them_means_nothing():
    lists = "Who comes:\n\n* # Anna\n* * Bo\n* [Cy](x)\n* Di"

    assert plain(lists) == "Who comes:\n\n* \\# Anna\n* \\* Bo\n* \\[Cy](x)\n* Di"


@pytest.mark.parametrize(
    "words",
    [
        "Dear Siân O'Brien-Żak,\n\nYou have £240.00 left.",
        "محترم \N{FIRST STRONG ISOLATE}# علی\N{POP DIRECTIONAL ISOLATE}،",
        "王小明",
        "a_b @c & <d>",
        "",
    ],
)
def test_all_other_words_stay_as_they_are(words):
    assert plain(words) == words
