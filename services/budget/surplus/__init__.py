"""What of a budget is left over, funder by funder."""
