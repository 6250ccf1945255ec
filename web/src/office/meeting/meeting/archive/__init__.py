"""The file of a meeting: one sealed bag (BagIt, zipped) made from its log, and how it is checked.

What the bag holds is a pure function of the log and its papers: the same log gives the same
bytes. Only `shelf` and `checking` touch the disk.
"""
