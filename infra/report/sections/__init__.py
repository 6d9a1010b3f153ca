"""The sections of a report, one module each: figures from the projections in, tables and charts out."""
