"""Identity: two records that may be one person."""
