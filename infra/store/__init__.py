"""One opened store and its life: opening, settings, migrations, backup, export, and whether it is whole."""
