"""The care team: who works with a person, what support was offered, and asking for another."""
