"""Who asks about a contribution that belongs to no referral here, and by when."""

from datetime import timedelta

WHO_ASKS = "information_officer"
ASK_WITHIN = timedelta(days=2)  # local policy, to be confirmed
WORDS = (
    "A contribution came for a referral that is not here: ask its sender."
    " If it is here, its sender does not assess on this case."
)
