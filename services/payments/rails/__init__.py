"""Rails: whether the issuer and the bank can be reached, who waits for them, and another way."""
