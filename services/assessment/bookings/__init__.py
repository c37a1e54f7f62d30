"""When, where and with whom the joint assessment is held, before it is."""
