#!/bin/sh
# Makes the files of this folder, with OpenSSL 3.0, ssh-keygen 9, keytool 17, and cryptography and
# bcrypt for Python. New keys each time. The password is "secret" wherever there is one.
set -eu
cd "$(dirname "$0")"
q() { "$@" 2>/dev/null; }

# Plain keys in every form.
q openssl genrsa -out rsa.pem 2048
q openssl rsa -in rsa.pem -traditional -out rsa.pkcs1.pem
q openssl genpkey -algorithm rsa-pss -pkeyopt rsa_keygen_bits:2048 -out rsa-pss.pem
q openssl genrsa -primes 3 -out rsa-3-primes.pem 2048
for curve in secp224r1 prime256v1 secp384r1 secp521r1 secp256k1 brainpoolP256r1; do
    q openssl ecparam -name $curve -genkey -noout -out $curve.sec1.pem
    q openssl pkey -in $curve.sec1.pem -out $curve.pem
    q openssl pkey -in $curve.sec1.pem -pubout -out $curve.public.pem
done
for curve in secp224r1 prime256v1 secp384r1 secp521r1 secp256k1; do
    q openssl pkey -in $curve.pem -ec_param_enc explicit -out $curve.explicit.pem
done
q openssl ec -in prime256v1.sec1.pem -no_public -out prime256v1.no-public.pem
q openssl ec -in brainpoolP256r1.pem -pubout -param_enc explicit -out brainpoolP256r1.explicit.public.pem
q openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:sect283k1 -out sect283k1.pem
q openssl pkey -in sect283k1.pem -pubout -out sect283k1.public.pem
q openssl ec -in sect283k1.pem -pubout -param_enc explicit -out sect283k1.explicit.public.pem
q openssl pkey -in prime256v1.pem -ec_conv_form compressed -out prime256v1.compressed.pem
for kind in ed25519 ed448 x25519 x448; do
    q openssl genpkey -algorithm $kind -out $kind.pem
    q openssl pkey -in $kind.pem -pubout -out $kind.public.pem
done
q openssl dsaparam -genkey -noout 2048 | openssl dsa -out dsa.legacy.pem 2>/dev/null
q openssl pkey -in dsa.legacy.pem -out dsa.pem
for key in rsa rsa-pss rsa-3-primes dsa; do
    q openssl pkey -in $key.pem -pubout -out $key.public.pem
done

# Encrypted PKCS#8.
p8() { name=$1; shift; q openssl pkcs8 -topk8 -in prime256v1.pem -passout pass:secret "$@" -out p8-$name.pem; }
for prf in SHA1 SHA224 SHA256 SHA384 SHA512; do
    p8 aes256-$prf -v2 aes-256-cbc -v2prf hmacWith$prf
done
p8 aes128 -v2 aes-128-cbc
p8 aes192 -v2 aes-192-cbc
p8 3des -v2 des3
p8 scrypt -scrypt
# The one cipher of PBES2 that has parameters of its own (RFC 8018, B.2.3).
for bits in 40 64 128; do
    p8 rc2-$bits -v2 rc2-$bits -provider legacy -provider default
done
for scheme in PBE-MD5-DES PBE-SHA1-DES PBE-MD5-RC2-64 PBE-SHA1-RC2-64 PBE-SHA1-RC2-40 \
    PBE-SHA1-RC2-128 PBE-SHA1-3DES PBE-SHA1-2DES PBE-SHA1-RC4-40 PBE-SHA1-RC4-128; do
    p8 $scheme -v1 $scheme -provider legacy -provider default
done

# PEM's own encryption.
for cipher in aes128 aes192 aes256 des3; do
    q openssl ec -in prime256v1.pem -$cipher -passout pass:secret -out dek-$cipher.pem
done
q openssl ec -in prime256v1.pem -des -provider legacy -provider default -passout pass:secret -out dek-des.pem
q openssl rsa -in rsa.pem -traditional -aes256 -passout pass:secret -out dek-rsa.pem

# OpenSSH. One round of bcrypt keeps the tests quick.
rm -f ssh-*
for kind in rsa ecdsa ed25519; do
    q ssh-keygen -q -t $kind -N '' -C vector -f ssh-$kind
    cp ssh-$kind ssh-$kind-locked
    q ssh-keygen -q -p -a 1 -N secret -f ssh-$kind-locked
