"""What assessment tells, of which a person hears."""
