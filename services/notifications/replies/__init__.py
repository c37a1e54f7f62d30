"""What people answer by text: STOP, HELP, or something that a person must read."""
