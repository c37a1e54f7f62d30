"""Cases: everything about one, and who has to do what by when."""
