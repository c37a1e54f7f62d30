"""Representatives: who may act for a person, in what, and until when."""
