"""Sources: the typed model of a bureau's YAML file, and the registry of all of them."""
