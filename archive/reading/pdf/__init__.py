"""PDF files with text, as a reader sees them.

pages       PDFium → pieces of text and pictures with their places
frame       what stands on every page is taken out: running heads and feet, page numbers
columns     pieces → rows in reading order, column by column
paragraphs  rows → paragraphs, with the sizes that make headings of them
reading     paragraphs → lines for the parser
"""

from archive.reading.pdf.reading import read_pdf

__all__ = ["read_pdf"]
