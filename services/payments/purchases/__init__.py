"""Purchases: asked for by a broker, with what each reserves and has cost."""
