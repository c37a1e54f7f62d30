"""Presentments: captures and refunds, kept once, whoever's they are."""
