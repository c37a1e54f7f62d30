"""A bank that takes payment orders and says later whether they were paid."""
