"""Crisis: a person's own crisis plan is put in force."""
