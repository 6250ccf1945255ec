"""The lossy world: the real server and simulated tablets, with a bad network between them."""
