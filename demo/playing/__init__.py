"""A case's way from referral to receipt, told to the services command by command."""
