"""A service of gRPC in plain text, until standard input ends. Prints its port."""

import sys
from concurrent import futures

import grpc


def turned(request, context):
    context.set_trailing_metadata((("x-bytes", str(len(request))),))
    return request[::-1]


def echoed(requests, context):
    count = 0
    for request in requests:
        count += 1
        yield request
    context.set_trailing_metadata((("x-messages", str(count)),))


def refused(request, context):
    context.abort(grpc.StatusCode.NOT_FOUND, "nothing of the name")


class Calls(grpc.GenericRpcHandler):
    def service(self, details):
        return {
            "/test.Calls/Turn": grpc.unary_unary_rpc_method_handler(turned),
            "/test.Calls/Echo": grpc.stream_stream_rpc_method_handler(echoed),
            "/test.Calls/Refuse": grpc.unary_unary_rpc_method_handler(refused),
        }.get(details.method)


server = grpc.server(futures.ThreadPoolExecutor(4))
server.add_generic_rpc_handlers((Calls(),))
print(server.add_insecure_port("127.0.0.1:0"), flush=True)
server.start()
sys.stdin.read()
server.stop(None)
