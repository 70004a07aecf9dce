"""One document tree, three renderers: HTML, PDF (Typst), DOCX."""
