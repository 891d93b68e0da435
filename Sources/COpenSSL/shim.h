// OpenSSL's libcrypto: SHA-1 for the WebSocket handshake, HMAC, random bytes and token signatures.
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
