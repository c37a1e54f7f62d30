"""Which event says what to whom, and by which channel."""
