"""Roster files (XLSX, CSV) from somebody's desk: read in a limited child process, checked row by row, imported whole."""
