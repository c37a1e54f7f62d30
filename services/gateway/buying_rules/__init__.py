"""What may be bought: limits, card policies and exclusions, each looser one by two people."""
