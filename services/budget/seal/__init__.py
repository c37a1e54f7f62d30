"""The seal: history chained by hashes, so that a partner can see that nobody rewrote it."""
