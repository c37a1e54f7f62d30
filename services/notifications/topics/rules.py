"""How much it matters that somebody hears of something."""

import enum


class Importance(enum.StrEnum):
    CRITICAL = "critical"  # passes quiet hours, and cannot be declined
    NORMAL = "normal"
