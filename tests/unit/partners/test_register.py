"""Partners' files: what they may say, and that a new partner is a new file and no more."""

from pathlib import Path
from uuid import uuid4

import pytest
import yaml

from services.partners import check
from services.partners.incoming import INCOMING
from services.partners.outgoing import OUTGOING
from services.partners.register import PartnerFileError, Register, read_file
from shared.contracts.listeners import LISTENERS

FILES = Path("deploy/partners")
TRUST = FILES / "aldermoor-trust.yml"


@pytest.fixture
def written(tmp_path):
    """Write the trust's file anew with something changed, and return where."""

    def write(code="aldermoor-trust", **changed):
        document = yaml.safe_load(TRUST.read_text()) | {"code": code} | changed
        file = tmp_path / f"{code}.yml"
        file.write_text(yaml.safe_dump(document))
        return file

    return write


def test_every_file_that_we_ship_can_be_read():
    assert set(Register.read(FILES).agreements) == {file.stem for file in FILES.glob("*.yml")}


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"code": "Aldermoor"}, "code"),
        ({"kind": "bank"}, "kind"),
        ({"identifier": "E01000001!"}, "identifier"),
        ({"systems": []}, "systems"),
        ({"systems": [{"name": "records", "transport": "mesh"}]}, "mailbox"),
        ({"sends": [{"type": "referral.submit", "purpose": "care"}]}, "type"),
        ({"sends": [{"type": "referral.burn.v1", "purpose": "care"}]}, "referral.burn.v1"),
        ({"receives": [{"type": "budget.hold_placed.v1", "purpose": "care"}]}, "hold_placed"),
        (
            {
                "receives": [
                    {
                        "type": "assessment.review_due.v1",
                        "purpose": "care",
                        "as": "data",
                        "fields": ["nhs_number"],
                    }
                ]
            },
            "no field nhs_number",
        ),
        (
            {
                "receives": [
                    {
                        "type": "budget.hold_captured.v1",
                        "purpose": "funding",
                        "as": "data",
                        "fields": ["posted_pence"],
                    }
                ]
            },
            "signal alone",
        ),
        (
            {"receives": [{"type": "assessment.review_due.v1", "purpose": "c", "as": "data"}]},
            "fields",
        ),
        (
            {"sends": [{"type": "financial_assessment.report.v1", "purpose": "funding"}]},
            "for a council to send",
        ),
        ({"funder_id": None}, "funder_id"),
        ({"events_to": "nobody"}, "events_to"),
        ({"colour": "red"}, "colour"),
        (
            {"split_rules": [{"purpose": "j", "nhs_basis_points": 1, "council_basis_points": 1}]},
            "split",
        ),
    ],
)
def test_a_file_that_cannot_be_kept_is_refused_by_name_and_reason(written, changed, says):
    file = written(**changed) if "code" not in changed else written(changed["code"])

    with pytest.raises(PartnerFileError) as caught:
        read_file(file)

    assert file.name in str(caught.value)
    assert says in str(caught.value)


def test_a_partner_that_commits_money_needs_to_be_a_funder(written):
    document = yaml.safe_load(TRUST.read_text())
    document.pop("funder_id")
    file = written()
    file.write_text(yaml.safe_dump(document))

    with pytest.raises(PartnerFileError, match="needs a funder_id"):
        read_file(file)


def test_two_partners_are_not_the_same_funder(written):
    file = written()
    written("other-trust", systems=[{"name": "records", "transport": "amqp"}])

    with pytest.raises(PartnerFileError, match="has the same funder_id"):
        Register.read(file.parent)


def test_two_partners_do_not_write_from_the_same_mailbox(written):
    file = written()
    written("other-trust", funder_id=str(uuid4()))

    with pytest.raises(PartnerFileError, match="has the same mailbox"):
        Register.read(file.parent)


def test_a_file_is_named_as_its_partner(written):
    file = written()
    renamed = file.rename(file.with_name("other.yml"))

    with pytest.raises(PartnerFileError, match="must be other"):
        Register.read(renamed.parent)


@pytest.mark.parametrize(
    ("systems", "says"),
    [
        (
            [{"name": "ward", "transport": "amqp"}, {"name": "clinic", "transport": "amqp"}],
            "One system",
        ),
        (
            [
                {
                    "name": name,
                    "transport": "mesh",
                    "mailbox": "X26ABC2",
                    "workflow_in": "A_IN",
                    "workflow_out": "A_OUT",
                }
                for name in ("ward", "clinic")
            ],
            "one mailbox",
        ),
    ],
)
def test_no_two_systems_share_a_queue_or_a_mailbox(tmp_path, systems, says):
    file = tmp_path / "aldermoor-trust.yml"
    file.write_text(yaml.safe_dump(yaml.safe_load(TRUST.read_text()) | {"systems": systems}))

    with pytest.raises(PartnerFileError, match=says):
        read_file(file)


def test_what_is_no_yaml_is_refused(tmp_path):
    file = tmp_path / "a.yml"
    file.write_text("a: [")

    with pytest.raises(PartnerFileError, match=r"a\.yml"):
        read_file(file)


def test_partners_hears_of_every_event_that_an_agreement_can_list():
    heard = {event.rpartition(".")[0] for event in OUTGOING}

    assert heard <= {event for event, listeners in LISTENERS.items() if "partners" in listeners}


def test_the_check_says_all_that_a_partner_may(capsys):
    assert check.main([str(TRUST)]) == 0

    said = capsys.readouterr().out
    agreement = read_file(TRUST)
    assert all(one.message_type in said for one in agreement.sends)
    assert all(one.event_type in said for one in agreement.receives)
    assert "partner-aldermoor-trust" in said
    assert INCOMING["referral.submit.v1"].says in said


def test_the_check_of_a_broken_file_fails_and_says_why(written, capsys):
    assert check.main([str(written(kind="bank"))]) == 1
    assert "kind" in capsys.readouterr().err


def test_the_check_without_a_file_says_how_to_call_it(capsys):
    assert check.main([]) == 2
    assert "FILE=" in capsys.readouterr().err
