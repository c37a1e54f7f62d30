"""Who is told beside the person, of what, and where they are reached."""
