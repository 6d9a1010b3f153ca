"""Help topics, the written pages on a terminal, reference and man pages."""
