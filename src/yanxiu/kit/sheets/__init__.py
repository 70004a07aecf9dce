"""Tables that people upload (XLSX, CSV): read in a child process with limits, under the columns a caller names."""
