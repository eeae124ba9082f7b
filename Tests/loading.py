"""loading: what Tests/load and Tests/tenants share: a service over a home, and a client that keeps time.

The client is one thread over epoll. At a constant rate each request has a moment at which it is meant to
start, and its latency counts from then, whether or not a connection was free: a service that falls behind
is not asked less often for it (no coordinated omission).
"""
import collections
import math
import os
import platform
import resource
import select
import socket
import subprocess
import time


def raise_descriptor_limit():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def percentile(values, share):
    """By nearest rank; not a number of nothing."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)] if ordered else math.nan


def milliseconds(values):
    """p50, p99 and the most, in milliseconds."""
    return {name: round(1e3 * percentile(values, share), 2)
            for name, share in (("p50_ms", 0.5), ("p99_ms", 0.99), ("max_ms", 1))}


def machine():
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if "model name" in line),
               platform.machine())
    return {"system": platform.system(), "arch": platform.machine(), "cpu": cpu, "cpus": os.cpu_count()}


class Service:
    """`loam serve` over a home, without a bound on each key's rate."""

    def __init__(self, loam, home, *options):
        self.log = open(f"{home}/serve.log", "wb")
        self.process = subprocess.Popen(
            [loam, "serve", "--home", home, "--listen", "127.0.0.1:0", "--rate", "1000000", *options],
            stdout=subprocess.PIPE, stderr=self.log, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("Listening on "):
            raise SystemExit(f"the service did not start: see {home}/serve.log")
        self.url = line.split()[-1]
        self.port = int(self.url.rsplit(":", 1)[1])

    def memory(self):
        """Mebibytes: resident, its parts of no file and of files, and the most so far."""
        names = {"VmRSS": "resident", "RssAnon": "own", "RssFile": "mapped", "VmHWM": "most"}
        lines = (line.split() for line in open(f"/proc/{self.process.pid}/status"))
        return {names[words[0][:-1]]: int(words[1]) / 1024 for words in lines if words[0][:-1] in names}

    def cpu_seconds(self):
        fields = open(f"/proc/{self.process.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.log.close()


def request(key, body, path="/v1/retrieve"):
    head = (f"POST {path} HTTP/1.1\r\nHost: loam\r\nAuthorization: Bearer {key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n")
    return head.encode() + body


class Connection:
    """One request at a time; opened again where the service has closed it."""

    def __init__(self, port, source="127.0.0.1"):
        self.port, self.source = port, source
        self.socket = None
        self.due = None
        self.open()

    def open(self):
        if self.socket:
            self.socket.close()
        self.socket = socket.socket()
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.source != "127.0.0.1":
            self.socket.bind((self.source, 0))
        self.socket.connect(("127.0.0.1", self.port))
        self.octets = b""
        self.length = None

    def ask(self, octets, due):
        self.due = due
        self.octets, self.length = b"", None
        self.socket.sendall(octets)

    def receive(self):
        """The status once the whole answer is there, `None` until then, 0 where it does not come."""
        try:
            part = self.socket.recv(262144)
        except OSError:
            part = b""
        if not part:
            return 0
        self.octets += part
        if self.length is None:
            end = self.octets.find(b"\r\n\r\n")
            if end < 0:
                return None
            head = self.octets[:end].lower()
            self.status = int(head[9:12])
            self.closes = b"\r\nconnection: close" in head
            self.retry = b"\r\nretry-after:" in head
            at = head.find(b"\r\ncontent-length:")
            self.length = end + 4 + int(head[at + 17:].split(b"\r\n", 1)[0])
        return self.status if len(self.octets) >= self.length else None

    def body(self):
        return self.octets[self.octets.find(b"\r\n\r\n") + 4:]

    def get(self, octets):
        """The status of one request, waited for."""
        self.ask(octets, time.monotonic())
        while (status := self.receive()) is None:
            pass
        return status


class Answers:
    """What came of a run: latencies in seconds by status, and how many said Retry-After."""

    def __init__(self):
        self.latencies = collections.defaultdict(list)
        self.retries = 0
        self.seconds = 0
        # The most requests that were due and had no connection.
        self.waiting = 0

    @property
    def good(self):
        return self.latencies[200]

    def figures(self):
        others = {status: len(times) for status, times in sorted(self.latencies.items())
                  if status != 200 and times}
        return {"rate": round(len(self.good) / self.seconds, 1), **milliseconds(self.good),
                **({"others": others} if others else {})}


def run_at_rate(port, requests, rate, seconds, connections=64):
    """Asks `requests` in turn at a constant rate over as many connections as are needed, `connections` at
    most; what is due while all are busy waits here, and its time counts."""
    loop = select.epoll()
    idle = [Connection(port) for _ in range(connections)]
    by_number = {}
    answers = Answers()
    backlog = collections.deque()
    asked = 0
    start = time.monotonic()
    count = int(rate * seconds)
    for connection in idle:
        by_number[connection.socket.fileno()] = connection
        loop.register(connection.socket, select.EPOLLIN)
    busy = 0
    while asked < count or busy or backlog:
        now = time.monotonic()
        while asked < count and start + asked / rate <= now:
            backlog.append(start + asked / rate)
            asked += 1
        answers.waiting = max(answers.waiting, len(backlog) - len(idle))
        while backlog and idle:
            connection = idle.pop()
            connection.ask(requests[asked % len(requests)], backlog.popleft())
            busy += 1
        wait = start + asked / rate - time.monotonic() if asked < count else 30
        # epoll's own time is whole milliseconds; select's is not.
        if not select.select([loop.fileno()], [], [], max(0, wait))[0]:
            if asked >= count:
                break
            continue
        for number, _ in loop.poll(0):
            connection = by_number[number]
            status = connection.receive()
            if status is None:
                continue
            if connection.due is not None:
                answers.latencies[status].append(time.monotonic() - connection.due)
                answers.retries += status == 503 and connection.retry
                connection.due = None
                busy -= 1
                idle.append(connection)
            if status == 0 or connection.closes:
                del by_number[number]
                connection.open()
                by_number[connection.socket.fileno()] = connection
                loop.register(connection.socket, select.EPOLLIN)
    answers.seconds = time.monotonic() - start
    for connection in by_number.values():
        connection.socket.close()
    return answers
