"""What assessment tells the others, a module for each subject."""
