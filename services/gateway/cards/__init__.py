"""Cards: of one purchase, of a series, held by somebody, or somebody else's."""
