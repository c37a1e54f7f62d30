"""The services of Common Purse: one folder each, and none imports another."""
