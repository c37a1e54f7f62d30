"""Who looked at a person's record, in whichever service."""
