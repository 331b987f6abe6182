"""Where crawls run: on this machine, or on a cluster's workers."""
