"""A stand-in for GOV.UK Notify: the same API, nobody outside is written to."""
