"""The form of the requests about seals."""

from typing import Any

from marshmallow import Schema, post_load

from services.budget.seal.commands import SealJournals


class SealJournalsForm(Schema):
    """Nothing but that it be done."""

    @post_load
    def _as_command(self, _loaded: dict[str, Any], **_kwargs: Any) -> SealJournals:
        return SealJournals()
