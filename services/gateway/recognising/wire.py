"""What providers say of somebody, in their spelling: only what is used here."""

from marshmallow import EXCLUDE, Schema, fields, validate

LONGEST = 200  # characters of any word here
MOST = 200  # roles, or words of a role

_WORD = validate.Length(min=1, max=LONGEST)


class ProviderSays(Schema):
    """They say more, and may say more tomorrow."""

    class Meta:
        unknown = EXCLUDE


class NhsLoginSays(ProviderSays):
    """NHS login, of a person."""

    nhs_number = fields.String(required=True, validate=validate.Regexp(r"[0-9]{10}\Z"))


class Cis2Role(ProviderSays):
    """A role at an NHS organisation; what somebody does there stands in its workgroups."""

    person_roleid = fields.String(required=True, validate=_WORD)
    org_code = fields.String(required=True, validate=_WORD)
    workgroups = fields.List(
        fields.String(validate=_WORD), load_default=list, validate=validate.Length(max=MOST)
    )


class Cis2Says(ProviderSays):
    """CIS2, of a member of NHS staff."""

    nhsid_nrbac_roles = fields.List(
        fields.Nested(Cis2Role), load_default=list, validate=validate.Length(max=MOST)
    )


class CouncilSays(ProviderSays):
    """A council's provider, of its staff and its guests."""

    oid = fields.UUID(required=True)
    acct = fields.Integer(strict=True, load_default=0, validate=validate.OneOf([0, 1]))
    roles = fields.List(
        fields.String(validate=_WORD), load_default=list, validate=validate.Length(max=MOST)
    )
