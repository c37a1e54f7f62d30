"""The routes that every simulator has for whoever runs it: health, faults and the log."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from simulators.faults import Faults, UnknownRuleError
from simulators.log import Log


def control_routes(*, faults: Faults, log: Log) -> Blueprint:
    routes = Blueprint("control", __name__)

    @routes.get("/health/live")
    def live() -> ResponseReturnValue:
        return {"status": "live"}

    @routes.get("/_sim/log")
    def read_log() -> ResponseReturnValue:
        """Answer with what happened, from an entry's number on where ``after`` names it."""
        after = request.args.get("after", default=0, type=int)
        return {"entries": [one for one in log.entries() if one["number"] > after]}

    @routes.get("/_sim/faults")
    def read_faults() -> ResponseReturnValue:
        return {"rules": faults.waiting(), **_known(faults)}

    @routes.post("/_sim/faults")
    def add_faults() -> ResponseReturnValue:
        try:
            faults.add(request.get_json(force=True, silent=True))
        except UnknownRuleError as error:
            return {"error": str(error), **_known(faults)}, 400
        return {"rules": faults.waiting()}, 201

    @routes.delete("/_sim/faults")
    def clear_faults() -> ResponseReturnValue:
        faults.clear()
        return {"rules": []}

    return routes


def _known(faults: Faults) -> dict[str, object]:
    return {"known_faults": sorted(faults.known), "variants": faults.variants}
