"""The report of a quarter: one page that needs nothing else, or a workbook."""
