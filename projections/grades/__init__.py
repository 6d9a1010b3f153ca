"""Grades: from when to when each customer had which, and what it was given for."""
