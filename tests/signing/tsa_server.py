"""A timestamp authority for tests, good at /good and bad elsewhere: python3 tsa_server.py FOLDER.

FOLDER holds tsa.cnf for "openssl ts -reply". Prints its ports, for HTTP and for TLS with a certificate nobody trusts, serves
127.0.0.1, ends when standard input does.
"""
import os
import socket
import ssl
import subprocess
import sys
import threading
import time

folder = sys.argv[1]


def reply_to(query):
    name = os.path.join(folder, "query-%d" % threading.get_ident())
    with open(name, "wb") as file:
        file.write(query)
    subprocess.run(
        ["openssl", "ts", "-reply", "-config", os.path.join(folder, "tsa.cnf"), "-queryfile", name,
         "-out", name + ".reply"], check=True, capture_output=True)
    with open(name + ".reply", "rb") as file:
        return file.read()


def flipped(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]


def http(body, status="200 OK", headers=""):
    head = "HTTP/1.1 %s\r\nContent-Type: application/timestamp-reply\r\n%sContent-Length: %d\r\n\r\n"
    return (head % (status, headers, len(body))).encode() + body


def until_gone(connection, data, pause=0.0):
    while True:
        connection.sendall(data)
        time.sleep(pause)


def answer(connection, path, query):
    if path == "/good":
        connection.sendall(http(reply_to(query)))
    elif path == "/chunked":
        reply = reply_to(query)
        head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        connection.sendall(head + b"%x\r\n%s\r\n0\r\n\r\n" % (len(reply), reply))
    elif path == "/truncated":
        connection.sendall(http(reply_to(query)[:-100]))
    elif path == "/hang-up-in-body":
        connection.sendall(http(reply_to(query))[:-100])
    elif path == "/wrong-nonce":  # the last octet of the request's nonce; certReq follows it
        connection.sendall(http(reply_to(flipped(query, len(query) - 4))))
    elif path == "/wrong-imprint":
        connection.sendall(http(reply_to(flipped(query, query.index(b"\x04\x20") + 2))))
    elif path == "/no-certificate":
        connection.sendall(http(reply_to(query[:-1] + b"\x00")))
    elif path == "/bad-signature":
        reply = reply_to(query)
        connection.sendall(http(flipped(reply, len(reply) - 1)))
    elif path == "/refused":  # sha512-256, which the configuration does not list, instead of sha256
        sha256 = bytes.fromhex("608648016503040201")
        connection.sendall(http(reply_to(query.replace(sha256, bytes.fromhex("608648016503040206")))))
    elif path == "/web-page":
        connection.sendall(http(b"<html>"))
    elif path == "/empty":
        connection.sendall(http(b""))
    elif path == "/status":
        connection.sendall(http(b"gone", "503 Service Unavailable"))
    elif path == "/redirect":
        connection.sendall(http(b"", "302 Found", "Location: /good\r\n"))
    elif path == "/no-http":
        connection.sendall(b"220 mail.example.org ESMTP\r\n")
    elif path == "/hang-up":
        pass
    elif path == "/huge":
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
        until_gone(connection, b"\x30" * 65536)
    elif path == "/endless-header":
        connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
        until_gone(connection, b"y" * 65536)
    elif path == "/silent":
        time.sleep(60)
    elif path == "/drip":
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        until_gone(connection, b"X: y\r\n", 0.2)


def serve(connection, tls):
    with connection:
        try:
            if tls:
                connection = tls.wrap_socket(connection, server_side=True)
            data = b""
            while b"\r\n\r\n" not in data:
                data += connection.recv(65536)
            head, body = data.split(b"\r\n\r\n", 1)
            fields = head.decode().split("\r\n")
            length = next(int(f[15:]) for f in fields if f.lower().startswith("content-length:"))
            while len(body) < length:
                body += connection.recv(65536)
            assert fields[0].startswith("POST ")
            assert "Content-Type: application/timestamp-query" in fields
            answer(connection, fields[0].split()[1], body)
        except OSError:
            pass


def accept(listener, tls):
    while True:
        connection = listener.accept()[0]
        threading.Thread(target=serve, args=(connection, tls), daemon=True).start()


tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain(os.path.join(folder, "tsa.pem"), os.path.join(folder, "tsa.key"))
for context in (None, tls):
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=accept, args=(listener, context), daemon=True).start()
    print(listener.getsockname()[1], flush=True)
sys.stdin.read()
