"""What is shown for direct payments, or comes back of them."""
