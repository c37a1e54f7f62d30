"""Every line of a case file is checked before anything is played."""

import json

import pytest

from demo.case import Afterwards
from demo.reading import CaseFileError, read_cases
from tests.unit.demo.lines import (
    CASES,
    a_case,
    cases_of,
    disagreements,
    lacking,
    small_cases,
    spoiled,
    who_declines,
)


@pytest.fixture
def problems_of(tmp_path):
    """Read the given lines and return what is said against them."""

    def problems_of(*lines):
        path = tmp_path / "cases.jsonl"
        path.write_bytes(b"\n".join(map(as_bytes, lines)))
        with pytest.raises(CaseFileError) as refused:
            read_cases(path)
        return list(refused.value.problems)

    return problems_of


def as_bytes(line):
    return line if isinstance(line, bytes) else json.dumps(line).encode()


@pytest.fixture
def read(tmp_path):
    def read(content):
        path = tmp_path / "cases.jsonl"
        path.write_bytes(content)
        return read_cases(path)

    return read


def test_the_pilots_two_hundred_cases_can_be_read():
    cases = read_cases(CASES / "cases.jsonl")

    assert len(cases) == 200
    assert sum(not case.wants_budget for case in cases) == 6


def test_alex_plans_what_the_published_account_says():
    (alex,) = read_cases(CASES / "alex.jsonl")

    assert alex.support_plan.total_pence == 2_009_04


def test_the_small_file_covers_every_kind_rail_payer_and_event():
    cases = read_cases(CASES / "small.jsonl")
    plans = [case.support_plan for case in cases if case.support_plan]
    items = [item for plan in plans for item in plan.items]

    assert len(cases) == 9
    assert {case.kind for case in cases} == {"small", "large", "joint", "declines"}
    assert {item.rail for item in items} == {"card", "bacs", "invoice"}
    assert {item.payer for item in items} == {"joint", "nhs", "council"}
    assert all(any(case.happens(event) for case in cases) for event in Afterwards)
    assert any(
        case.happens(Afterwards.CRISIS) and case.support_plan.crisis_plan_declined_because
        for case in cases
    )
    assert any(
        case.referral["basis"] == "care_act" and case.budget.person_contribution_weekly_pence
        for case in cases
        if case.budget
    )


def test_blank_lines_at_the_end_and_windows_line_ends_are_fine(read):
    assert len(read(as_bytes(a_case("A")) + b"\r\n" + as_bytes(a_case("B")) + b"\r\n\n \n")) == 2


def test_a_byte_order_mark_is_fine(read):
    assert len(read(b"\xef\xbb\xbf" + as_bytes(a_case()))) == 1


@pytest.mark.parametrize(
    "name",
    [
        "O'Brien",
        "李小龍",
        "محمد",
        "Zoë 🌻",
        "Robert'); DROP TABLE people;--",
        "<script>alert(1)</script>",
        "line\u2028separator",
    ],
)
def test_names_are_kept_as_they_were_written(read, name):
    line = json.dumps(spoiled("person.given_name", name), ensure_ascii=False)
    (case,) = read(line.encode())

    assert case.person["given_name"] == name


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CaseFileError, match=r"nowhere\.jsonl: There is no such file\."):
        read_cases(tmp_path / "nowhere.jsonl")


def test_a_directory_is_no_file(tmp_path):
    with pytest.raises(CaseFileError, match="Cannot be read: Is a directory"):
        read_cases(tmp_path)


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_no_cases(read, content):
    with pytest.raises(CaseFileError, match=r"cases\.jsonl: The file is empty"):
        read(content)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b'{"case_ref": "A",', ", column 18: Not JSON: Expecting property name enclosed"),
        (b'{"case_ref" "A"}', ", column 13: Not JSON: Expecting ':' delimiter."),
        (b"{} {}", ", column 4: Not JSON: Extra data."),
        (b'{"a": "\xff"}', ", byte 8: Not UTF-8."),
        (b"\xff\xfe{\x00}\x00", ", byte 1: Not UTF-8."),
        (b'{"a": NaN}', ": Not JSON: NaN and Infinity are no numbers."),
        (b'{"a": -Infinity}', ": Not JSON: NaN and Infinity are no numbers."),
        (b'{"a": 1' + b"0" * 5000 + b"}", ": A number has more than 18 digits."),
        (b"[" * 100_000, ": Not a case: brackets within brackets without end."),
        (b'["a"]', ": Not a JSON object."),
        (b'"MP-0001"', ": Not a JSON object."),
        (b"null", ": Not a JSON object."),
        (b'{"a": {"b": 1, "b": 2}}', ": b: The field stands there twice."),
    ],
)
def test_a_line_that_is_no_json_object_is_named_with_its_place(problems_of, line, problem):
    (said,) = problems_of(a_case(), line, a_case("B"))

    assert said.startswith(f"cases.jsonl, line 2{problem}")


