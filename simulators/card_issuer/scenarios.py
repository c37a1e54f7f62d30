"""Scenarios: a YAML file of steps, each with when it happens and what is done."""

from collections.abc import Mapping
from typing import Any

import yaml

from simulators.card_issuer import outcomes
from simulators.card_issuer.clock import duration_seconds
from simulators.card_issuer.errors import StripeError
from simulators.card_issuer.forms import Form
from simulators.card_issuer.issuer import Issuer
from simulators.card_issuer.operations import BY_NAME
from simulators.card_issuer.passing import advance_to
from simulators.card_issuer.store import Wire

FIELDS = frozenset({"when", "do", "about", "with", "as", "fault", "expect_error"})


class ScenarioError(ValueError):
    """A scenario that cannot be played. The text names the step, counted from 1."""


def read(text: str) -> list[Wire]:
    """Read a scenario's steps.

    Raises:
        ScenarioError: no YAML, or a step that is none.
    """
    try:
        scenario = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ScenarioError("A scenario is YAML.") from error
    steps = scenario.get("steps") if isinstance(scenario, dict) else None
    if not isinstance(steps, list) or not steps:
        raise ScenarioError("A scenario has steps.")
    for number, step in enumerate(steps, 1):
        if not isinstance(step, dict) or not set(step) <= FIELDS:
            raise ScenarioError(f"Step {number} has only {', '.join(sorted(FIELDS))}.")
        if ("do" in step) == ("fault" in step):
            raise ScenarioError(f"Step {number} has either do or fault.")
        if "do" in step and step["do"] not in {*BY_NAME, *outcomes.OUTCOMES}:
            raise ScenarioError(f"Step {number} does what nobody knows: {step['do']}.")
        try:
            duration_seconds(str(step.get("when", "0s")))
        except ValueError as error:
            raise ScenarioError(f"Step {number}: {error}") from error
    return steps


def play(text: str, *, issuer: Issuer, given: Mapping[str, str] | None = None) -> list[Wire]:
    """Play a scenario to its end and return what each step led to.

    Args:
        text: YAML, as the README describes it.
        issuer: on which it is played; its clock goes on to each step's ``when``.
        given: ids by the names under which the steps speak of them.

    Raises:
        ScenarioError: a step is wrong, or did not end as it was to.
    """
    steps = read(text)
    began_at = issuer.clock.now()
    named: dict[str, str] = dict(given or {})
    played = []
    for number, step in enumerate(steps, 1):
        if "when" in step:
            due_at = began_at + duration_seconds(str(step["when"]))
            advance_to(issuer, max(due_at, issuer.clock.now()))
        try:
            outcome = _carry_out(step, named, issuer=issuer)
        except StripeError as error:
            if step.get("expect_error") not in {True, error.code, error.param}:
                raise ScenarioError(f"Step {number}: {error.message}") from error
            outcome = {"id": None, "error": error.message}
        except (KeyError, ValueError) as error:
            raise ScenarioError(f"Step {number}: {error}") from error
        else:
            if step.get("expect_error"):
                raise ScenarioError(f"Step {number} was to be refused, and was not.")
        issuer.log.write("scenario_step", step=number, id=outcome.get("id"))
        played.append({"step": number, **outcome})
    return played


def _carry_out(step: Wire, named: dict[str, str], *, issuer: Issuer) -> Wire:
    if "fault" in step:
        issuer.faults.add(_with_names(step["fault"], named))
        return {"id": None}
    about = _with_names(step.get("about"), named)
    if step["do"] in outcomes.OUTCOMES and about.startswith("idp_"):
        done = outcomes.OUTCOMES[step["do"]](issuer, about, loss_reason=outcomes.LOSS_REASON)
    else:
        operation, id_name = BY_NAME[step["do"]]
        fields = Form(_flat(_with_names(step.get("with") or {}, named)))
        ids = {} if id_name is None else {id_name: about}
        done = operation(form=fields, issuer=issuer, **ids)
    name = step.get("as")
    if name:
        named[name] = done["id"]
        for place, transaction in enumerate(done.get("transactions") or [], 1):
            named[f"{name}.transaction{place}"] = transaction["id"]
    shown = ("id", "object", "status", "approved", "amount")
    return {key: done[key] for key in shown if key in done}


def _with_names(value: Any, named: Mapping[str, str]) -> Any:
    """Put ids in the place of ``$names``.

    Raises:
        KeyError: nothing has this name.
    """
    if isinstance(value, str) and value.startswith("$"):
        return named[value[1:]]
    if isinstance(value, dict):
        return {name: _with_names(one, named) for name, one in value.items()}
    if isinstance(value, list):
        return [_with_names(one, named) for one in value]
    return value


def _flat(value: Any, prefix: str = "") -> list[tuple[str, str]]:
    """Write nested values as Stripe's form does: ``a[b][0]``."""
    if isinstance(value, dict):
        pairs = list(value.items())
    elif isinstance(value, list):
        pairs = list(enumerate(value))
    else:
        shown = str(value).lower() if isinstance(value, bool) else str(value)
        return [(prefix, shown)]
    return [
        pair
        for name, one in pairs
        for pair in _flat(one, f"{prefix}[{name}]" if prefix else str(name))
    ]
