"""What is different between two looks at the same views, and which events make each difference."""
