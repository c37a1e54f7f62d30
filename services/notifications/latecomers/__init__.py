"""Who becomes known after an event of which they were to hear."""
