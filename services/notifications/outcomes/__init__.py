"""What became of deliveries of which no receipt tells: the providers are asked."""
