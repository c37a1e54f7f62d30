"""What moves between funders when shares are decided for days that are past."""

from collections.abc import Mapping
from uuid import UUID

from services.budget.accounts.rules import AccountKind, Entry, account_name, flow
from services.budget.holds.rules import AVAILABLE, OVERSPENT, Capture, Host, Part
from shared.errors import Refusal


class NothingToMoveError(Refusal):
    """No purchase was made under shares that were decided otherwise."""

    code = "nothing_to_move"
    next_step = "Nothing has to be done."


def reapportionment_entries(
    steps: Mapping[UUID, Capture], *, parts: Mapping[UUID, Part], host: Host
) -> list[Entry]:
    """Return the entries that move past cost between funders, each to its book, by the host.

    Who paid too little comes to owe the host, who comes to owe whoever paid too much. The steps
    come to nothing together.
    """
    entries: list[Entry] = []
    of_host: list[tuple[str, int]] = []  # what leaves the host's accounts, or reaches them
    for funder_id, spent in steps.items():
        step_pence = spent.from_available_pence + spent.overspent_pence
        sources = [(AVAILABLE, spent.from_available_pence), (OVERSPENT, spent.overspent_pence)]
        if funder_id == host.funder_id:
            of_host += sources
            continue
        due = AccountKind.DUE_TO if step_pence > 0 else AccountKind.DUE_FROM
        entries += flow(funder_id, sources, [(account_name(due, host.code), step_pence)])
        mirrored = AccountKind.DUE_FROM if step_pence > 0 else AccountKind.DUE_TO
        of_host.append((account_name(mirrored, parts[funder_id].code), step_pence))
    return [*entries, *flow(host.funder_id, of_host, [])]
