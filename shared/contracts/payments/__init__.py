"""What payments tells the others, a module for each subject."""
