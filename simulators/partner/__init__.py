"""What the simulated systems of partners have in common."""
