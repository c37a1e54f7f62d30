"""What the issuer tells us afterwards: kept first, applied from the table."""
