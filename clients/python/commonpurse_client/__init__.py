"""A client of the gateway of Common Purse."""

from .calls import Document
from .client import Client
from .problems import (
    CommonPurseError,
    NotAnsweredError,
    NotReachedError,
    NotSignedInError,
    ProblemError,
)
from .values import OMITTED, Omitted, Page

__all__ = [
    "OMITTED",
    "Client",
    "CommonPurseError",
    "Document",
    "NotAnsweredError",
    "NotReachedError",
    "NotSignedInError",
    "Omitted",
    "Page",
    "ProblemError",
]
