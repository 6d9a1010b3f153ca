"""A command from a declared action: its words, its questions, its answer, what comes next."""
