"""What partners owe one another: recharges, and the risk they share."""
