"""A simulator of a mail server: takes e-mails, refuses some, and sends none on."""
