"""How sure a sign-in has to be: vectors of trust at NHS login, ACR values at CIS2."""

import json
import re
from collections.abc import Mapping

from simulators.identity.errors import BackToClientError
from simulators.identity.facts import assurance
from simulators.identity.issuers import CIS2, NHS_LOGIN, Issuer
from simulators.identity.users import User

USUAL_VECTORS = ("P9.Cp.Cd", "P9.Cp.Ck", "P9.Cm")
VECTOR = re.compile(r"(P[059])(\.C[pdkm])+")
NEEDED_ASSURANCE: Mapping[str, str] = {"AAL2_OR_AAL3_ANY": "2", "AAL3_ANY": "3"}


def asked(arguments: Mapping[str, str], *, issuer: Issuer) -> tuple[str, ...]:
    """Read which levels would do; the usual ones where nothing is said.

    Raises:
        BackToClientError: there are no such levels here.
    """
    if issuer.kind is NHS_LOGIN:
        return _vectors(arguments["vtr"]) if "vtr" in arguments else USUAL_VECTORS
    if issuer.kind is CIS2:
        wanted = tuple(arguments.get("acr_values", "").split()) or tuple(NEEDED_ASSURANCE)
        if set(wanted) - set(NEEDED_ASSURANCE):
            raise BackToClientError("invalid_request", "acr_values holds an unknown one.")
        return wanted
    return ()


def reached(levels: tuple[str, ...], *, user: User) -> str:
    """Find the first of ``levels`` that ``user`` reaches; at councils there are none.

    Raises:
        BackToClientError: none.
    """
    if not levels:
        return ""
    for level in levels:
        if user.issuer.kind is NHS_LOGIN:
            is_enough = user.facts["identity_proofing_level"] >= level[:2]
        else:
            is_enough = assurance(user) >= NEEDED_ASSURANCE[level]
        if is_enough:
            return level
    raise BackToClientError("access_denied", "This account does not reach the level asked for.")


def _vectors(text: str) -> tuple[str, ...]:
    try:
        wanted = json.loads(text)
    except ValueError as error:
        raise BackToClientError("invalid_request", "vtr is a JSON list.") from error
    if not isinstance(wanted, list) or not wanted:
        raise BackToClientError("invalid_request", "vtr is a JSON list.")
    if not all(isinstance(one, str) and VECTOR.fullmatch(one) for one in wanted):
        raise BackToClientError("invalid_request", "vtr holds an unknown vector.")
    return tuple(wanted)
