"""Letters and reports the cells send: everything is drawn in memory, nothing on disk."""
