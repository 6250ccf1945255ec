"""The steps by which older data folders reach the tables of today. A step is never changed."""
