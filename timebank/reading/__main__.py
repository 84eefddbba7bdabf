"""`python -m timebank.reading FD`: the process that readings are born from; the server begins it."""

import socket
import sys

from timebank.reading.nursery import wait_for_jobs

wait_for_jobs(socket.socket(fileno=int(sys.argv[1])))
