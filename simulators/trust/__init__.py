"""The trust's system: what an NHS body has of its own."""
