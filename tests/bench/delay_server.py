"""delay_server.py PORT SECONDS [CERTIFICATE KEY]: an HTTP/1.1 server on loopback that answers each request so long
after it has arrived.

It polls without sleeping while an answer is due within the next 2 ms: give it a core of its own.
"""
import collections
import select
import socket
import ssl
import sys
import time

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


class Server:
    def __init__(self, port, delay, context):
        self.delay = delay
        self.context = context
        self.listener = socket.create_server(("127.0.0.1", port), backlog=16384)
        self.listener.setblocking(False)
        self.epoll = select.epoll()
        self.epoll.register(self.listener, select.EPOLLIN)
        self.connections = {}
        self.due = collections.deque()  # (instant, connection): the delay is the same for all, so in order

    def accept(self):
        for _ in range(1000):
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.setblocking(False)
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
            self.connections[connection.fileno()] = connection
            self.epoll.register(connection, select.EPOLLIN)

    def drop(self, fd):
        connection = self.connections.pop(fd, None)
        if connection:
            connection.close()  # which takes it out of the epoll, too

    def read(self, fd, now):
        connection = self.connections[fd]
        try:
            data = connection.recv(65536)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError, BlockingIOError):
            return  # the handshake, which goes on with each read, included
        except OSError:
            data = b""
        if not data:
            self.drop(fd)
            return
        for _ in range(data.count(b"\r\n\r\n")):  # requests are small: one never comes in two parts on loopback
            self.due.append((now + self.delay, connection))

    def answer(self, now):
        while self.due and self.due[0][0] <= now:
            _, connection = self.due.popleft()
            fd = connection.fileno()  # -1 when it has been closed
            try:
                if fd >= 0:
                    connection.send(ANSWER)
            except OSError:
                self.drop(fd)

    def run(self):
        while True:
            wait = self.due[0][0] - time.monotonic() if self.due else 1
            timeout = 0 if wait < 0.002 else wait - 0.002
            for fd, _ in self.epoll.poll(timeout):
                if fd == self.listener.fileno():
                    self.accept()
                elif fd in self.connections:
                    self.read(fd, time.monotonic())
            self.answer(time.monotonic())


if __name__ == "__main__":
    CONTEXT = None
    if len(sys.argv) > 3:
        CONTEXT = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        CONTEXT.load_cert_chain(sys.argv[3], sys.argv[4])
    Server(int(sys.argv[1]), float(sys.argv[2]), CONTEXT).run()
