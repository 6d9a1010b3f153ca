"""Keeping the tables in step with the log: projector, generations, freshness, the connection that reads them."""
