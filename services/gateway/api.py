"""The subjects of the API, in the order in which its description lists them."""

from services.gateway.purchases.routes import PURCHASES
from services.gateway.subjects import Subject

DESCRIPTION = """\
One budget for one person. Money is whole pence in fields that end in `_pence`, instants end in
`_at` (UTC), days in `_on`. What somebody may not see and what is not there look the same.
"""

SUBJECTS: tuple[Subject, ...] = (PURCHASES,)
