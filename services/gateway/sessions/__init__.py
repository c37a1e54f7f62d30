"""Who is signed in, for how long, and in which of their roles."""
