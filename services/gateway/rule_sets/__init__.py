"""Rule sets: proposed by one, approved by another."""
