"""Records 记录: what is opened in a subject's history, goes from state to state, and is closed."""
