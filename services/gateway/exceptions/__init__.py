"""What went another way than it should: exceptions, disputes, unknown money."""
