"""The translations, and what keeps them: the message ids are the English texts in the code."""
