#!/usr/bin/env python3
"""Writes empty.hive: a registry hive with nothing but a root key, for importing .reg files into."""
import struct
import sys


def cell(data):
    size = (len(data) + 4 + 7) // 8 * 8
    return struct.pack("<i", -size) + data.ljust(size - 4, b"\0")


def root_key(security):
    name, none = b"SOFTWARE", 0xFFFFFFFF
    fields = (b"nk", 0x2C, 0, 0, none, 0, 0, none, none, 0, none, security, none, 0, 0, 0, 0, 0, len(name), 0)
    return cell(struct.pack("<2sHQIIIIIIIIIIIIIIIHH", *fields) + name)


root = 0x20
security = root + len(root_key(0))
descriptor = struct.pack("<BBHIIII", 1, 0, 0x8000, 0, 0, 0, 0)
cells = root_key(security) + cell(struct.pack("<2sHIIII", b"sk", 0, security, security, 1, len(descriptor)) + descriptor)
free = 4096 - 32 - len(cells)
bin_ = struct.pack("<4sIIIIQI", b"hbin", 0, 4096, 0, 0, 0, 0) + cells + struct.pack("<i", free).ljust(free, b"\0")
base = struct.pack("<4sIIQIIIIIII", b"regf", 1, 1, 0, 1, 3, 0, 1, root, 4096, 1).ljust(508, b"\0")
checksum = 0
for word in struct.unpack("<127I", base):
    checksum ^= word
sys.stdout.buffer.write((base + struct.pack("<I", checksum)).ljust(4096, b"\0") + bin_)
