"""What runs by itself beside commands: the sweep of the pool."""
