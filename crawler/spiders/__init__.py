"""The report spider; every source becomes one by the spider loader."""
