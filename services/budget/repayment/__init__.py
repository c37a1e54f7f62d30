"""The way of what is left over back to whose it is: proposed, notified, confirmed, posted."""
