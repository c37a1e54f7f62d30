"""Messages to people by SMS, e-mail and letter."""
