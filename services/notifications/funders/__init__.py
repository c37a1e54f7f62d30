"""Who at an organisation that pays into budgets is written to, as budget told it."""
