"""What is excluded until two people of an organisation say otherwise, and councils' own lists.

Two kinds apply as they are shipped: what the NHS's own rules say, and kinds of shop that sell
nothing a plan could name unless it names them. What a council adds is its own to decide, and the
councils contradict one another: their lists are here to be proposed, tried and approved, and none
of it applies by itself. Merchant category codes cannot tell what is in a basket: of a shop that
sells many things only the receipt does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from services.payments.exclusions.rules import Exclusion, Kind, Strength

_NAMESPACE = UUID("6f7a8f5e-0f0b-5a5e-9d3e-0c1c5b6a7d21")
_ALWAYS = date(2013, 1, 1)
_NHS = (
    "NHS personal health budget pages of Coventry and Rugby, Bromley, and Basildon and Brentwood"
    " clinical commissioning groups; to be confirmed against S.I. 2013/1617"
)
_PLAN = "S.I. 2013/1617 regulation 15(1)(d): only what the care plan names; to be confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """Whose rule something is, and where it is written."""

    kind: Kind
    strength: Strength
    source: str
    funder: str | None = None


def _of_shops(rule: _Rule, codes: str, why: str) -> list[Exclusion]:
    return [
        Exclusion(
            exclusion_id=uuid5(_NAMESPACE, f"shop/{rule.source}/{code}"),
            kind=rule.kind,
            strength=rule.strength,
            source=rule.source,
            why=why,
            applies_from=_ALWAYS,
            funder=rule.funder,
            merchant_category_code=code,
        )
        for code in codes.split()
    ]


def _of_items(rule: _Rule, categories: str, why: str) -> list[Exclusion]:
    return [
        Exclusion(
            exclusion_id=uuid5(_NAMESPACE, f"item/{rule.source}/{category}"),
            kind=rule.kind,
            strength=rule.strength,
            source=rule.source,
            why=why,
            applies_from=_ALWAYS,
            funder=rule.funder,
            item_category=category,
        )
        for category in categories.split()
    ]


def _of_council(source: str) -> _Rule:
    return _Rule(kind=Kind.FUNDER, strength=Strength.SOFT, source=source, funder="council")


_ILLEGAL = _Rule(kind=Kind.LAW, strength=Strength.HARD, source=_NHS)
_OF_NHS = _Rule(kind=Kind.FUNDER, strength=Strength.HARD, source=_NHS, funder="nhs")
_NOT_NAMED = _Rule(kind=Kind.PLAN, strength=Strength.SOFT, source=_PLAN)
_GAMBLING = "NHS money does not pay for gambling."
_ALCOHOL = "NHS money does not pay for alcohol."
_TOBACCO = "NHS money does not pay for tobacco."
_DEBT = "NHS money does not pay off debts."

SHIPPED: Sequence[Exclusion] = (
    *_of_items(_ILLEGAL, "illegal", "No budget pays for what is against the law."),
    *_of_shops(_OF_NHS, "7995 7800 7801 7802 9406", _GAMBLING),
    *_of_items(_OF_NHS, "gambling", _GAMBLING),
    *_of_shops(_OF_NHS, "5921", _ALCOHOL),
    *_of_items(_OF_NHS, "alcohol", _ALCOHOL),
    *_of_shops(_OF_NHS, "5993", _TOBACCO),
    *_of_items(_OF_NHS, "tobacco", _TOBACCO),
    *_of_shops(_OF_NHS, "7322", _DEBT),
    *_of_items(_OF_NHS, "debt debt_repayment", _DEBT),
    *_of_items(
        _OF_NHS,
        "emergency_care gp_services nhs_dental nhs_service elective_surgery",
        "The NHS provides this outside the budget.",
    ),
    *_of_shops(
        _NOT_NAMED,
        "4829 6051 6536 6537 6538",
        "Sending money on buys nothing that the plan names.",
    ),
    *_of_shops(_NOT_NAMED, "6540", "Stored value buys nothing that the plan names."),
    *_of_shops(_NOT_NAMED, "5933", "A pawn shop sells nothing that the plan names."),
    *_of_shops(_NOT_NAMED, "9222 9223", "Fines and bail are nothing that the plan names."),
    *_of_shops(
        _NOT_NAMED,
        "8011 8021 8062 4119",
        "Medical care is bought where the plan names this kind of provider.",
    ),
)

# What published lists of councils exclude beyond that, in words of ours; to be confirmed with each.
COUNCIL_LISTS: Mapping[str, Sequence[Exclusion]] = {
    "south_tyneside": tuple(
        _of_items(
            _of_council("southtyneside.gov.uk, direct payments"),
            "council_service nhs_service",
            "This council's money does not buy what it or the NHS provides itself.",
        )
    ),
    "central_bedfordshire": tuple(
        _of_items(
            _of_council("centralbedfordshire.gov.uk, direct payments"),
            "council_service",
            "This council's money does not buy what it provides itself.",
        )
    ),
    "stockport": tuple(
        _of_items(
            _of_council("stockport.gov.uk, direct payments"),
            "nhs_service",  # its own services may be bought there
            "This council's money does not buy what the NHS provides.",
        )
    ),
    "prepaid_card_scheme": tuple(
        _of_shops(
            _of_council("allpay prepaid card, questions of cardholders (Staffordshire)"),
            "5813 5921 7273 7297 7298 5933 5993 7995",
            "The card scheme of this council is closed to this kind of shop.",
        )
    ),
    "no_cash": tuple(
        _of_shops(
            _of_council("a third of councils in 2017 (lukeclements.co.uk); guidance is against it"),
            "6010 6011",
            "This council's money is not drawn in cash.",
        )
    ),
}
