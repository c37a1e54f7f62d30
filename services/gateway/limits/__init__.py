"""How much one client, one address and one reader may ask for."""
