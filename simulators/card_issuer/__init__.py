"""A card issuer that speaks Stripe Issuing."""
