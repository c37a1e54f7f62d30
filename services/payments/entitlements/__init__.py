"""What a person may buy: our own copy of approved plans, of who is broker and of live budgets."""
