"""What people read: one budget's statement, and the totals of all."""
