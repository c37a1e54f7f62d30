"""Cards: a virtual one for each purchase. Its number stays with the issuer."""
