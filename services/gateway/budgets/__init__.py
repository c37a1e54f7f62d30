"""One budget: how it stands, what it comes to, and how it ends."""
