"""Authorisations: all that we and the issuer said about a card's money."""
