"""Post: what comes and goes by MESH."""
