"""Writes a key as OpenSSH's with a whole block of padding behind a section that needs none, as
pyca/cryptography may: ssh-padded is not encrypted (blocks of 8), ssh-padded-locked is, with aes256-ctr
(blocks of 16) and one round of bcrypt.

padded.py KEY; the password is "secret". Needs cryptography and bcrypt.
"""
import base64
import os
import struct
import sys

import bcrypt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

MAGIC = b"openssh-key-v1\0"


def string(data):
    return struct.pack(">I", len(data)) + data


def write(name, cipher, kdf, options, public, section):
    body = MAGIC + string(cipher) + string(kdf) + string(options) + struct.pack(">I", 1)
    body = base64.b64encode(body + string(public) + string(section)).decode()
    lines = "\n".join(body[at : at + 70] for at in range(0, len(body), 70))
    with open(name, "w") as out:
        out.write(f"-----BEGIN OPENSSH PRIVATE KEY-----\n{lines}\n-----END OPENSSH PRIVATE KEY-----\n")


with open(sys.argv[1], "rb") as source:
    key = serialization.load_pem_private_key(source.read(), None)
numbers = key.private_numbers()
point = key.public_key().public_bytes(
    serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
)
public = string(b"ecdsa-sha2-nistp256") + string(b"nistp256") + string(point)
scalar = numbers.private_value.to_bytes(33, "big")
scalar = scalar if scalar[1] & 0x80 else scalar[1:]
section = os.urandom(4) * 2 + public + string(scalar)
# A comment that makes the section a multiple of the larger block.
section += string(b"c" * (-(len(section) + 4) % 16))

write("ssh-padded", b"none", b"none", b"", public, section + bytes(range(1, 9)))

salt = os.urandom(16)
secret = bcrypt.kdf(b"secret", salt, 48, 1, ignore_few_rounds=True)
encryptor = Cipher(algorithms.AES(secret[:32]), modes.CTR(secret[32:])).encryptor()
section = encryptor.update(section + bytes(range(1, 17))) + encryptor.finalize()
options = string(salt) + struct.pack(">I", 1)
write("ssh-padded-locked", b"aes256-ctr", b"bcrypt", options, public, section)
