"""How money comes into a budget: shares, contributions, allocations, reserves."""
