"""The form of a partner's file, checked as a whole before anything starts."""

from typing import Any, ClassVar

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from services.partners.agreements.rules import (
    Agreement,
    Contact,
    Content,
    Kind,
    Limits,
    Receives,
    Sends,
    SplitRule,
    System,
    Transport,
)

MOST = 100  # entries of a list
BASIS_POINTS = 10_000
MEBIBYTE = 1024 * 1024
_CODE = validate.Regexp(r"[a-z][a-z0-9-]{1,39}\Z", error="Small letters, digits and hyphens.")
_TYPE = validate.Regexp(r"[a-z_]+[.][a-z_]+[.]v[1-9][0-9]*\Z", error="Like referral.submit.v1.")
# ODS: https://digital.nhs.uk/services/organisation-data-service; GSS of councils with adult
# social care: unitary E06, metropolitan E08, London borough E09, county E10.
_ODS, _GSS = r"[A-Z0-9]{3,8}", r"E(06|08|09|10)\d{6}"
_IDENTIFIER = validate.Regexp(rf"({_GSS}|{_ODS})\Z", error="An ODS code, or a council's GSS code.")


class _Part(Schema):
    part_class: ClassVar[type]

    @post_load
    def _as_part(self, loaded: dict[str, Any], **_kwargs: Any) -> Any:
        return self.part_class(**loaded)


def _word(**more: Any) -> fields.String:
    return fields.String(**{"required": True, "validate": validate.Length(1, 200), **more})


def _several(form: type[Schema], *, least: int = 0) -> "fields.List[Any]":
    """Return a field for a list of parts; one that may be empty may be left out."""
    length = validate.Length(min=least, max=MOST)
    may_be_left_out = {"required": True} if least else {"load_default": ()}
    return fields.List(fields.Nested(form), validate=length, **may_be_left_out)


def _whole(*, default: int, least: int, most: int) -> fields.Integer:
    within = validate.Range(min=least, max=most)
    return fields.Integer(strict=True, load_default=default, validate=within)


def _as_mesh_names_it(pattern: str) -> fields.String:
    named = validate.Regexp(rf"{pattern}\Z", error="As MESH names it.")
    return fields.String(load_default="", validate=lambda value: value and named(value))


class SystemForm(_Part):
    part_class = System
    name = fields.String(required=True, validate=_CODE)
    transport = fields.Enum(Transport, by_value=True, required=True)
    mailbox = _as_mesh_names_it(r"[A-Z0-9]{6,20}")
    workflow_in = _as_mesh_names_it(r"[A-Z0-9_]{3,60}")
    workflow_out = _as_mesh_names_it(r"[A-Z0-9_]{3,60}")

    @validates_schema
    def _all_of_it_with_mesh(self, loaded: dict[str, Any], **_kwargs: Any) -> None:
        for field in ("mailbox", "workflow_in", "workflow_out"):
            if bool(loaded[field]) != (loaded["transport"] is Transport.MESH):
                raise ValidationError("Needed exactly with mesh.", field)


class SendsForm(_Part):
    part_class = Sends
    message_type = fields.String(required=True, validate=_TYPE, data_key="type")
    purpose = _word()


class ReceivesForm(_Part):
    part_class = Receives
    event_type = fields.String(required=True, validate=_TYPE, data_key="type")
    purpose = _word()
    content = fields.Enum(Content, by_value=True, load_default=Content.SIGNAL, data_key="as")
    fields_ = fields.List(_word(), load_default=(), data_key="fields", attribute="fields")

    @validates_schema
    def _fields_with_data(self, loaded: dict[str, Any], **_kwargs: Any) -> None:
        if bool(loaded["fields"]) != (loaded["content"] is Content.DATA):
            raise ValidationError("Needed exactly with data.", "fields")


class LimitsForm(_Part):
    part_class = Limits
    connections = _whole(default=4, least=1, most=50)
    message_bytes = _whole(default=262_144, least=1_024, most=MEBIBYTE)
    queue_bytes = _whole(default=256 * MEBIBYTE, least=MEBIBYTE, most=4_096 * MEBIBYTE)
    queue_messages = _whole(default=10_000, least=100, most=1_000_000)
    keep_days = _whole(default=14, least=1, most=90)


class ContactForm(_Part):
    part_class = Contact
    about = fields.String(
        required=True,
        validate=validate.OneOf(("technical", "finance", "information_governance")),
    )
    name = _word()
    email = fields.Email(required=True)


class SplitRuleForm(_Part):
    part_class = SplitRule
    purpose = _word()
    nhs_basis_points = fields.Integer(
        strict=True, required=True, validate=validate.Range(0, BASIS_POINTS)
    )
    council_basis_points = fields.Integer(
        strict=True, required=True, validate=validate.Range(0, BASIS_POINTS)
    )

    @validates_schema
    def _whole_is_paid(self, loaded: dict[str, Any], **_kwargs: Any) -> None:
        if loaded["nhs_basis_points"] + loaded["council_basis_points"] != BASIS_POINTS:
            raise ValidationError("Both together are 10,000.", "council_basis_points")


class AgreementForm(_Part):
    part_class = Agreement
    code = fields.String(required=True, validate=_CODE)
    name = _word()
    kind = fields.Enum(Kind, by_value=True, required=True)
    organisation = fields.String(required=True, validate=_CODE)
    identifier = fields.String(required=True, validate=_IDENTIFIER)
    funder_id = fields.UUID(load_default="")
    systems = _several(SystemForm, least=1)
    sends = _several(SendsForm)
    receives = _several(ReceivesForm)
    events_to = fields.String(load_default="")
    staff_roles = fields.List(_word(), load_default=(), validate=validate.Length(max=MOST))
    contacts = _several(ContactForm, least=1)
    split_rules = _several(SplitRuleForm)
    assesses_with = fields.List(
        fields.String(validate=_CODE), load_default=(), validate=validate.Length(max=MOST)
    )
    is_local = fields.Boolean(truthy={True}, falsy={False}, load_default=False)
    older_versions = fields.Dict(
        keys=fields.String(validate=_TYPE), values=fields.Date(), load_default=dict
    )
    silent_after_hours = _whole(default=0, least=0, most=24 * 90)
    password_number = _whole(default=1, least=1, most=1_000_000)
    limits = fields.Nested(LimitsForm, load_default=Limits)

    @validates_schema
    def _each_once(self, loaded: dict[str, Any], **_kwargs: Any) -> None:
        named = {
            "systems": [one.name for one in loaded["systems"]],
            "sends": [one.message_type for one in loaded["sends"]],
            "receives": [one.event_type for one in loaded["receives"]],
        }
        for field, names in named.items():
            if len(set(names)) < len(names):
                raise ValidationError("Each may come once.", field)

    @validates_schema
    def _a_system_hears(self, loaded: dict[str, Any], **_kwargs: Any) -> None:
        names = {one.name for one in loaded["systems"]}
        if loaded["events_to"] and loaded["events_to"] not in names:
            raise ValidationError("One of the systems.", "events_to")

    @post_load
    def _as_part(self, loaded: dict[str, Any], **_kwargs: Any) -> Agreement:
        loaded["events_to"] = loaded["events_to"] or loaded["systems"][0].name
        days = {name: day.isoformat() for name, day in loaded["older_versions"].items()}
        return Agreement(
            **{**loaded, "funder_id": str(loaded["funder_id"]), "older_versions": days}
        )
