"""What goes in and comes out about support plans."""

from marshmallow import Schema, fields, validate

from services.gateway import forms
from services.gateway.schemas import Form

DEAREST_PENCE = 1_000_000_00
MOST_OCCURRENCES = 10_000
MOST_ITEMS = 200
MOST_OTHERS = 50
LATEST_VERSION = 1_000_000
FEATURES = (
    *("central_in_planning", "agreed_outcomes", "known_amount"),
    *("enough_money", "choice_of_mode", "flexible_use"),
)


class GoalForm(Form):
    """What the person wants to come of it, in their own words."""

    goal_id = forms.id_of()
    words = forms.note()


class PartForm(Form):
    """A part of the budget, and how much of it the person runs themselves."""

    part_id = forms.id_of()
    name = forms.name()
    control_level = forms.whole(
        at_least=0, at_most=4, metadata={"description": "0 all is arranged … 4 direct payment"}
    )
    mode = forms.choice("notional", "third_party", "direct")


class ItemForm(Form):
    """One thing that the plan pays for, towards at least one goal."""

    item_id = forms.id_of()
    goal_ids = forms.several(fields.UUID(), least=1, most=MOST_OTHERS)
    part_id = forms.id_of()
    category = forms.name()
    description = forms.note()
    unit_cost_pence = forms.whole(at_least=1, at_most=DEAREST_PENCE)
    occurrences = forms.whole(at_least=1, at_most=MOST_OCCURRENCES)
    frequency = forms.name()
    rail = forms.choice("card", "bacs", "invoice")
    payee = forms.name()
    merchant_category_code = fields.String(
        load_default=None, allow_none=True, validate=validate.Regexp(r"^[0-9]{4}\Z")
    )
    payer = forms.choice("joint", "nhs", "council")
    instead_of = forms.note_or_none()
    rationale = forms.note()


class CrisisPlanForm(Form):
    """What the person wants to happen when things get bad."""

    early_signs = forms.note()
    helps = forms.note()
    hinders = forms.note_or_none()
    contact = forms.note()
    advance_wishes = forms.note_or_none()
    substitute_manager = forms.note_or_none()
    substitute_may = forms.note_or_none()
    cap_pence = forms.whole(at_least=0, at_most=DEAREST_PENCE)


class PreferencesForm(Form):
    """How the person wants support to be; what is not said is no preference."""

    culture = forms.note_or_none()
    faith = forms.note_or_none()
    language = forms.note_or_none()
    diet = forms.note_or_none()
    worker = forms.note_or_none()


class FeatureCheckForm(Form):
    """Whether one of the six features of a personal budget is there, and what shows it."""

    feature = forms.choice(*FEATURES)
    is_met = forms.yes_or_no()
    evidence = forms.note()


class RiskForm(Form):
    """A risk that is worth taking, and how it is taken together."""

    risk = forms.note()
    benefit = forms.note()
    what_helps = forms.note()
    agreed_by = forms.several(forms.name(), least=1, most=MOST_OTHERS)


class UnavailableForm(Form):
    """What the person wanted and could not have."""

    wanted = forms.note()
    because = forms.note()
    goal_id = forms.id_or_none()


class DraftPlanForm(Form):
    """A plan, or its next version. Without items there is no money in it."""

    goals = forms.several(fields.Nested(GoalForm), least=1, most=MOST_OTHERS)
    parts = forms.several(fields.Nested(PartForm), most=MOST_OTHERS)
    items = forms.several(fields.Nested(ItemForm), most=MOST_ITEMS)
    preferences = forms.part(PreferencesForm)
    six_features = forms.several(
        fields.Nested(FeatureCheckForm), least=len(FEATURES), most=len(FEATURES)
    )
    risks = forms.several(fields.Nested(RiskForm), most=MOST_OTHERS)
    risk_of_doing_nothing = forms.note()
    wanted_but_unavailable = forms.several(fields.Nested(UnavailableForm), most=MOST_OTHERS)
    crisis_plan = forms.part_or_none(CrisisPlanForm)
    crisis_plan_declined_because = forms.note_or_none()


class InterviewForm(Form):
    """The broker and the person talked the plan over."""

    held_on = forms.day()
    mode = forms.choice("face_to_face", "video", "telephone")
    place = forms.name()
    attendees = forms.several(
        forms.name(), most=MOST_OTHERS, metadata={"description": "beside the person and the broker"}
    )
    person_words = forms.note()


class VersionForm(Form):
    """Which version of a plan."""

    version = forms.whole(at_least=1, at_most=LATEST_VERSION)


def _version() -> fields.Integer:
    """Return a field for a version in an address, where every number is text."""
    within = validate.Range(min=1, max=LATEST_VERSION)
    return fields.Integer(required=True, validate=within)


# from is a word of the language, so that these cannot be attributes of a class.
DifferenceForm = Form.from_dict({"from": _version(), "to": _version()}, name="DifferenceForm")


class InterviewStateSchema(Schema):
    interview_id = fields.UUID()


class DraftedSchema(Schema):
    """The version that was written, and whose signatures it voided."""

    plan_id = fields.UUID()
    version = fields.Integer()
    content_sha256 = fields.String()
    total_pence = fields.Integer()
    voided_signatures = fields.List(fields.String())


class SubmittedSchema(Schema):
    """What the three sign."""

    plan_id = fields.UUID()
    version = fields.Integer()
    content_sha256 = fields.String()


class ChangeSchema(Schema):
    field = fields.String()
    before = fields.Raw(allow_none=True)
    after = fields.Raw(allow_none=True)
    words = fields.String()


DifferenceSchema = Schema.from_dict(
    {
        "plan_id": fields.UUID(),
        "from": fields.Integer(),
        "to": fields.Integer(),
        "changes": fields.List(fields.Nested(ChangeSchema)),
    },
    name="DifferenceSchema",
)
