"""After some days only the fact that something was sent is kept."""
