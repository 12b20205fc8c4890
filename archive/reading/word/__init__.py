"""Word files, as Word shows them.

package   the zip is checked before anything reads it, and its parts are taken out
conversion  the document is rewritten, a step a module, into one that mammoth reads without loss
reading   mammoth's HTML → lines
"""

from archive.reading.word.reading import read_docx

__all__ = ["read_docx"]
