"""Who pays: NHS bodies, councils and persons, and the pools in which they work together."""
