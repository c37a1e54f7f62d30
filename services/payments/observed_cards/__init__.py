"""Cards that somebody else issued to a person: we look on, and book nothing."""
