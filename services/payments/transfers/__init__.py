"""Bank transfers: ordered when the money is held, or when the supplier's invoice is here."""
