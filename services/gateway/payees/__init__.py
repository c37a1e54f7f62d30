"""Who is paid through the bank: details and items seen by two people."""
