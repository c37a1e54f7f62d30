"""The form of the requests about a reserve for a crisis."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from services.budget.agreements.schemas import MOST_FUNDERS, SignatureForm, each_once
from services.budget.crisis_reserve.commands import (
    ActivateCrisisReserve,
    PromiseCrisisReserve,
    ReservePart,
    StandDownCrisisReserve,
)

LARGEST_PENCE = 10**12


def amount() -> fields.Integer:
    return fields.Integer(
        strict=True, required=True, validate=validate.Range(min=1, max=LARGEST_PENCE)
    )


class ReservePartForm(Schema):
    funder_id = fields.UUID(required=True)
    amount_pence = amount()

    @post_load
    def _as_part(self, loaded: dict[str, Any], **_kwargs: Any) -> ReservePart:
        return ReservePart(**loaded)


def one_each(parts: list[ReservePart]) -> None:
    """Refuse parts of which two are of one funder."""
    if len({part.funder_id for part in parts}) != len(parts):
        raise ValidationError("A funder promises once.")


class PromiseCrisisReserveForm(Schema):
    reserve_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    parts = fields.List(
        fields.Nested(ReservePartForm),
        required=True,
        validate=[validate.Length(min=1, max=MOST_FUNDERS), one_each],
    )
    signatures = fields.List(
        fields.Nested(SignatureForm),
        required=True,
        validate=[validate.Length(max=MOST_FUNDERS), each_once],
    )

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> PromiseCrisisReserve:
        return PromiseCrisisReserve(**loaded)


class ActivateCrisisReserveForm(Schema):
    crisis_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    cap_pence = amount()

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> ActivateCrisisReserve:
        return ActivateCrisisReserve(**loaded)


class StandDownCrisisReserveForm(Schema):
    crisis_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> StandDownCrisisReserve:
        return StandDownCrisisReserve(**loaded)


class CrisisReserveForm(Schema):
    budget_id = fields.UUID(required=True)

    @post_load
    def _as_id(self, loaded: dict[str, Any], **_kwargs: Any) -> Any:
        return loaded["budget_id"]
