"""Series: one approval for something bought again and again, within caps and until a day."""