def test_an_empty_line_between_cases_is_named(problems_of):
    assert problems_of(a_case("A"), b"", a_case("B")) == ["cases.jsonl, line 2: The line is empty."]


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        ("support_plan.items.0.unit_cost_pence", "1452", "Not a valid integer."),
        ("support_plan.items.0.unit_cost_pence", 14.52, "Not a valid integer."),
        ("support_plan.items.0.unit_cost_pence", 14.0, "Not a valid integer."),
        ("support_plan.items.0.unit_cost_pence", True, "Not a valid integer."),
        ("support_plan.items.0.unit_cost_pence", None, "Field may not be null."),
        ("support_plan.items.0.unit_cost_pence", 0, "Must be greater than or equal to 1"),
        ("support_plan.items.0.unit_cost_pence", -5, "Must be greater than or equal to 1"),
        ("support_plan.items.0.unit_cost_pence", 10**17, "Must be greater than or equal to 1"),
        ("support_plan.items.0.occurrences", 0, "Must be greater than or equal to 1"),
        ("support_plan.items.0.rail", "cheque", "Must be one of: card, bacs, invoice."),
        ("support_plan.items.0.payer", "person", "Must be one of: joint, nhs, council."),
        ("support_plan.items.0.goal", "   ", "Must not be blank."),
        ("support_plan.items.0.payee", "a\x00b", "Holds a character that is no text."),
        ("support_plan.items.2.merchant_category_code", None, "A card purchase needs one."),
        ("support_plan.items.2.merchant_category_code", "57 3", "Not four digits."),
        ("support_plan.items.2.merchant_category_code", 5732, "Not a valid string."),
        ("support_plan.items.1", "an item", "Invalid input type."),
        ("support_plan.items", [], "Length must be between 1 and 100."),
        ("support_plan.items", {}, "Not a valid list."),
        ("support_plan.crisis_plan", None, "Field may not be null."),
        ("support_plan.crisis_plan", "yes", "Invalid input type."),
        ("support_plan", None, "Must not be null."),
        ("sign_off", None, "Must not be null."),
        ("sign_off.coordinator_comfortable", 1, "Not a valid boolean."),
        ("sign_off.coordinator_comfortable", "yes", "Not a valid boolean."),
        ("budget", None, "Must not be null."),
        ("budget.shares_basis_points.nhs", 6000, "Do not add up to 10000."),
        ("budget.shares_basis_points.nhs", "6000", "Not a valid integer."),
        ("budget.person_contribution_weekly_pence", -1, "Must be greater than or equal to 0"),
        ("person.nhs_number", "12345", "Not ten digits."),
        ("person.nhs_number", 9996635902, "Not a valid string."),
        ("person.birth_date", "1997-02-30", "Not a valid date (2026-05-04)."),
        ("person.birth_date", 1997, "Not a valid string."),
        ("person.postcode", "Liverpool", "Not a postcode."),
        ("person.email", "nobody", "Not a valid email address."),
        ("person.email", None, "Missing, and yet the preferred channel."),
        ("person.preferred_channel", "fax", "Must be one of: sms, email, letter."),
        ("person.safe_to_text", "no", "Not a valid boolean."),
        ("person.given_name", "\ud800", "Holds a character that is no text."),
        ("person.given_name", "", "Length must be between 1 and 100."),
        ("referral.organisation", "police", "Must be one of: nhs-trust, council"),
        ("referral.urgency", "whenever", "Must be one of: routine, urgent."),
        ("referral.received_on", "20260504", "Not a valid date (2026-05-04)."),
        ("referral", [], "Invalid input type."),
        ("kind", "huge", "Must be one of: small, large, joint, declines."),
        ("kind", "declines", "Does not fit the kind of the case."),
        ("case_ref", "a case\n", "Not letters, digits, dots, hyphens and slashes."),
        ("wants_budget", 0, "Not a valid boolean."),
        ("afterwards", ["party"], "Must be one of:"),
        ("along_the_way", ["party"], "Must be one of: referred_by_both"),
        ("along_the_way", ["split_disputed"] * 2, "The same one stands there twice."),
        ("along_the_way", ["climbs_all_rungs"], "Needs a coordinator who is not comfortable"),
        ("along_the_way", None, "Field may not be null."),
        ("afterwards", ["crisis_activated", "crisis_activated"], "stands there twice"),
        ("afterwards", None, "Field may not be null."),
        ("assessment.contributions", [], "Length must be between 2 and 2."),
        ("assessment.contributions.0.domains.0.domain", "D1", "Must be one of: A1"),
        ("assessment.contributions.0.domains.0.worst_days_per_28", 29, "Must be greater than"),
        ("assessment.contributions.0.domains.0.with_present_support.worst", 5, "Must be greater"),
        ("assessment.whole_life", None, "Field may not be null."),
    ],
)
def test_a_field_with_a_wrong_value_is_named(problems_of, path, value, problem):
    said = problems_of(a_case("A"), a_case("B"), spoiled(path, value))

    assert len(said) == 1
    assert said[0].startswith("cases.jsonl, line 3: ")
    assert path in said[0] or path.rpartition(".")[0] in said[0]
    assert problem in said[0]


