"""Debts between funders that were paid: booked in both books, budget by budget."""
