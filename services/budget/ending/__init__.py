"""The end of a budget: its plan is over, or the person wants it, has moved or has died."""
