#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>

#include "net/http_client.h"
#include "unit/net/scripted_server.h"

using namespace parsimony::net;
using namespace parsimony::net::test;

namespace {

template <auto free>
struct Free {
  template <typename T>
  void operator()(T* each) const {
    free(each);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Context = std::unique_ptr<SSL_CTX, Free<SSL_CTX_free>>;

struct Identity {
  Key key{EVP_EC_gen("P-256")};
  Certificate certificate{X509_new()};
};

void add_extension(X509* to, int nid, const char* value) {
  const std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>> made(X509V3_EXT_conf_nid(nullptr, nullptr, nid, value));
  X509_add_ext(to, made.get(), -1);
}

// `names` in OpenSSL's form ("DNS:localhost"); null for an authority. Signed by `by`, or by itself.
Identity make_identity(const char* common_name, const char* names, const Identity* by, long valid_seconds = 3600) {
  static long serial = 0;
  Identity made;
  X509* certificate = made.certificate.get();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -7200);
  X509_gmtime_adj(X509_getm_notAfter(certificate), valid_seconds);
  X509_set_pubkey(certificate, made.key.get());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(common_name),
                             -1, -1, 0);
  X509_set_issuer_name(certificate, X509_get_subject_name(by ? by->certificate.get() : certificate));
  add_extension(certificate, NID_basic_constraints, names ? "critical,CA:FALSE" : "critical,CA:TRUE");
  if (names) add_extension(certificate, NID_subject_alt_name, names);
  X509_sign(certificate, by ? by->key.get() : made.key.get(), EVP_sha256());
  return made;
}

// The authority that this process trusts, and no other: its certificate lies in a file that SSL_CERT_FILE names.
const Identity& authority() {
  static const Identity made = [] {
    Identity identity = make_identity("Test authority", nullptr, nullptr);
    char path[] = "/tmp/parsimony-authority-XXXXXX";
    FILE* file = ::fdopen(::mkstemp(path), "w");
    if (!file) throw std::runtime_error("no temporary file");
    PEM_write_X509(file, identity.certificate.get());
    std::fclose(file);
    ::setenv("SSL_CERT_FILE", path, 1);
    ScriptedServer nobody([](Peer&, int) {}, nullptr);
    HttpCall first;  // reads the file, which is not needed after it
    first.url = nobody.url().replace(0, 4, "https");
    try {
      HttpClient().send(first);
    } catch (const NetError&) {
    }
    ::unlink(path);
    return identity;
  }();
  return made;
}

Context context_of(const Identity& identity) {
  Context context(SSL_CTX_new(TLS_server_method()));
  SSL_CTX_use_certificate(context.get(), identity.certificate.get());
  SSL_CTX_use_PrivateKey(context.get(), identity.key.get());
  return context;
}

std::string text_of_failure(const std::string& url) {
  HttpCall call;
  call.url = url;
  try {
    HttpClient().send(call);
    return "none";
  } catch (const NetError& error) {
    return error.fault() == Fault::Untrusted ? error.what() : std::string("another fault: ") + error.what();
  }
}

void say_hello(Peer& peer, int) {
  while (!peer.read_request().empty()) peer.send(ok("hello"));
}

}  // namespace

TEST_CASE("a certificate of a trusted authority for the host is taken") {
  const Identity identity = make_identity("server", "DNS:localhost,IP:127.0.0.1", &authority());
  const Context context = context_of(identity);
  ScriptedServer server(say_hello, context.get());
  for (const char* host : {"localhost", "127.0.0.1"}) {
    const HttpClient client;
    HttpCall call;
    call.url = server.url("/", host);
    for (int i = 0; i < 3; ++i) CHECK(client.send(call).body == "hello");
  }
  CHECK(server.connections() == 2);
}

TEST_CASE("large bodies go both ways") {
  const Identity identity = make_identity("server", "DNS:localhost", &authority());
  const Context context = context_of(identity);
  ScriptedServer server(
      [](Peer& peer, int) {
        const std::string request = peer.read_request();
        peer.send(ok(request.substr(request.find("\r\n\r\n") + 4)));
      },
      context.get());
  HttpCall call;
  call.method = "POST";
  call.url = server.url("/", "localhost");
  call.body = std::string(3'000'000, 'x');
  CHECK(HttpClient().send(call).body == call.body);
}

TEST_CASE("other certificates are not taken") {
  const Identity stranger = make_identity("Strange authority", nullptr, nullptr);
  const auto failure = [&](const Identity& identity, const std::string& host = "localhost") {
    const Context context = context_of(identity);
    ScriptedServer server(say_hello, context.get());
    return text_of_failure(server.url("/", host));
  };
  CHECK(failure(make_identity("server", "DNS:other.example", &authority())) == "no TLS with localhost: hostname mismatch");
  CHECK(failure(make_identity("server", "DNS:localhost", &authority()), "127.0.0.1") == "no TLS with 127.0.0.1: IP address mismatch");
  CHECK(failure(make_identity("server", "DNS:localhost", &authority(), -3600)) == "no TLS with localhost: certificate has expired");
  CHECK(failure(make_identity("server", "DNS:localhost", &stranger)) == "no TLS with localhost: unable to get local issuer certificate");
  CHECK(failure(make_identity("server", "DNS:localhost", nullptr)) == "no TLS with localhost: self-signed certificate");
}

TEST_CASE("a server without TLS is not taken for one") {
  authority();
  ScriptedServer server([](Peer& peer, int) { peer.send(ok("hello")); });
  CHECK_THAT(text_of_failure("https://127.0.0.1:" + std::to_string(server.port()) + "/"), Catch::StartsWith("no TLS with 127.0.0.1: "));
}
