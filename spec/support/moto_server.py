"""moto's server on a free port of loopback, for a minute at most; prints the port and its process id."""
import logging
import os
import sys
import threading

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), True)
print(server.port, os.getpid(), flush=True)
sys.stdout.close()
threading.Timer(60, lambda: os._exit(0)).start()
server.serve_forever()
