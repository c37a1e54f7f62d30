"""What a budget is likely to come to by the end of its plan."""
