# Asks servers as Python does since 3.13: a line "port TAB host TAB roots" in, "yes" or "no" out.
import socket
import ssl
import sys

# VERIFY_X509_STRICT and VERIFY_X509_PARTIAL_CHAIN: defaults since 3.13, older versions have them too.
STRICT = 0x20 | 0x80000


def accepts(port, host, roots):
    context = ssl.create_default_context()
    context.verify_flags |= STRICT
    try:
        context.load_verify_locations(roots)
        with socket.create_connection(("127.0.0.1", port), 10) as plain:
            with context.wrap_socket(plain, server_hostname=host):
                return True
    except (ssl.SSLError, ValueError, OSError):
        return False


for line in sys.stdin:
    port, host, roots = line.rstrip("\n").split("\t")
    print("yes" if accepts(int(port), host, roots) else "no", flush=True)
