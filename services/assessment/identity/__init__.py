"""Identity: two records that may be one person, until somebody finds out."""
