"""How long a text is, as phones and providers count it."""
