"""What one types and reads: commands, texts and formats."""
