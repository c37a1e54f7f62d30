"""Life events: a death, a stay in hospital, a move, and what each does to open work."""
