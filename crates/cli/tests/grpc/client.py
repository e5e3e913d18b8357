"""Calls a service of gRPC by TLS: port, file of roots. Prints what it hears, line by line."""

import sys

import grpc

PATIENCE = 20
HOST = "www.example.com"

port, roots = sys.argv[1:]
with open(roots, "rb") as file:
    trust = grpc.ssl_channel_credentials(file.read())
options = [("grpc.ssl_target_name_override", HOST), ("grpc.default_authority", HOST)]


def told(name, call):
    trailers = {key: value for key, value in call.trailing_metadata() or ()}
    print(name, call.code().name, trailers.get(name, "-"), call.details() or "-", flush=True)


with grpc.secure_channel(f"127.0.0.1:{port}", trust, options) as channel:
    answer, call = channel.unary_unary("/test.Calls/Turn").with_call(b"abc" * 100_000, timeout=PATIENCE)
    print(answer == b"cba" * 100_000)
    told("x-bytes", call)

    call = channel.stream_stream("/test.Calls/Echo")(iter([b"one", b"two", b""]), timeout=PATIENCE)
    print([message.decode() for message in call])
    told("x-messages", call)

    try:
        channel.unary_unary("/test.Calls/Refuse")(b"", timeout=PATIENCE)
    except grpc.RpcError as refused:
        told("-", refused)
