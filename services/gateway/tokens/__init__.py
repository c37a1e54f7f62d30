"""What others have signed: how it is read, what must stand in it, and that it counts once."""
