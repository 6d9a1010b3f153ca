"""Rows as bytes and pictures: text tables, workbooks, charts."""
