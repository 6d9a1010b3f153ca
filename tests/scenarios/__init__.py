"""The acceptance examples, each as given lines and then rows, on both stores."""
