"""What is left over goes back to whose it is, with notice and a way to object."""
