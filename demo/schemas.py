"""What a line of a case file must look like; ``demo/cases/README.md`` says what it means."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from demo import fitting
from demo.case import (
    Afterwards,
    AlongTheWay,
    Case,
    Funding,
    Item,
    Rail,
    SignOff,
    SupportPlan,
)
from demo.fields import (
    LARGEST_AMOUNT_PENCE,
    day,
    email,
    matching,
    no_repeats,
    number,
    one_of,
    part,
    parts,
    text,
    truth,
)

ALL_BASIS_POINTS = 10_000
MOST_OCCURRENCES = 1000
LARGEST_WEEKLY_PENCE = 10_000_00
DOMAINS = (
    *(f"A{number}" for number in range(1, 11)),
    *(f"B{number}" for number in range(1, 7)),
    *("C1", "C2", "C3", "C9"),
)
CODE = r"[a-z][a-z0-9_-]*"
A_CODE = "Not a code: small letters, digits and underscores."


class Referral(Schema):
    """Who sends the person, and on what ground."""

    organisation = one_of("nhs-trust", "council", "voluntary-broker")
    basis = matching(CODE, said=A_CODE)
    condition_group = matching(CODE, said=A_CODE)
    received_on = day()
    urgency = one_of("routine", "urgent")
    consent_to_share = truth()


class Person(Schema):
    """Who the budget is for, and how to reach them."""

    nhs_number = matching(r"[0-9]{10}", said="Not ten digits.")
    council_client_id = matching(r"[A-Za-z0-9/-]+", said="Not letters and digits.")
    given_name = text(most=100)
    family_name = text(most=100)
    birth_date = day()
    postcode = matching(r"[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}", said="Not a postcode.")
    ethnic_category = matching(r"[A-Z]|99", said="Not a code of the NHS data dictionary.")
    language = matching(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", said="Not a language code.")
    interpreter_required = truth()
    accessible_format = matching(CODE, said=A_CODE, is_optional=True)
    mobile = matching(r"\+?[0-9][0-9 ]{6,19}", said="Not a phone number.", is_optional=True)
    email = email(is_optional=True)
    preferred_channel = one_of("sms", "email", "letter")
    safe_to_text = truth()

    @validates_schema
    def can_be_reached(self, person: dict[str, Any], **_: Any) -> None:
        needed = {"sms": "mobile", "email": "email"}.get(person["preferred_channel"])
        if needed is not None and person[needed] is None:
            raise ValidationError("Missing, and yet the preferred channel.", needed)


class Level(Schema):
    """How much help is needed, from 0 to 4."""

    typical = number(most=4)
    worst = number(most=4)

    @validates_schema
    def worst_is_no_better(self, level: dict[str, int], **_: Any) -> None:
        if level["worst"] < level["typical"]:
            raise ValidationError("The worst day cannot be better than the typical one.", "worst")


class Domain(Schema):
    """One domain of life, as one body assessed it with the person."""

    domain = one_of(*DOMAINS)
    without_present_support = part(Level)
    with_present_support = part(Level)
    worst_days_per_28 = number(most=28)
    hidden = truth()
    person_words = text()
    strengths = text()


class Contribution(Schema):
    """What one body brings to the joint assessment."""

    organisation = one_of("nhs-trust", "council")
    author_role = matching(CODE, said=A_CODE)
    domains = parts(Domain)

    @validates_schema
    def each_domain_once(self, contribution: dict[str, Any], **_: Any) -> None:
        no_repeats([domain["domain"] for domain in contribution["domains"]], at="domains")


class WholeLife(Schema):
    """What matters to the person and has no level."""

    faith = text(is_optional=True)
    diet = text(is_optional=True)
    good_day = text(is_optional=True)


class Assessment(Schema):
    """One joint assessment, from two bodies."""

    contributions = parts(Contribution, least=2, most=2)
    whole_life = part(WholeLife)

    @validates_schema
    def one_from_each_body(self, assessment: dict[str, Any], **_: Any) -> None:
        bodies = [contribution["organisation"] for contribution in assessment["contributions"]]
        no_repeats(bodies, at="contributions")


class PlanItem(Schema):
    """One line of a support plan."""

    goal = text()
    category = matching(CODE, said=A_CODE)
    description = text()
    unit_cost_pence = number(least=1, most=LARGEST_AMOUNT_PENCE)
    occurrences = number(least=1, most=MOST_OCCURRENCES)
    frequency = matching(CODE, said=A_CODE)
    rail = one_of(*Rail)
    payee = text(most=200)
    merchant_category_code = matching(r"[0-9]{4}", said="Not four digits.", is_optional=True)
    payer = one_of("joint", "nhs", "council")
    instead_of = text(is_optional=True)

    @validates_schema
    def a_card_needs_a_kind_of_shop(self, item: dict[str, Any], **_: Any) -> None:
        if item["rail"] == Rail.CARD and item["merchant_category_code"] is None:
            raise ValidationError("A card purchase needs one.", "merchant_category_code")

    @post_load
    def as_item(self, item: dict[str, Any], **_: Any) -> Item:
        return Item(**item)


class AgreedCrisisPlan(Schema):
    """What helps in a crisis."""

    early_signs = text()
    helps = text()
    contact = text()
    substitute_manager = text()


class DeclinedCrisisPlan(Schema):
    """Why there is none."""

    declined_because = text()


class CrisisPlan(fields.Field[Any]):
    """The plan, or why it was declined."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        is_declined = isinstance(value, dict) and "declined_because" in value
        return (DeclinedCrisisPlan() if is_declined else AgreedCrisisPlan()).load(value)


