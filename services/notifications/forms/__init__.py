"""What words are made of, how they are filled in, and what makes them unfit."""
