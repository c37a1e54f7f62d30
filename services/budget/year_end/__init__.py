"""The end of a financial year: what is left is carried, lapses, or is shared by rule."""
