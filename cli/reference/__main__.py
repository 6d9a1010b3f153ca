"""`python -m cli.reference [FOLDER]` writes the reference pages; into docs/reference unless a folder is given."""

import sys
from pathlib import Path

from cli.reference import write

if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/reference"))
