"""Which partners hear of an event, and how much of it they are told."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from services.partners.agreements.rules import Agreement, Content, Receives
from services.partners.catalogue.rules import BUDGETS, About, Outgoing


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Who stands how to what an event is about, when it is looked at."""

    organisations: Collection[str]  # those that may hear of the person
    funder_id: str  # of whom the event speaks, if it speaks of one
    paying: Collection[str]  # the funders who pay into the budget


def may_hear(agreement: Agreement, outgoing: Outgoing, standing: Standing) -> bool:
    """Tell whether a partner may hear of an event that its agreement lists.

    Whose money it is alone hears of it: each funder sees its own side.
    """
    stands = agreement.organisation in standing.organisations
    funder_id = agreement.funder_id
    if outgoing.about is About.FUNDER:
        return bool(funder_id) and funder_id == standing.funder_id
    if outgoing.about is About.BUDGET:
        return stands or (bool(funder_id) and funder_id in standing.paying)
    return stands


def told(agreed: Receives, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that were agreed; a signal holds none."""
    if agreed.content is Content.SIGNAL:
        return {}
    return {field: data[field] for field in agreed.fields if field in data}


def data_ref(
    agreement: Agreement,
    outgoing: Outgoing,
    standing: Standing,
    data: Mapping[str, Any],
    *,
    gateway_url: str,
) -> str:
    """Return where the partner's system can read it, in its own name; empty: nowhere.

    A case is read by who hears of it; a budget by who pays into it, each its own side.
    """
    pays = agreement.funder_id in {standing.funder_id, *standing.paying} - {""}
    if not outgoing.read_at or (outgoing.read_at.startswith(BUDGETS) and not pays):
        return ""
    try:
        return gateway_url + outgoing.read_at.format_map(data)
    except KeyError:
        return ""
