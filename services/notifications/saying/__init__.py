"""How a message is said to whoever it is for, by the first channel that can say it."""
