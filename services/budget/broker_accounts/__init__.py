"""Money held by a broker's organisation: an account for each funder, topped up and compared."""
