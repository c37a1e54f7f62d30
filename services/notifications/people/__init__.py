"""How a person is called and reached, and whom they can ask: our own copy."""
