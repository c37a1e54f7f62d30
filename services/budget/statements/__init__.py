"""What people read of the books as they stand: a budget, what is coming, the totals of all."""
