"""An application behind a real port."""

import threading
from contextlib import contextmanager

from werkzeug.serving import make_server


@contextmanager
def serving(flask):
    server = make_server("127.0.0.1", 0, flask, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
