"""Life events: a death, a stay in hospital, a move."""
