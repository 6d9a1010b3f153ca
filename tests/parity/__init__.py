"""What every view and command says, to the byte: asked through the front door alone, and held by `answers.txt`."""
