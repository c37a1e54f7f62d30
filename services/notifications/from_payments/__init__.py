"""What payments tells, of which a person hears."""
