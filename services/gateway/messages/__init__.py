"""What people are told, how they chose to hear it, and what must not be sent."""
