"""From a document file's bytes to its text and tables, in a bounded subprocess."""
