"""Stops: when a budget buys nothing new any more, and what was not used is called off."""
