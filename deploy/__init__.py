"""How the suite is put to work: on a laptop without Docker (``local``), in images, on servers."""
