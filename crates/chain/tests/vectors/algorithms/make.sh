#!/bin/sh
# Makes the RSA vectors of this folder anew. Private keys are thrown away.
set -eu
cd "$(dirname "$0")"
keys=$(mktemp -d)
trap 'rm -r "$keys"' EXIT
printf 'Keyway signature vectors\n' >message.txt

key() { # name bits exponent primes
    openssl genpkey -quiet -algorithm RSA -pkeyopt "rsa_keygen_bits:$2" \
        -pkeyopt "rsa_keygen_pubexp:$3" -pkeyopt "rsa_keygen_primes:${4:-2}" -out "$keys/$1.pem"
    openssl rsa -in "$keys/$1.pem" -RSAPublicKey_out -outform DER -out "$1.key.der"
}

pkcs1() { # key digest
    openssl dgst "-$2" -sign "$keys/$1.pem" -out "$1.pkcs1-$2.sig" message.txt
}

pss() { # key digest salt-length name-of-salt
    openssl dgst "-$2" -sign "$keys/$1.pem" -sigopt rsa_padding_mode:pss \
        -sigopt "rsa_pss_saltlen:$3" -out "$1.pss-$2$4.sig" message.txt
}

for bits in 1024 2047 2048 2049 4096 8192 8200; do
    # With two primes OpenSSL rounds 2049 down.
    case $bits in 2049) primes=3 ;; *) primes=2 ;; esac
    key "rsa$bits" "$bits" 65537 $primes
    pkcs1 "rsa$bits" sha256
    pss "rsa$bits" sha256 digest ''
done
key rsa2048e3 2048 3
pkcs1 rsa2048e3 sha256
key rsa2048e34bit 2048 8589934593
pkcs1 rsa2048e34bit sha256
for digest in sha384 sha512; do
    pkcs1 rsa2048 "$digest"
    pss rsa2048 "$digest" digest ''
done
pss rsa2048 sha256 0 -salt0
pss rsa2048 sha256 20 -salt20
pss rsa2048 sha256 max -saltmax
pkcs1 rsa2048 sha1
