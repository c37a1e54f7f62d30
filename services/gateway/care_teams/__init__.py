"""Care teams: who works with a person, who was offered, who is wanted instead."""
