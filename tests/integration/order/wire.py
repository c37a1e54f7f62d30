"""The issuer's documents: what payments may look at in them, kept with our word for one field."""

from typing import Any

ISSUERS_WORD, OUR_WORD = "authorization", "authorisation"
KEPT = frozenset(
    {
        "id",
        "card",
        ISSUERS_WORD,
        "amount",
        "currency",
        "approved",
        "status",
        "reason",
        "request_history",
        "transactions",
    }
)


def to_keep(document: Any) -> Any:
    """Return a part of what the issuer told, with the fields that payments may look at."""
    if isinstance(document, dict):
        return {
            OUR_WORD if name == ISSUERS_WORD else name: to_keep(part)
            for name, part in document.items()
            if name in KEPT
        }
    if isinstance(document, list):
        return [to_keep(part) for part in document]
    return document


def as_told(kept: Any) -> Any:
    """Return what was kept as the issuer says it."""
    if isinstance(kept, dict):
        return {
            ISSUERS_WORD if name == OUR_WORD else name: as_told(part) for name, part in kept.items()
        }
    if isinstance(kept, list):
        return [as_told(part) for part in kept]
    return kept
