"""The load: N keep-alive connections, each its own session, one beat a POST, the next sent when the last is answered.

Raw sockets on one epoll, so that the client is not what is measured. A presence challenge is answered with the next beat, as a
learner would. Reads a JSON line {port, seconds, first, opened, tokens} from stdin; prints {acknowledged, others, seconds, p50_ms, p99_ms, next} to stdout.
"""

import json
import select
import socket
import sys
import time

__all__ = ["run"]

STEP = 15_000


REST = b'"rate":1.0,"why":"tick","visible":true,"focused":true,"muted":false,"device":1}]'


def request(token: bytes, seq: int, head: bytes, proofs: bytes) -> bytes:
    t0 = seq * STEP
    body = b'{"token":"%b","sent":1,"beats":[{"seq":%d,"spans":[[%d,%d,%d,%d]],%b%b}' % (
        token, seq, t0, t0 + STEP, t0, t0 + STEP, REST, proofs,
    )  # fmt: skip
    return b"%b%d\r\n\r\n%b" % (head, len(body), body)


def answered(data: bytes, opened: int) -> bytes:
    """The answer to a challenge in a response; usually there is none."""
    if b'"challenge"' not in data:
        return b""
    asked = json.loads(data.partition(b"\r\n\r\n")[2])["challenge"]
    proof = {"id": asked["id"], "t": time.time_ns() // 1_000_000 - opened}
    return b',"proofs":[%b]' % json.dumps(proof).encode()


def run(port: int, seconds: float, first: int, opened: int, tokens: list[str]) -> dict[str, float]:
    head = (
        f"POST /api/beats HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nContent-Length: "
    ).encode()
    poll = select.epoll()
    sockets, seqs, sent_at, buffers = {}, {}, {}, {}
    for token in map(str.encode, tokens):
        connection = socket.create_connection(("127.0.0.1", port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        number = connection.fileno()
        sockets[number], seqs[number], buffers[number] = (connection, token), first, b""
        poll.register(number, select.EPOLLIN)
    started = time.perf_counter()
    end = started + seconds
    for number, (connection, token) in sockets.items():
        sent_at[number] = time.perf_counter()
        connection.sendall(request(token, first, head, b""))
    acknowledged = others = 0
    waits: list[float] = []
    open_ = len(sockets)
    while open_:
        for number, _ in poll.poll(30):
            connection, token = sockets[number]
            data = buffers[number] + connection.recv(65536)
            if not _whole(data):
                buffers[number] = data
                continue
            buffers[number] = b""
            now = time.perf_counter()
            waits.append(now - sent_at[number])
            if data.startswith(b"HTTP/1.1 200"):
                acknowledged += 1
            else:
                others += 1
            seqs[number] += 1
            if now < end:
                sent_at[number] = now
                connection.sendall(request(token, seqs[number], head, answered(data, opened)))
            else:
                open_ -= 1
    took = time.perf_counter() - started
    for connection, _ in sockets.values():
        connection.close()
    waits.sort()
    return {
        "acknowledged": acknowledged, "others": others, "seconds": took, "next": max(seqs.values()),
        "p50_ms": 1000 * waits[len(waits) // 2], "p99_ms": 1000 * waits[int(len(waits) * 0.99)],
    }  # fmt: skip


def _whole(data: bytes) -> bool:
    head, found, body = data.partition(b"\r\n\r\n")
    if not found:
        return False
    head = head.lower()
    at = head.find(b"content-length:")
    if at < 0:
        raise SystemExit(f"no content-length in {head!r}")
    return len(body) >= int(head[at + 15 :].split(b"\r\n", 1)[0])


if __name__ == "__main__":
    order = json.loads(sys.stdin.read())
    print(json.dumps(run(order["port"], order["seconds"], order["first"], order["opened"], order["tokens"])))