done
for kind in rsa ecdsa; do
    q ssh-keygen -e -m pkcs8 -f ssh-$kind > ssh-$kind.public.pem
done
rm ssh-rsa.pub ssh-ecdsa.pub
python3 padded.py prime256v1.pem
# A number that begins with a byte of zeros takes one less, and with this comment a block less.
size() { grep -v -- ---- "$1" | base64 -d | wc -c; }
until q ssh-keygen -q -t ecdsa -b 521 -N '' -C vector-zero -f ssh-zeros && [ "$(size ssh-zeros)" -lt 491 ]; do
    rm ssh-zeros ssh-zeros.pub
done
cp ssh-zeros ssh-zeros-locked
q ssh-keygen -q -p -a 1 -N secret -f ssh-zeros-locked
q ssh-keygen -e -m pkcs8 -f ssh-zeros > ssh-zeros.public.pem
rm ssh-zeros.pub

# PFX: a leaf with its key, and its issuer.
q openssl req -x509 -new -key secp384r1.pem -subj "/CN=Vector CA" -days 36500 -out ca.pem
q openssl req -new -key prime256v1.pem -subj "/CN=vector.example" -out leaf.csr
q openssl x509 -req -in leaf.csr -CA ca.pem -CAkey secp384r1.pem -set_serial 1 -days 36500 -out leaf.pem
rm leaf.csr
pfx() { name=$1; shift; q openssl pkcs12 -export -in leaf.pem -inkey prime256v1.pem -certfile ca.pem -name "Vector ä" "$@" -out $name.p12; }
pfx modern -passout pass:secret
pfx windows -passout pass:secret -legacy -certpbe PBE-SHA1-RC2-40 -keypbe PBE-SHA1-3DES -macalg sha1
pfx rc2-128 -passout pass:secret -legacy -certpbe PBE-SHA1-RC2-128 -keypbe PBE-SHA1-2DES -macalg sha1
pfx rc2-pbes2 -passout pass:secret -provider legacy -provider default -certpbe RC2-40-CBC -keypbe RC2-CBC
pfx rc4 -passout pass:secret -legacy -certpbe PBE-SHA1-RC4-128 -keypbe PBE-SHA1-RC4-40 -macalg sha1
for mac in sha224 sha384 sha512; do
    pfx mac-$mac -passout pass:secret -macalg $mac
done
pfx no-mac -passout pass:secret -nomac
pfx empty-password -passout pass:
pfx no-encryption -passout pass:secret -keypbe NONE -certpbe NONE
pfx umlaut -passout pass:gehäim
rm -f java.p12 java-trust.p12
q keytool -importkeystore -srckeystore modern.p12 -srcstorepass secret -destkeystore java.p12 -deststoretype pkcs12 -deststorepass secret -noprompt
q keytool -importcert -noprompt -alias ca -file ca.pem -keystore java-trust.p12 -storetype pkcs12 -storepass secret

python3 pbmac1.py modern.p12 sha256 pbmac1-sha256.p12
python3 pbmac1.py modern.p12 sha512 pbmac1-sha512.p12

# PKCS#7.
q openssl crl2pkcs7 -nocrl -certfile leaf.pem -certfile ca.pem -outform DER -out chain.p7b
mkdir -p ca.tmp && : > ca.tmp/index && echo 01 > ca.tmp/number
printf '[ca]\ndefault_ca=d\n[d]\ndatabase=ca.tmp/index\ncrlnumber=ca.tmp/number\ndefault_md=sha256\n' > ca.tmp/conf
q openssl ca -config ca.tmp/conf -gencrl -cert ca.pem -keyfile secp384r1.pem -crldays 36500 -out ca.crl
q openssl crl2pkcs7 -in ca.crl -certfile leaf.pem -outform DER -out with-crl.p7b
q openssl crl -in ca.crl -outform DER -out ca.crl.der
q openssl smime -sign -in README.md -signer leaf.pem -inkey prime256v1.pem -certfile ca.pem -outform DER -nodetach -stream -binary -out signed-ber.p7m
rm -r ca.tmp ca.crl
