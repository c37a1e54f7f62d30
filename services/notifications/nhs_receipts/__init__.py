"""What NHS Notify tells of messages, and how we know that it is NHS Notify."""
