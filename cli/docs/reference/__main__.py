"""`python -m cli.docs.reference [FOLDER]` writes the reference pages into docs/reference and the man pages into install/man.

With a folder, only the reference pages, into it.
"""

import sys
from pathlib import Path

from cli.docs.reference import write, write_man

if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/reference"))
    if len(sys.argv) == 1:
        write_man(Path("install/man"))
