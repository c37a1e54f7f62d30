"""What budget tells, of which a person hears."""
