"""The views, a module each: questions to the tables, shown in every format."""
