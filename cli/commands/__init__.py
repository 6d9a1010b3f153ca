"""The commands that are neither an action nor a view."""
