"""A store in one SQLite file: its connection, its log and schema, and the triggers that guard it."""
