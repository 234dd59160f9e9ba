#include "net/tls.h"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "net/net_error.h"

namespace parsimony::net {
namespace {

constexpr const char* kBundles[] = {
    "/etc/ssl/certs/ca-certificates.crt",                 // Debian, Ubuntu, Alpine, Arch
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // Fedora, RHEL
    "/etc/ssl/ca-bundle.pem",                             // openSUSE
    "/etc/ssl/cert.pem",                                  // Alpine, BSD
};

[[noreturn]] void fail(const std::string& what) {
  char text[256] = "unknown";
  if (const unsigned long code = ERR_get_error(); code != 0) ERR_error_string_n(code, text, sizeof text);
  ERR_clear_error();
  throw NetError(Fault::Untrusted, what + ": " + text);
}

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value && *value;
}

void trust_system(SSL_CTX* context) {
  if (is_set("SSL_CERT_FILE") || is_set("SSL_CERT_DIR")) {
    if (SSL_CTX_set_default_verify_paths(context) != 1) fail("the certificates of authorities cannot be read");
    return;
  }
  for (const char* bundle : kBundles) {
    std::error_code ignored;
    if (std::filesystem::exists(bundle, ignored) && SSL_CTX_load_verify_file(context, bundle) == 1) return;
  }
  SSL_CTX_set_default_verify_paths(context);
  ERR_clear_error();
}

struct FreeContext {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using Context = std::unique_ptr<SSL_CTX, FreeContext>;

Context make_context() {
  Context context(SSL_CTX_new(TLS_client_method()));
  if (!context) fail("TLS cannot be set up");
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  trust_system(context.get());
  return context;
}

int socket_of(BIO* bio) { return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio))); }

bool must_wait() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

// OpenSSL's own writes to a socket would raise SIGPIPE.
int send_bytes(BIO* bio, const char* from, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t sent = ::send(socket_of(bio), from, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  if (sent < 0 && must_wait()) BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

int receive_bytes(BIO* bio, char* to, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t received = ::recv(socket_of(bio), to, static_cast<std::size_t>(size), 0);
  if (received < 0 && must_wait()) BIO_set_retry_read(bio);
  return static_cast<int>(received);
}

long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

BIO* make_bio(int socket) {
  static BIO_METHOD* const kMethod = [] {
    BIO_METHOD* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket without signals");
    BIO_meth_set_write(method, send_bytes);
    BIO_meth_set_read(method, receive_bytes);
    BIO_meth_set_ctrl(method, control);
    return method;
  }();
  BIO* bio = BIO_new(kMethod);
  if (!bio) fail("TLS cannot be set up");
  BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(socket)));
  BIO_set_init(bio, 1);
  return bio;
}

bool is_address(const std::string& host) {
  unsigned char bytes[16];
  return ::inet_pton(AF_INET, host.c_str(), bytes) == 1 || ::inet_pton(AF_INET6, host.c_str(), bytes) == 1;
}

bool expect_peer(SSL* tls, const std::string& host) {
  X509_VERIFY_PARAM* expected = SSL_get0_param(tls);
  if (is_address(host)) return X509_VERIFY_PARAM_set1_ip_asc(expected, host.c_str()) == 1;
  X509_VERIFY_PARAM_set_hostflags(expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return X509_VERIFY_PARAM_set1_host(expected, host.c_str(), host.size()) == 1 && SSL_set_tlsext_host_name(tls, host.c_str()) == 1;
}

}  // namespace

ssl_ctx_st& tls_context() {
  static const Context kContext = make_context();
  return *kContext;
}

ssl_st* make_tls(int socket, const std::string& host) {
  SSL* tls = SSL_new(&tls_context());
  if (!tls) fail("TLS cannot be set up");
  BIO* bio = make_bio(socket);
  SSL_set_bio(tls, bio, bio);
  SSL_set_connect_state(tls);
  if (!expect_peer(tls, host)) {
    SSL_free(tls);
    fail("the name of the host is none for TLS");
  }
  return tls;
}

std::string tls_failure(const ssl_st& tls) {
  const long verdict = SSL_get_verify_result(&tls);
  if (verdict != X509_V_OK) {
    ERR_clear_error();
    return X509_verify_cert_error_string(verdict);
  }
  const unsigned long code = ERR_peek_last_error();
  const char* reason = code != 0 ? ERR_reason_error_string(code) : nullptr;
  ERR_clear_error();
  return reason ? reason : "the connection ended";
}

}  // namespace parsimony::net
