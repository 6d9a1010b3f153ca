"""How it is kept: the log, the tables' projector, the codec, configuration and workbooks."""

__version__ = "0.1.0"
