"""A day that nobody means is a plain refusal of its field, in every form that takes days."""

import pytest
from marshmallow import ValidationError, fields

from services.assessment.forms import Form
from services.assessment.service import AssessmentService
from services.partners.documents import example
from services.partners.incoming import INCOMING

MEANT_BY_NOBODY = ["0001-01-01", "1879-12-31", "2200-01-01", "9999-12-31"]
AT_NO_TIME = ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-11-24T10:00:00-23:59"]
MEANT = ["1880-01-01", "2199-12-31"]
ZONES_THERE_ARE = ["2026-11-24T10:00:00+14:00", "2026-11-24T10:00:00-11:00"]


def told_in(form, kind, *inside):
    """Yield where a form takes a day, or an instant: the path to it."""
    for name, one in form.fields.items():
        inner = one.inner if isinstance(one, fields.List) else one
        if isinstance(inner, fields.Nested):
            yield from told_in(inner.schema, kind, *inside, name)
        elif isinstance(inner, kind):
            yield (*inside, name)


def of_partners(kind):
    return [
        pytest.param(name, path, id=f"{name} {'.'.join(path)}")
        for name, incoming in INCOMING.items()
        for path in told_in(incoming.form(), kind)
    ]


def with_changed(data, path, value):
    first, *rest = path
    return {**data, first: with_changed(data[first], rest, value) if rest else value}


def wrong_with(name, path, value):
    """Return where the form of a type finds fault, if that field is told so."""
    found = INCOMING[name].form().validate(with_changed(example(name)["data"], path, value))
    faults = []
    while isinstance(found, dict) and found:
        ((where, found),) = found.items()
        faults.append(where)
    return tuple(faults), found


@pytest.mark.parametrize("day", MEANT_BY_NOBODY)
@pytest.mark.parametrize(("name", "path"), of_partners(fields.Date))
def test_a_partners_day_that_nobody_means_is_refused_by_its_field(name, path, day):
    where, why = wrong_with(name, path, day)

    assert where == path
    assert why[0] == "Not a time between 1880 and 2199."


@pytest.mark.parametrize(("name", "path"), of_partners(fields.Date))
@pytest.mark.parametrize("day", MEANT)
def test_the_first_and_the_last_day_that_may_be_meant_are_days(name, path, day):
    where, why = wrong_with(name, path, day)

    assert where != path or "time between" not in why[0]


@pytest.mark.parametrize("instant", AT_NO_TIME)
def test_an_instant_at_which_nobody_saw_anything_is_refused_by_its_field(instant):
    where, _ = wrong_with("assessment.contribute.v1", ("as_of",), instant)

    assert where == ("as_of",)


@pytest.mark.parametrize(("name", "path"), of_partners(fields.AwareDateTime))
def test_a_zone_that_no_place_has_is_refused_and_those_there_are_are_taken(name, path):
    for instant in ZONES_THERE_ARE:
        assert wrong_with(name, path, instant) == ((), {})
    assert wrong_with(name, path, "2026-11-24T10:00:00-23:59")[0] == path


def forms_of_assessment():
    assert AssessmentService.name  # whoever imports it has every form
    waiting = [Form]
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        for name, field in form().fields.items():
            if isinstance(field, fields.Date | fields.DateTime):
                yield pytest.param(field, id=f"{form.__name__}.{name}")


@pytest.mark.parametrize("field", [*forms_of_assessment()])
def test_assessment_takes_no_day_and_no_instant_that_nobody_means(field):
    told = MEANT_BY_NOBODY if isinstance(field, fields.Date) else AT_NO_TIME

    for one in told:
        with pytest.raises(ValidationError):
            field.deserialize(one)
    for one in MEANT if isinstance(field, fields.Date) else ZONES_THERE_ARE:
        field.deserialize(one)
