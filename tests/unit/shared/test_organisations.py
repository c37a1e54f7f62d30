"""Which organisations take part, and who assesses whom, follows from the partners' files alone."""

import pytest
import yaml

from deploy.local.environments import PARTNERS_FILES
from shared.contracts import organisations
from shared.contracts.organisations import OrganisationsError, Side, read

LOCAL = {"council": Side.COUNCIL, "nhs-trust": Side.NHS}


def a_file(folder, code, **said):
    document = {"code": code, "name": code.title(), "organisation": code, "kind": "council", **said}
    (folder / f"{code}.yml").write_text(yaml.safe_dump(document))


@pytest.fixture
def folder(tmp_path):
    """The demo's organisations, to which others are added."""
    for file in PARTNERS_FILES.glob("*.yml"):
        (tmp_path / file.name).write_text(file.read_text())
    return tmp_path


def test_the_demos_organisations_assess_together():
    found = read(PARTNERS_FILES)

    assert found.sides == LOCAL
    for referred_by in (None, "council", "nhs-trust", "a-charity"):
        assert found.assessing(referred_by) == set(LOCAL)
    assert found.name_of("council") == "Aldermoor Council"
    assert found.name_of("a-charity") == "a-charity"


def test_a_council_that_joins_by_a_file_assesses_whom_it_refers(folder):
    a_file(folder, "thornby-council")

    found = read(folder)

    assert found.sides == LOCAL | {"thornby-council": Side.COUNCIL}
    assert found.assessing("thornby-council") == {"thornby-council", "nhs-trust"}
    for referred_by in (None, "council", "nhs-trust"):
        assert found.assessing(referred_by) == set(LOCAL)


def test_a_file_may_say_with_whom_it_assesses(folder):
    a_file(folder, "marlham-trust", kind="nhs")
    a_file(folder, "thornby-council", assesses_with=["marlham-trust"])

    assert read(folder).assessing("thornby-council") == {"thornby-council", "marlham-trust"}


def test_who_is_neither_nhs_nor_council_takes_no_side(folder):
    a_file(folder, "a-charity", kind="voluntary_sector")

    found = read(folder)

    assert found.sides == LOCAL
    assert found.assessing("a-charity") == set(LOCAL)


def test_one_organisation_may_have_several_files_that_say_the_same(folder):
    same = {"name": "Aldermoor Council", "organisation": "council", "is_local": True}
    a_file(folder, "aldermoor-housing", **same)
    assert read(folder).sides == LOCAL

    a_file(folder, "aldermoor-housing", **same, kind="nhs")
    with pytest.raises(OrganisationsError, match="council"):
        read(folder)


def test_two_of_one_side_cannot_both_be_local(folder):
    """Nobody could tell which of them is to know of a person who asks for themselves."""
    a_file(folder, "thornby-council", is_local=True)

    with pytest.raises(OrganisationsError, match="council, thornby-council"):
        read(folder)


def test_nobody_assesses_with_somebody_of_whom_there_is_no_file(folder):
    a_file(folder, "thornby-council", assesses_with=["nhs-trst"])

    with pytest.raises(OrganisationsError, match="nhs-trst"):
        read(folder)


def test_no_files_at_all_are_a_mistake(tmp_path):
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(OrganisationsError, match="no partner's file"):
            read(folder)


LOCAL_FILE = "{name: A, organisation: a, kind: council, %s}"


@pytest.mark.parametrize(
    "text",
    ["", "[]", "name: Nobody", "{", LOCAL_FILE % "is_local: 'no'", LOCAL_FILE % "assesses_with: a"],
)
def test_a_file_that_says_too_little_is_named_and_nothing_starts(folder, text, monkeypatch):
    (folder / "broken.yml").write_text(text)
    monkeypatch.setenv(organisations.SETTING, str(folder))
    organisations.current.cache_clear()

    with pytest.raises(SystemExit, match=r"broken\.yml"):
        organisations.check()


def test_without_the_setting_nothing_starts(monkeypatch):
    monkeypatch.delenv(organisations.SETTING)
    organisations.current.cache_clear()

    with pytest.raises(SystemExit, match=organisations.SETTING):
        organisations.check()
