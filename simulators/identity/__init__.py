"""OpenID Connect providers for a laptop: NHS login, CIS2, councils, and partners' systems."""
