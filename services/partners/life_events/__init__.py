"""Life events: what happens to a person while a budget runs."""
