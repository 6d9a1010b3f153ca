"""What was entered late, and what was corrected afterwards."""
