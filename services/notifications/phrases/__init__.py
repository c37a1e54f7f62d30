"""What our own words in facts are in another language."""
