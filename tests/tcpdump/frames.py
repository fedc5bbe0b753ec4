"""Frames as bytes, whole or broken on purpose: what tests/tcpdump/generate is written in."""
import socket
import struct

ME, YOU = '192.168.2.11', '192.168.2.12'
ME6, YOU6 = 'fe80::ff:fe00:1', 'fe80::ff:fe00:2'


def mac(text):
    return bytes(int(x, 16) for x in text.split(':'))


MAC1, MAC2 = mac('02:00:00:00:00:01'), mac('02:00:00:00:00:02')
BROADCAST, ZERO = b'\xff' * 6, bytes(6)


def a4(text):
    return socket.inet_pton(socket.AF_INET, text)


def a6(text):
    return socket.inet_pton(socket.AF_INET6, text)


def cksum(data):
    if len(data) % 2:
        data += b'\0'
    total = sum(struct.unpack('>%dH' % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def eth(kind, payload, src=MAC1, dst=MAC2):
    return dst + src + struct.pack('>H', kind) + payload


def tag(tci, kind, payload):
    return struct.pack('>HH', tci, kind) + payload


def llc(payload, length=None):
    return eth(len(payload) if length is None else length, payload, dst=mac('01:80:c2:00:00:00'))


def arp(op, sha, spa, tha, tpa, hrd=1, pro=0x800, hln=None, pln=None):
    return struct.pack('>HHBBH', hrd, pro, len(sha) if hln is None else hln,
                       len(spa) if pln is None else pln, op) + sha + spa + tha + tpa


def ip(proto, payload, src=ME, dst=YOU, tos=0, ident=4660, off=0x4000, ttl=64, opts=b'',
       total=None, words=None, check=None, version=4):
    opts += bytes(-len(opts) % 4)
    words = (20 + len(opts)) // 4 if words is None else words
    total = 20 + len(opts) + len(payload) if total is None else total
    head = struct.pack('>BBHHHBBH4s4s', version << 4 | words, tos, total & 0xffff, ident, off, ttl,
                       proto, 0, a4(src), a4(dst)) + opts
    check = cksum(head) if check is None else check
    return head[:10] + struct.pack('>H', check) + head[12:] + payload


def icmp(kind, code, rest, check=None):
    m = struct.pack('>BBH', kind, code, 0) + rest
    return m[:2] + struct.pack('>H', cksum(m) if check is None else check) + m[4:]


def ip6(nh, payload, src=ME6, dst=YOU6, hops=64, flow=0, plen=None, version=6):
    return struct.pack('>IHBB', version << 28 | flow, len(payload) if plen is None else plen, nh,
                       hops) + a6(src) + a6(dst) + payload


def ext(nh, body):
    """A hop-by-hop or destination options header."""
    body += bytes(-(len(body) + 2) % 8)
    return bytes([nh, (len(body) + 2) // 8 - 1]) + body


def frag6(nh, off, more, ident=0x12345678):
    return struct.pack('>BBHI', nh, 0, off | more, ident)


def route6(nh, kind, left, addrs, reserved=0, words=None):
    words = 2 * len(addrs) if words is None else words
    return struct.pack('>BBBBI', nh, words, kind, left, reserved) + b''.join(map(a6, addrs))


def pseudo4(proto, n):
    return a4(ME) + a4(YOU) + struct.pack('>BBH', 0, proto, n)


def pseudo6(proto, n, src=ME6, dst=YOU6):
    return a6(src) + a6(dst) + struct.pack('>II', n, proto)


def icmp6(kind, code, rest, src=ME6, dst=YOU6, check=None):
    m = struct.pack('>BBH', kind, code, 0) + rest
    if check is None:
        check = cksum(pseudo6(58, len(m), src, dst) + m)
    return m[:2] + struct.pack('>H', check) + m[4:]


def udp(sport, dport, payload, pseudo=None, length=None, check=None):
    length = 8 + len(payload) if length is None else length
    m = struct.pack('>HHHH', sport, dport, length, 0) + payload
    if check is None:
        check = (cksum(pseudo(17, len(m)) + m) or 0xffff) if pseudo else 0
    return m[:6] + struct.pack('>H', check) + m[8:]


def tcp(sport, dport, seq, ack, flags, payload=b'', opts=b'', win=64240, urg=0, pseudo=None,
        words=None, check=None):
    opts += bytes(-len(opts) % 4)
    words = (20 + len(opts)) // 4 if words is None else words
    m = struct.pack('>HHIIBBHHH', sport, dport, seq & 0xffffffff, ack & 0xffffffff,
                    words << 4 | flags >> 8, flags & 255, win, 0, urg) + opts + payload
    if check is None:
        check = cksum(pseudo(6, len(m)) + m) if pseudo else 0
    return m[:16] + struct.pack('>H', check) + m[18:]


class Capture:
    """A pcap file; a frame a millisecond."""

    def __init__(self, path, link=1):
        self.file = open(path, 'wb')
        self.file.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 262144, link))
        self.now = 1700000000 * 10**6

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()

    def add(self, *frames, length=None):
        for f in frames:
            self.now += 1000
            self.file.write(struct.pack('<IIII', self.now // 10**6, self.now % 10**6, len(f),
                                        len(f) if length is None else length) + f)

    def cuts(self, frame, start=1):
        """Captured short at every length."""
        for n in range(start, len(frame)):
            self.add(frame[:n], length=len(frame))

    def shorts(self, frame, start=14):
        """Short on the wire, at every length."""
        for n in range(start, len(frame)):
            self.add(frame[:n])
