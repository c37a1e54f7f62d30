"""Direct payments: paid on a schedule to the person or their nominee, and evidenced."""
