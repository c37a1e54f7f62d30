"""What a partner arranged and delivered, without a payment."""
