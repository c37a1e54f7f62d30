"""Setting and showing what people chose."""
