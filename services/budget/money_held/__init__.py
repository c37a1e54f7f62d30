"""Where the money of a budget is now."""
