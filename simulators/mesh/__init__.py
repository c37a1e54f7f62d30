"""MESH: NHS England's own sandbox, which runs in an environment of its own."""
