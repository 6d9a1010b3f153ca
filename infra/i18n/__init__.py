"""Message ids to words: the catalogue and the codes."""
