"""Frames, whole and mangled, as hexadecimal digits."""

import ipaddress
import struct

MAC = {"a0": "02000000000a", "r0": "020000000001", "r1": "020000000002", "b0": "02000000000b"}


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def packed(address):
    return ipaddress.ip_address(address).packed


def eth(to, source, ethertype, payload):
    return bytes.fromhex(MAC.get(to, to)) + bytes.fromhex(MAC.get(source, source)) + struct.pack("!H", ethertype) + payload


def ip4(source, to, protocol, payload, ttl=64, frag=0, options=b"", length=None, bad=False, first=None, ident=7):
    words = 5 + len(options) // 4
    length = words * 4 + len(payload) if length is None else length
    first = 0x40 + words if first is None else first
    head = struct.pack("!BBHHHBBH", first, 0, length, ident, frag, ttl, protocol, 0) + packed(source) + packed(to) + options
    return head[:10] + struct.pack("!H", checksum(head) ^ bad) + head[12:] + payload


def icmp(kind, code=0, rest=b"\0\1\0\1", data=b"x" * 56, bad=False):
    body = bytes([kind, code, 0, 0]) + rest + data
    return body[:2] + struct.pack("!H", checksum(body) ^ bad) + body[4:]


def ip6(source, to, header, payload, hops=64, length=None, version=6):
    length = len(payload) if length is None else length
    return struct.pack("!IHBB", version << 28, length, header, hops) + packed(source) + packed(to) + payload


def over6(source, to, header, body, at, bad=False):
    """A body with its checksum, at an offset, over IPv6."""
    pseudo = packed(source) + packed(to) + struct.pack("!II", len(body), header)
    return body[:at] + struct.pack("!H", (checksum(pseudo + body) or 0xFFFF) ^ bad) + body[at + 2 :]


def icmp6(source, to, kind, code=0, rest=b"\0\1\0\1", data=b"", bad=False, hops=64, **more):
    body = bytes([kind, code, 0, 0]) + rest + data
    return ip6(source, to, 58, over6(source, to, 58, body, 2, bad), hops, **more)


def udp4(source, to, port, length=None, bad=False, data=b"hello"):
    body = struct.pack("!HHHH", 4000, port, 8 + len(data) if length is None else length, 0) + data
    pseudo = packed(source) + packed(to) + struct.pack("!HH", 17, len(body))
    return ip4(source, to, 17, body[:6] + struct.pack("!H", (checksum(pseudo + body) or 0xFFFF) ^ bad) + body[8:])


def udp6(source, to, port, length=None, bad=False, data=b"hello"):
    body = struct.pack("!HHHH", 4000, port, 8 + len(data) if length is None else length, 0) + data
    return ip6(source, to, 17, over6(source, to, 17, body, 6, bad))


def arp(op, sender, sender_mac, target, target_mac="000000000000", hardware=1, protocol=0x0800, sizes=(6, 4)):
    return (struct.pack("!HHBBH", hardware, protocol, *sizes, op) + bytes.fromhex(sender_mac) + packed(sender) +
            bytes.fromhex(target_mac) + packed(target))
