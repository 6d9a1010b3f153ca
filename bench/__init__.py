"""How fast, against what: one script for each row of the table, every figure a ratio measured in one run."""
