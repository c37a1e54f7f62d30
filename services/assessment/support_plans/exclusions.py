"""What a personal budget may not pay for: eight rules, and nothing beside them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """Something that a personal budget may not pay for, and which rule says so."""

    rule: str
    words: str
    categories: Collection[str]
    merchant_category_codes: Collection[str]
    source: str
    is_confirmed: bool  # somebody has checked the law itself


_GUIDANCE = (
    "NHS guidance on what a personal health budget may not be spent on, as the Tower Hamlets"
    " clinical commissioning group published it; to be confirmed against SI 2013/1617"
)

# Only these. Nothing else that a person wants is refused by rule; deciders give reasons.
EXCLUSIONS: Sequence[Exclusion] = (
    Exclusion(
        rule="gambling",
        words="A personal budget does not pay for gambling.",
        categories=("gambling",),
        merchant_category_codes=("7800", "7801", "7802", "7995"),
        source=_GUIDANCE,
        is_confirmed=False,
    ),
    Exclusion(
        rule="debt",
        words="A personal budget does not pay off debts.",
        categories=("debt", "debt_repayment"),
        merchant_category_codes=("7322",),
        source=_GUIDANCE,
        is_confirmed=False,
    ),
    Exclusion(
        rule="alcohol",
        words="A personal budget does not pay for alcohol.",
        categories=("alcohol",),
        merchant_category_codes=("5921",),
        source=_GUIDANCE,
        is_confirmed=False,
    ),
    Exclusion(
        rule="tobacco",
        words="A personal budget does not pay for tobacco.",
        categories=("tobacco",),
        merchant_category_codes=("5993",),
        source=_GUIDANCE,
        is_confirmed=False,
    ),
    Exclusion(
        rule="illegal",
        words="A personal budget does not pay for what is against the law.",
        categories=("illegal",),
        merchant_category_codes=(),
        source=_GUIDANCE,
        is_confirmed=False,
    ),
    Exclusion(
        rule="gp_services",
        words="What a general practitioner does is paid by the NHS, outside the budget.",
        categories=("gp_services", "primary_medical_services"),
        merchant_category_codes=(),
        source=_GUIDANCE,
        is_confirmed=False,
    ),
    Exclusion(
        rule="emergency_care",
        words="Emergency and urgent care is paid by the NHS, outside the budget.",
        categories=("emergency_care", "urgent_care"),
        merchant_category_codes=("4119",),
        source=_GUIDANCE,
        is_confirmed=False,
    ),
    Exclusion(
        rule="medicines",
        words="Prescribed medicines are paid by the NHS, outside the budget.",
        categories=("medicines", "prescribed_medicines"),
        merchant_category_codes=(),
        source=_GUIDANCE,
        is_confirmed=False,
    ),
)


def exclusion_of(*, category: str, merchant_category_code: str | None) -> Exclusion | None:
    """Return the rule by which a budget may not pay for something, if there is one.

    It goes by the category and by the shops' code and never by words: a course against gambling
    is no gambling.
    """
    plain = "_".join(category.casefold().replace("-", " ").replace("_", " ").split())
    for exclusion in EXCLUSIONS:
        if plain in exclusion.categories:
            return exclusion
        if merchant_category_code in exclusion.merchant_category_codes:
            return exclusion
    return None
