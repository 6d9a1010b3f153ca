"""Who may do what in the database, act by act."""
