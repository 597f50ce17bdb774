"""Tunes on paper: systems by verovio, pages laid out here, written as PDF, SVG and PNG.

Tunes and a `SheetOptions` come in; `build_sheet` returns the pages.
"""
