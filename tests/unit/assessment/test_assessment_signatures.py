"""Three different people sign the same words."""

from uuid import uuid4

import pytest

from services.assessment.signatures import rules
from services.assessment.signatures.rules import SigningRole

CONTENT, OTHER_CONTENT = "a" * 64, "b" * 64


def sign(**changes):
    signatory_id = uuid4()
    rules.check_signature(
        **{
            "role": SigningRole.BROKER,
            "signatory_id": signatory_id,
            "rightful_id": signatory_id,
            "signed": {},
            "signed_sha256": CONTENT,
            "content_sha256": CONTENT,
        }
        | changes
    )


def test_the_one_in_the_role_signs_what_the_plan_says():
    sign()


def test_nobody_signs_other_content():
    with pytest.raises(rules.ContentDiffersError):
        sign(signed_sha256=OTHER_CONTENT)


@pytest.mark.parametrize("rightful_id", [None, uuid4()])
def test_nobody_signs_in_another_persons_place(rightful_id):
    with pytest.raises(rules.SignatoryNotInRoleError):
        sign(rightful_id=rightful_id)


def test_no_role_signs_twice():
    with pytest.raises(rules.AlreadySignedError):
        sign(signed={SigningRole.BROKER: uuid4()})


def test_nobody_signs_in_two_roles():
    both = uuid4()
    with pytest.raises(rules.AlreadySignedError):
        sign(signatory_id=both, rightful_id=both, signed={SigningRole.CARE_COORDINATOR: both})


def test_three_different_people_sign_what_the_plan_says():
    signed = {role: (uuid4(), CONTENT) for role in SigningRole}
    rules.check_signed(signed, content_sha256=CONTENT)

    broker = {SigningRole.BROKER: (uuid4(), OTHER_CONTENT)}
    with pytest.raises(rules.SignaturesMissingError, match="broker"):
        rules.check_signed(signed | broker, content_sha256=CONTENT)
    with pytest.raises(rules.SignaturesMissingError, match="person, broker, care_coordinator"):
        rules.check_signed({}, content_sha256=CONTENT)
    with pytest.raises(rules.SignaturesMissingError, match="two roles"):
        rules.check_signed(
            signed | {SigningRole.BROKER: signed[SigningRole.PERSON]}, content_sha256=CONTENT
        )


def represent(**changes):
    rules.check_capacity(
        **{
            "is_represented": True,
            "capacity_basis": "Assessed by the consultant on 20 November",
            "is_in_care_team": False,
        }
        | changes
    )


def test_a_representative_signs_where_it_is_said_why_the_person_does_not():
    represent()
    represent(is_represented=False, capacity_basis=None)

    with pytest.raises(rules.CapacityBasisMissingError):
        represent(capacity_basis=None)
    with pytest.raises(rules.CapacityNotInQuestionError):
        represent(is_represented=False)


def test_nobody_of_the_care_team_signs_in_the_persons_place():
    with pytest.raises(rules.RepresentativeInCareTeamError):
        represent(is_in_care_team=True)