class Plan(Schema):
    """The support plan."""

    items = parts(PlanItem)
    crisis_plan = CrisisPlan(required=True)

    @post_load
    def as_plan(self, plan: dict[str, Any], **_: Any) -> SupportPlan:
        return SupportPlan(items=tuple(plan["items"]), crisis_plan=plan["crisis_plan"])


class PlanSignOff(Schema):
    """What the care coordinator says on signing."""

    coordinator_comfortable = truth()
    worry = text(least=0)

    @validates_schema
    def a_worry_has_words(self, sign_off: dict[str, Any], **_: Any) -> None:
        if not sign_off["coordinator_comfortable"] and not sign_off["worry"].strip():
            raise ValidationError("Needed when the coordinator is not comfortable.", "worry")

    @post_load
    def as_sign_off(self, sign_off: dict[str, Any], **_: Any) -> SignOff:
        return SignOff(**sign_off)


class Shares(Schema):
    """The funders' shares of the joint items."""

    nhs = number(most=ALL_BASIS_POINTS)
    council = number(most=ALL_BASIS_POINTS)

    @validates_schema
    def add_up(self, shares: dict[str, int], **_: Any) -> None:
        if sum(shares.values()) != ALL_BASIS_POINTS:
            raise ValidationError(f"Do not add up to {ALL_BASIS_POINTS}.")


class Budget(Schema):
    """The kind of budget, and who pays which part."""

    type = one_of("one_off_recovery", "ongoing")
    shares_basis_points = part(Shares)
    person_contribution_weekly_pence = number(most=LARGEST_WEEKLY_PENCE)

    @post_load
    def as_funding(self, budget: dict[str, Any], **_: Any) -> Funding:
        return Funding(**budget)


class CaseLine(Schema):
    """One line of the file."""

    case_ref = matching(
        r"[A-Za-z0-9][A-Za-z0-9._/-]*",
        said="Not letters, digits, dots, hyphens and slashes.",
        most=40,
    )
    kind = one_of("small", "large", "joint", "declines")
    referral = part(Referral)
    person = part(Person)
    wants_budget = truth()
    assessment = part(Assessment)
    support_plan = part(Plan, is_optional=True)
    sign_off = part(PlanSignOff, is_optional=True)
    budget = part(Budget, is_optional=True)
    afterwards = fields.List(
        fields.String(validate=validate.OneOf([*Afterwards])),
        required=True,
        validate=validate.Length(max=len(Afterwards)),
    )
    along_the_way = fields.List(
        fields.String(validate=validate.OneOf([*AlongTheWay])),
        load_default=list,
        validate=validate.Length(max=len(AlongTheWay)),
    )

    @validates_schema
    def a_plan_for_those_who_want_a_budget(self, case: dict[str, Any], **_: Any) -> None:
        wanted = case["wants_budget"]
        if wanted == (case["kind"] == "declines"):
            raise ValidationError("Does not fit the kind of the case.", "wants_budget")
        said = "Must not be null." if wanted else "Must be null for who declines a budget."
        wrong = {
            name: [said]
            for name in ("support_plan", "sign_off", "budget")
            if (case[name] is not None) != wanted
        }
        if wrong:
            raise ValidationError(wrong)
        no_repeats(case["afterwards"], at="afterwards")

    @validates_schema
    def a_story_that_can_be_told(self, case: dict[str, Any], **_: Any) -> None:
        no_repeats(case["along_the_way"], at="along_the_way")
        fitting.check(case)

    @post_load
    def as_case(self, case: dict[str, Any], **_: Any) -> Case:
        lists = {name: tuple(case[name]) for name in ("afterwards", "along_the_way")}
        return Case(**{**case, **lists})
