"""People: how they are reached and told, who acts for them, what they agreed to."""
