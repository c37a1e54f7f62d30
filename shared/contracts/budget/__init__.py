"""What budget tells the others, a module for each subject."""
