"""One subject as it stands: what a person wants to see of it at a glance."""
