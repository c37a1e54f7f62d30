"""Partner agreements: what each partner's systems may say and hear."""
