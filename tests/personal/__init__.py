"""Personal data: sealed where it is stored, opened where it is shown, gone where it was erased."""
