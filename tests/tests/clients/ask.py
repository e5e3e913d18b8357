# Asks servers as Python does: a line "port TAB host TAB roots" in, "plain strict" out, each yes or no.
import socket
import ssl
import sys

STRICT = ssl.VERIFY_X509_STRICT | 0x80000  # VERIFY_X509_PARTIAL_CHAIN, which has a name since 3.10


def ask(port, host, roots, flags):
    context = ssl.create_default_context()
    context.verify_flags = (context.verify_flags & ~STRICT) | flags
    try:
        context.load_verify_locations(roots)
        with socket.create_connection(("127.0.0.1", port), 10) as plain:
            with context.wrap_socket(plain, server_hostname=host):
                return "yes"
    except (ssl.SSLError, ValueError, OSError):
        return "no"


for line in sys.stdin:
    port, host, roots = line.rstrip("\n").split("\t")
    print(*(ask(int(port), host, roots, flags) for flags in (0, STRICT)), flush=True)
