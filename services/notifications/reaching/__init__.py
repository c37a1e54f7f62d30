"""By which channel, and when, a person may be written to now."""
