"""What the bank tells us afterwards: kept first, applied from the table."""
