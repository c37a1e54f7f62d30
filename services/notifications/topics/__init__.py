"""What is said when, to whom, by which channels, and how much it matters."""
