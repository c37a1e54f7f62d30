"""What is on the pages of the person, and the words of every printed document."""
