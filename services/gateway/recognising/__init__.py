"""Who somebody is to us, from what a provider says of them."""
