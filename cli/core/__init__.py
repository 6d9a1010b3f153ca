"""What every command shares: session, options, help, errors, output, completion."""
