"""A simulator of NHS Notify, as far as its callers here use it."""
