"""What people chose: channels, topics, language, format, hours, and whether texts are safe."""
