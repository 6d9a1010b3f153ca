"""The read side: what every door asks of the tables, by names and periods."""
