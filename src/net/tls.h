// What all TLS connections of the process share.
//
// Trusted are the authorities of the system: the files that the environment variables SSL_CERT_FILE and SSL_CERT_DIR name, else the
// places where Linux distributions keep them. TLS 1.2 and newer.
#pragma once
#include <string>

struct ssl_st;
struct ssl_ctx_st;

namespace parsimony::net {

// Made by the first call, which reads the authorities. Thread-safe. Throws NetError Untrusted.
ssl_ctx_st& tls_context();

// A client's end on `socket`, which must not block and stays the caller's: it will take no peer but `host`, a name or an address.
// Throws NetError Untrusted.
ssl_st* make_tls(int socket, const std::string& host);

// Why TLS failed on this thread, in OpenSSL's words.
std::string tls_failure(const ssl_st& tls);

}  // namespace parsimony::net
