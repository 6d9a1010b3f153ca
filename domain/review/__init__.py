"""Reviews 复盘: what went well or badly and why, shown by events, and what is going to be done better."""
