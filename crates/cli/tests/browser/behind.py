"""A page that talks to its own server by a WebSocket (RFC 6455), and that server. Prints its port, and then what the
page saw."""

import base64
import hashlib
import os
import socketserver
import threading

# Longest time for a browser to start and to load the page.
PATIENCE = 60

MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

PAGE = b"""<!doctype html><title>A page</title><script>
const tell = (seen) => fetch("/seen", { method: "POST", body: seen });
const how = performance.getEntriesByType("navigation")[0].nextHopProtocol;
const socket = new WebSocket("wss://" + location.host + "/socket");
const heard = [];
socket.onopen = () => ["one", "two"].forEach((word) => socket.send(word));
socket.onmessage = async (message) => {
  heard.push(message.data);
  if (heard.length < 2) return;
  const posted = await fetch("/posted", { method: "POST", body: "x".repeat(100000) });
  tell([how, ...heard, await posted.text()].join(" "));
};
socket.onerror = () => tell("the socket failed");
</script>"""


class Behind(socketserver.StreamRequestHandler):
    def handle(self):
        while True:
            asked = self.rfile.readline().decode()
            if not asked:
                return
            fields = {}
            while line := self.rfile.readline().decode().strip():
                name, value = line.split(":", 1)
                fields[name.lower()] = value.strip()
            body = self.rfile.read(int(fields.get("content-length", 0)))
            if fields.get("upgrade") == "websocket":
                return self.echo(fields["sec-websocket-key"])
            if asked.startswith("POST /seen "):
                print(body.decode(), flush=True)
            self.answer(PAGE if asked.startswith("GET / ") else str(len(body)).encode())

    def answer(self, body):
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n"
        self.wfile.write(head.encode() + body)

    def echo(self, key):
        accept = base64.b64encode(hashlib.sha1((key + MAGIC).encode()).digest()).decode()
        head = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        self.wfile.write(f"{head}Sec-WebSocket-Accept: {accept}\r\n\r\n".encode())
        while (start := self.rfile.read(2)) and start[0] == 0x81:
            # Of few bytes, and masked, as clients send them.
            mask = self.rfile.read(4)
            text = self.rfile.read(start[1] & 0x7F)
            text = bytes(byte ^ mask[at % 4] for at, byte in enumerate(text))
            self.wfile.write(bytes([0x81, len(text)]) + text)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


with Server(("127.0.0.1", 0), Behind) as server:
    print(server.server_address[1], flush=True)
    threading.Timer(PATIENCE, lambda: os._exit(1)).start()
    server.serve_forever()
