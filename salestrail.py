"""The launcher: puts the program's own folders before anybody else's, then starts the command line."""

import gc
import os
import sys


def main() -> None:
    """Start `sales`, from the wheel's private folder or from a checkout."""
    here = os.path.dirname(os.path.realpath(__file__))
    installed = os.path.join(here, "_salestrail")
    sys.path.insert(0, installed if os.path.isdir(installed) else here)
    gc.disable()  # what is imported lives to the end: looking for garbage meanwhile is time lost
    try:
        from cli.main import main as run

        gc.freeze()
        gc.enable()
        run()
    except KeyboardInterrupt:  # before the command line could take it
        os._exit(130)


if __name__ == "__main__":
    main()
