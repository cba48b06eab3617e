"""A loopback HTTP server that misbehaves in one chosen way."""
import socket
import struct
import threading

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


class BadServer:
    """`behaviour(connection)` is called with the socket after each whole request; False ends the connection."""

    def __init__(self, behaviour):
        self.behaviour = behaviour
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(512)
        self.port = self.listener.getsockname()[1]
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()

    def _accept(self):
        while not self.stopping.is_set():
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        received = b""
        try:
            while True:
                data = connection.recv(65536)
                if not data:
                    break
                received += data
                while b"\r\n\r\n" in received:
                    received = received.split(b"\r\n\r\n", 1)[1]
                    if self.behaviour(connection, self.stopping) is False:
                        return
        except OSError:
            pass
        finally:
            connection.close()

    def close(self):
        self.stopping.set()
        self.listener.close()


def answers_well(connection, _):
    connection.sendall(OK)


def resets(connection, _):
    reset(connection)
    return False


def closes_without_answer(connection, _):
    return False


def answers_garbage(connection, _):
    connection.sendall(b"\x00\x01\x02SSH-2.0-OpenSSH_9.2\r\n" * 50)


def never_answers(_, stopping):
    stopping.wait(60)
    return False


def closes_after_each(connection, _):
    connection.sendall(OK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    return False


def cuts_short(connection, _):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")
    return False


def answers_8_gigabytes(connection, stopping):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 8589934592\r\n\r\n")
    block = b"x" * 1_000_000
    for _ in range(8590):
        if stopping.is_set():
            return False
        connection.sendall(block)


def endless_headers(connection, stopping):
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while not stopping.is_set():
        connection.sendall(b"X-More: " + b"y" * 65536 + b"\r\n")


def unavailable(connection, _):
    connection.sendall(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")


def wrong_path(connection, _):
    connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
