"""What happens to a person, as a hospital, a surgery or a council reports it."""

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import ValidationError, validates_schema

from services.partners import forms
from services.partners.catalogue.rules import Incoming, Told


class AdmissionForm(forms.Form):
    """A person is in hospital."""

    person_id = forms.id_of()
    admitted_on = forms.day()
    expected_discharge_on = forms.day(may_be_missing=True)

    @validates_schema
    def _leaves_after_arriving(self, loaded: dict[str, Any], **_kwargs: Any) -> None:
        expected = loaded.get("expected_discharge_on")
        if expected is not None and expected < loaded["admitted_on"]:
            raise ValidationError("It lies before the admission.", "expected_discharge_on")


class DischargeForm(forms.Form):
    """A person has left hospital."""

    person_id = forms.id_of()
    discharged_on = forms.day()


class EstateForm(forms.Form):
    """Who looks after what a person left."""

    name = forms.name()
    contact = forms.words()


class DeathForm(forms.Form):
    """A person has died."""

    person_id = forms.id_of()
    died_on = forms.day()
    estate = forms.part(EstateForm, may_be_missing=True)


class DeathWithdrawnForm(forms.Form):
    """A death was reported wrongly: the person lives."""

    person_id = forms.id_of()
    reason = forms.words()


class MoveForm(forms.Form):
    """A person moves to another area."""

    person_id = forms.id_of()
    moves_on = forms.day()
    to_area = forms.name()


def _reported(**missing: Any) -> Callable[[Told], Mapping[str, Any]]:
    """Say who reports it, and null for what was left out."""
    return lambda told: {**missing, **told.data, "source": told.agreement.name}


INCOMING = (
    Incoming(
        name="admission.notify.v1",
        says="report that a person is in hospital",
        form=AdmissionForm,
        operation="assessment.record_admission",
        request=_reported(expected_discharge_on=None),
        new_id="event_id",
    ),
    Incoming(
        name="discharge.notify.v1",
        says="report that a person has left hospital",
        form=DischargeForm,
        operation="assessment.record_discharge",
        request=_reported(),
        new_id="event_id",
    ),
    Incoming(
        name="death.notify.v1",
        says="report that a person has died",
        form=DeathForm,
        operation="assessment.record_death",
        request=_reported(estate=None),
        new_id="event_id",
    ),
    Incoming(
        name="death.withdraw.v1",
        says="report that a death was reported wrongly",
        form=DeathWithdrawnForm,
        operation="assessment.correct_death",
        request=_reported(),
        new_id="event_id",
    ),
    Incoming(
        name="move.notify.v1",
        says="report that a person moves to another area",
        form=MoveForm,
        operation="assessment.record_move",
        request=_reported(),
        new_id="event_id",
    ),
)
