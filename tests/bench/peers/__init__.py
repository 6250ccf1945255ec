"""The other servers that do the same as ours, and the load all of them are put under."""
