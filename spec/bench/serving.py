"""`dxconnect emulator` beside moto's server, in one run: serving.py COMMAND…, the command that starts the emulator.

Both answer the same requests of raw sockets, one server after the other, round by round; a figure is the best of all
rounds. Prints a line for each figure, with what it should be. With BENCH=quick each is taken once, and briefly.
"""
import importlib.util
import json
import os
import select
import socket
import subprocess
import sys
import tempfile
import time

if not all(importlib.util.find_spec(name) for name in ("moto", "flask", "botocore")):
    print("moto's server is not installed: the emulator is not measured beside it")
    sys.exit()

import botocore.auth
import botocore.awsrequest
import botocore.credentials

QUICK = os.environ.get("BENCH") == "quick"
ROUNDS, SECONDS = (1, 0.2) if QUICK else (3, 2.0)
WIDTH = 8
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def start_emulator(*options):
    process = subprocess.Popen(sys.argv[1:] + ["emulator", *options], stdout=subprocess.PIPE, env=ENVIRONMENT)
    return process, int(process.stdout.readline().rsplit(b":", 1)[1])


def start_moto():
    port = free_port()
    return subprocess.Popen([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT), port


def request_bytes(port, operation="DescribeConnections", body=b"{}"):
    request = botocore.awsrequest.AWSRequest("POST", "http://127.0.0.1:%d/" % port, data=body, headers={
        "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "OvertureService." + operation})
    botocore.auth.SigV4Auth(botocore.credentials.Credentials("AKIDEXAMPLE", "example"), "directconnect",
                            "us-east-1").add_auth(request)
    lines = ["POST / HTTP/1.1", "host: 127.0.0.1:%d" % port, "content-length: %d" % len(body)]
    lines += ["%s: %s" % pair for pair in request.headers.items() if pair[0].lower() != "host"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def read_answer(one):
    """Reads one answer whole. Both servers say how long it is."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += receive(one)
    head, body = data.split(b"\r\n\r\n", 1)
    length = int(head.lower().split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
    while len(body) < length:
        body += receive(one)
    assert head.split(b" ", 2)[1] == b"200", data
    return head


def receive(one):
    data = one.recv(65536)
    if not data:
        raise ConnectionError("closed")
    return data


def connect(port):
    one = socket.create_connection(("127.0.0.1", port), 30)
    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return one


def first_answer(port):
    """Waits until it listens, and for the answer to a first request."""
    while True:
        try:
            with connect(port) as one:
                one.sendall(request_bytes(port))
                read_answer(one)
                return
        except ConnectionRefusedError:
            time.sleep(0.002)


def rate(port):
    """Requests a second on one connection, as long as the server keeps it."""
    sent, count, one = request_bytes(port), 0, connect(port)
    start = time.monotonic()
    while time.monotonic() - start < SECONDS:
        one.sendall(sent)
        if b"connection: close" in read_answer(one).lower():
            one.close()
            one = connect(port)
        count += 1
    one.close()
    return count / (time.monotonic() - start)


def least_share(port):
    """What the worst of eight connections gets of an eighth; each asks again as soon as it has its answer."""
    sent, counts = request_bytes(port), {connect(port): 0 for _ in range(WIDTH)}
    for one in counts:
        one.sendall(sent)
    start = time.monotonic()
    while time.monotonic() - start < SECONDS:
        for one in select.select(list(counts), [], [], 1)[0]:
            read_answer(one)
            counts[one] += 1
            one.sendall(sent)
    for one in counts:
        one.close()
    return min(counts.values()) * WIDTH / sum(counts.values())


def pipelined(port, n):
    """The seconds that n requests take which are all sent ahead, and n that aren't."""
    sent = request_bytes(port)
    with connect(port) as one:
        start = time.monotonic()
        for _ in range(n):
            one.sendall(sent)
            read_answer(one)
        alone = time.monotonic() - start
    with connect(port) as one:
        start = time.monotonic()
        one.setblocking(False)
        left, seen, tail = memoryview(sent * n), 0, b""
        while seen < n:
            can_read, can_write, _ = select.select([one], [one] if left else [], [], 30)
            if can_write:
                left = left[one.send(left):]
            if can_read:
                data = tail + receive(one)
                seen += data.count(b"HTTP/1.1 200")
                tail = data[-11:] if not data.endswith(b"HTTP/1.1 200") else b""
        return time.monotonic() - start, alone


def measure(start):
    best = {"start": float("inf"), "rate": 0, "share": 0}
    begin = time.monotonic()
    process, port = start()
    try:
        first_answer(port)
        best["start"] = time.monotonic() - begin
        best["rate"] = rate(port)
        if start is start_emulator:
            best["share"] = least_share(port)
            ahead, alone = pipelined(port, 20 if QUICK else 1000)
            best["pipelined"] = ahead / alone
    finally:
        process.terminate()
        process.wait()
    return best


def megabytes(count):
    """What the process has in memory at most that serves so many interfaces, and has answered a call."""
    with tempfile.NamedTemporaryFile("w") as file:
        json.dump({"connection": [{"connectionId": "dxcon-%d" % i} for i in range(3)], "virtual_interface": [
            {"virtualInterfaceId": "dxvif-%d" % i, "connectionId": "dxcon-%d" % (i // 4000), "vlan": i % 4000 + 1,
             "virtualInterfaceType": "private", "virtualGatewayId": "vgw-1", "asn": 65001} for i in range(count)]},
            file)
        file.flush()
        process, port = start_emulator("--seed", file.name)
    try:
        first_answer(port)
        with open("/proc/%d/status" % process.pid) as status:
            return int(status.read().split("VmHWM:", 1)[1].split()[0]) / 1024
    finally:
        process.terminate()
        process.wait()


def main():
    ours, motos = [], []
    for _ in range(ROUNDS):
        motos.append(measure(start_moto))
        ours.append(measure(start_emulator))
    start, moto_start = (min(one["start"] for one in each) for each in (ours, motos))
    rate_of, moto_rate = (max(one["rate"] for one in each) for each in (ours, motos))
    print("the emulator beside moto's server")
    memory = megabytes(100 if QUICK else 10000)
    for what, figure, aim, detail in (
            ("time to the first answer", start / moto_start, "<= 0.10", "%.3f s, %.3f s" % (start, moto_start)),
            ("requests a second, one connection", rate_of / moto_rate, ">= 5", "%.0f, %.0f" % (rate_of, moto_rate)),
            ("least share of eight connections", max(one["share"] for one in ours), ">= 0.5", ""),
            ("1,000 requests sent ahead", min(one["pipelined"] for one in ours), "<= 1", "beside one by one"),
            ("megabytes with 10,000 interfaces", memory, "<= 100", "at its highest")):
        print("  %-36s %6.2f  (%s)  %s" % (what, figure, aim, detail))


main()
