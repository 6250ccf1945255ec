"""The rehearsal: simulated tablets that behave as real ones do, and what an office does with them.

`wire` speaks Socket.IO, `tablet` is one device, `delivery` brings its commands to the server and
`history` is what it remembers for whoever judges afterwards. Nothing here knows the server's
inside: it sees only what a real tablet sees.
"""
