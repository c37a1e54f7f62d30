"""What the bank and the card programme say, beside what is booked."""
