"""The council's system: what a council has of its own."""
