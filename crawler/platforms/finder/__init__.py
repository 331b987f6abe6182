"""Finding THE list of publications on a page of any make: links, rows, blocks, dates, the pager."""
