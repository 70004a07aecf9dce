"""Views of the staff's pages, one module a group of pages."""
