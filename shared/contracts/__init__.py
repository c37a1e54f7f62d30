"""What the services tell one another: every event, its fields and its schema."""
