"""The words for whoever is told beside the person: copies, and e-mails to colleagues."""
