"""SQL on either database: connections, transactions, and the faults that a driver may raise."""
