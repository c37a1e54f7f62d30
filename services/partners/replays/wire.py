"""A partner that lost what it was told asks to be told again, within its agreement."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from services.partners import forms
from services.partners.catalogue.rules import Incoming, Told


class ReplayForm(forms.Form):
    """Tell again what is about a person, or what came to pass in a period, or both."""

    person_id = fields.UUID(allow_none=True)
    since = forms.limit()
    until = forms.limit()

    @validates_schema
    def _something_is_asked(self, loaded: dict[str, Any], **_kwargs: Any) -> None:
        if loaded.get("person_id") is None and loaded.get("since") is None:
            raise ValidationError("Say of whom, or from when on.", "person_id")


def _own(told: Told) -> Mapping[str, Any]:
    """Ask for what the partner itself was told: nobody asks for another's messages."""
    return {**told.data, "partner": told.agreement.code}


INCOMING = (
    Incoming(
        name="replay.request.v1",
        says="ask to be told again, of a person or of a period",
        form=ReplayForm,
        operation="partners.replay",
        request=_own,
        new_id="replay_id",
    ),
)
