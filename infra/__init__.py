"""How it is kept: the log, the tables' projector, the codec, configuration and workbooks."""
