"""Reviews 复盘: what was found, the events that show it, and what became of the improvements that were agreed."""
