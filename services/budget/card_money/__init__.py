"""Money on cards that belongs to no purchase, until payments says whose it is."""
