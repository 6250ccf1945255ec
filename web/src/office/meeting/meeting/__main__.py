"""`python -m meeting` is the same as `meeting`."""

from meeting.cli import main

main()
