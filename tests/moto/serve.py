"""S3, at a port of loopback that the system chooses: it is printed. Credentials are looked at by nobody."""

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

application = DomainDispatcherApplication(create_backend_app)
# With threads, what is looked at for a condition could change before it is written.
server = make_server("127.0.0.1", 0, application, threaded=False)
print(f"listening at 127.0.0.1:{server.port}", flush=True)
server.serve_forever()