def test_the_message_is_the_one_that_was_promised(problems_of):
    line = spoiled("support_plan.items.0.unit_cost_pence", "14.52")

    assert problems_of(line) == [
        "cases.jsonl, line 1: support_plan.items.0.unit_cost_pence: Not a valid integer."
    ]


@pytest.mark.parametrize(
    "path",
    [
        "case_ref",
        "kind",
        "afterwards",
        "person.accessible_format",
        "assessment.whole_life.faith",
        "support_plan.items.0.instead_of",
        "support_plan.crisis_plan.contact",
        "sign_off.worry",
        "budget.shares_basis_points.nhs",
    ],
)
def test_a_field_that_is_not_there_is_named(problems_of, path):
    (said,) = problems_of(lacking(path))

    assert said == f"cases.jsonl, line 1: {path}: Missing data for required field."


@pytest.mark.parametrize(
    "path", ["colour", "person.title", "support_plan.items.0.vat", "budget.shares_basis_points.icb"]
)
def test_an_unknown_field_is_refused_by_name(problems_of, path):
    (said,) = problems_of(spoiled(path, 1))

    assert said == f"cases.jsonl, line 1: {path}: Unknown field."


def test_a_field_whose_name_plays_with_the_terminal_is_shown_harmless(problems_of):
    (said,) = problems_of(spoiled("\x1b[2J", 1))

    assert said == "cases.jsonl, line 1: '\\x1b[2J': Unknown field."


def test_a_number_too_large_for_anybody_is_no_amount(problems_of):
    line = as_bytes(spoiled("support_plan.items.0.unit_cost_pence", 123_456))

    assert "Not a valid integer." in problems_of(line.replace(b"123456", b"1e400"))[0]


def test_two_contributions_of_one_body_are_no_joint_assessment(problems_of):
    line = spoiled("assessment.contributions.1.organisation", "nhs-trust")

    assert problems_of(line) == [
        "cases.jsonl, line 1: assessment.contributions: The same one stands there twice."
    ]


def test_the_worst_day_is_no_better_than_the_typical_one(problems_of):
    line = spoiled(
        "assessment.contributions.0.domains.0.with_present_support", {"typical": 3, "worst": 2}
    )

    assert "worst: The worst day cannot be better" in problems_of(line)[0]


def test_a_coordinator_who_is_not_comfortable_says_why(problems_of):
    line = spoiled("sign_off", {"coordinator_comfortable": False, "worry": " "})

    assert "sign_off.worry: " in problems_of(line)[0]


@pytest.mark.parametrize("part", ["support_plan", "sign_off", "budget"])
def test_who_declines_a_budget_has_no_plan(problems_of, part):
    line = {**who_declines(), part: a_case()[part]}

    assert problems_of(line) == [
        f"cases.jsonl, line 1: {part}: Must be null for who declines a budget."
    ]


def test_two_cases_with_one_name_are_named(problems_of):
    assert problems_of(a_case("A"), a_case("B"), a_case("A")) == [
        "cases.jsonl, line 3: case_ref: A is on line 1 already."
    ]


def test_everything_wrong_is_said_at_once_up_to_twenty(problems_of):
    said = problems_of(*(spoiled("kind", number) for number in range(25)))

    assert len(said) == 21
    assert said[19].startswith("cases.jsonl, line 20: kind: ")
    assert said[20] == "… and 5 more."


def test_no_problem_repeats_what_somebody_wrote_about_a_person(problems_of):
    case = a_case()
    for field in case["person"]:
        case["person"][field] = "Elsie's secret"

    assert "secret" not in "\n".join(problems_of(case))


def test_a_card_event_without_a_card_item_does_not_happen(read):
    case = a_case()
    case["afterwards"] = ["refund_first_card_item", "crisis_activated"]
    case["support_plan"]["items"] = case["support_plan"]["items"][:1]
    (read_case,) = read(as_bytes(case))

    assert not read_case.happens(Afterwards.REFUND)
    assert read_case.happens(Afterwards.CRISIS)
    assert not read_case.happens(Afterwards.WRONG_MERCHANT)


def test_the_small_cases_are_the_pilots_own_and_three_of_the_disagreements():
    others = cases_of("cases.jsonl") | disagreements()

    assert small_cases().items() <= others.items()
    assert [ref for ref in small_cases() if ref in disagreements()] == [
        "MD-0001",
        "MD-0005",
        "MD-0007",
    ]
