"""What waits for somebody, in whichever service."""
