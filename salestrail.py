"""The launcher: puts the program's own folders before anybody else's, then starts the command line."""

import gc
import os
import sys


def main() -> None:
    """Start `sales`, from the wheel's private folder or from a checkout."""
    try:
        _start()
    except KeyboardInterrupt:  # before the command line could take it
        os._exit(130)


def _start() -> None:
    here = os.path.dirname(os.path.realpath(__file__))
    installed = os.path.join(here, "_salestrail")
    place = installed if os.path.isdir(installed) else here
    if sys.path[0] != place:  # each place is looked into for every module
        sys.path.insert(0, place)
    gc.disable()  # what is imported lives to the end: looking for garbage meanwhile is time lost
    from cli.main import main as run

    gc.freeze()
    gc.enable()
    run()


if __name__ == "__main__":
    main()
