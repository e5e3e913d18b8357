"""Gives a PFX file a PBMAC1 integrity code (RFC 9579), which OpenSSL writes from 3.4 on only.

pbmac1.py IN HASH OUT; the password is "secret".
"""
import hashlib
import hmac
import sys

HMAC_ARC = {"sha256": 9, "sha512": 11}


def element(tag, *parts):
    body = b"".join(parts)
    length = len(body)
    if length < 128:
        return bytes([tag, length]) + body
    digits = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(digits)]) + digits + body


def split(data):
    """The first element: whole, content, rest."""
    length, start = data[1], 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(data[2:start], "big")
    return data[: start + length], data[start : start + length], data[start + length :]


source, name, target = sys.argv[1:]
digest = hashlib.new(name).digest_size
_, pfx, _ = split(open(source, "rb").read())
version, _, rest = split(pfx)
safe, inside, _ = split(rest)
_, _, tagged = split(inside)
contents = split(split(tagged)[1])[1]

salt = hashlib.sha256(name.encode()).digest()[:16]
key = hashlib.pbkdf2_hmac(name, b"secret", salt, 2048, digest)
code = hmac.new(key, contents, name).digest()

null = element(5)
prf = element(0x30, element(6, bytes.fromhex("2a864886f70d02") + bytes([HMAC_ARC[name]])), null)
parameters = element(0x30, element(4, salt), element(2, b"\x08\x00"), element(2, bytes([digest])), prf)
derivation = element(0x30, element(6, bytes.fromhex("2a864886f70d01050c")), parameters)
algorithm = element(0x30, element(6, bytes.fromhex("2a864886f70d01050e")), element(0x30, derivation, prf))
mac = element(0x30, element(0x30, algorithm, element(4, code)), element(4, b"NOT USED"), element(2, b"\x01"))
open(target, "wb").write(element(0x30, version, safe, mac))
