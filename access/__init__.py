"""Who may see whose record, and who saw it."""
