"""What one types and reads: commands, texts and formats."""

__version__ = "0.1.0"
