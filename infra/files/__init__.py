"""Files that people name: read in bounded memory, written whole."""
