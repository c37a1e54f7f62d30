"""What is said on each topic, in which language and form. The words are files in words/."""
