#include "cli/wire.h"

#include "http/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gnutls/x509.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Until the socket is ready for `events`; false when the time is over. */
static bool ready(const cli_wire *wire, short events) {
    const int64_t left = wire->deadline_ms - http_now_ms();
    struct pollfd wait = {.fd = wire->fd, .events = events};
    return left > 0 && poll(&wait, 1, (int)left) == 1;
}

/* Wait for what a TLS call waits for; false when there is nothing to wait for. */
static bool ready_again(const cli_wire *wire, ssize_t failed) {
    if (failed == GNUTLS_E_INTERRUPTED) return true;
    return failed == GNUTLS_E_AGAIN && ready(wire, gnutls_record_get_direction(wire->session) ? POLLOUT : POLLIN);
}

/* ---- TLS ------------------------------------------------------------------- */

static cvs_status fail_tls(const char *what, int failed, cvs_error *err) {
    return cvs_fail(err, CVS_INVALID, "no-tls", NULL, "%s: %s", what, gnutls_strerror(failed));
}

static cvs_status load_trust(const cli_trust *trust, gnutls_certificate_credentials_t credentials, cvs_error *err) {
    if (trust->anybody) return CVS_OK;
    const int count = trust->ca ? gnutls_certificate_set_x509_trust_file(credentials, trust->ca, GNUTLS_X509_FMT_PEM)
                                : gnutls_certificate_set_x509_system_trust(credentials);
    if (count > 0 || (count == 0 && !trust->ca)) return CVS_OK;
    return fail_tls(trust->ca ? trust->ca : "the certificates that this system trusts",
                    count < 0 ? count : GNUTLS_E_NO_CERTIFICATE_FOUND, err);
}

static bool is_number(const char *host) {
    unsigned char address[16];
    return inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1;
}

static int begin(const http_address *address, const cli_trust *trust, cli_wire *wire) {
    int failed = gnutls_init(&wire->session, GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL);
    if (!failed) failed = gnutls_set_default_priority(wire->session);
    if (!failed) failed = gnutls_credentials_set(wire->session, GNUTLS_CRD_CERTIFICATE, wire->credentials);
    if (!failed && !is_number(address->host))
        failed = gnutls_server_name_set(wire->session, GNUTLS_NAME_DNS, address->host, strlen(address->host));
    if (failed) return failed;
    if (!trust->anybody) gnutls_session_set_verify_cert(wire->session, address->host, 0);
    gnutls_transport_set_int(wire->session, wire->fd);
    return 0;
}

/* Why the server's certificate is not taken. */
static cvs_status fail_certificate(const cli_wire *wire, cvs_error *err) {
    gnutls_datum_t why = {NULL, 0};
    (void)gnutls_certificate_verification_status_print(gnutls_session_get_verify_cert_status(wire->session),
                                                       GNUTLS_CRT_X509, &why, 0);
    const char *text = why.data ? (const char *)why.data : "The certificate is not trusted.";
    const int length = (int)(strrchr(text, '.') ? strrchr(text, '.') + 1 - text : (ptrdiff_t)strlen(text));
    cvs_status status = cvs_fail(err, CVS_INVALID, "certificate-not-trusted", NULL, "%.*s", length, text);
    gnutls_free(why.data);
    return status;
}

static cvs_status shake_hands(const http_address *address, const cli_trust *trust, cli_wire *wire, cvs_error *err) {
    int failed = gnutls_certificate_allocate_credentials(&wire->credentials);
    if (failed) return fail_tls("TLS cannot begin", failed, err);
    cvs_status status = load_trust(trust, wire->credentials, err);
    if (status != CVS_OK) return status;
    failed = begin(address, trust, wire);
    if (failed) return fail_tls("TLS cannot begin", failed, err);
    while ((failed = gnutls_handshake(wire->session)) != 0 && ready_again(wire, failed)) continue;
    if (failed == 0) return CVS_OK;
    if (failed == GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR) return fail_certificate(wire, err);
    return fail_tls("TLS was not agreed on", failed == GNUTLS_E_AGAIN ? GNUTLS_E_TIMEDOUT : failed, err);
}

/* ---- both ------------------------------------------------------------------ */

cvs_status cli_wire_open(const http_address *address, const cli_trust *trust, int64_t deadline_ms, cli_wire *out,
                         cvs_error *err) {
    *out = (cli_wire){.fd = -1, .deadline_ms = deadline_ms};
    cvs_status status = http_address_connect(address, deadline_ms, &out->fd, err);
    if (status == CVS_OK && trust) status = shake_hands(address, trust, out, err);
    if (status != CVS_OK) cli_wire_close(out);
    return status;
}

/* A request is shorter than what a socket has room for. */
bool cli_wire_send(const cli_wire *wire, const char *bytes, size_t length) {
    ssize_t sent;
    if (!wire->session) return ready(wire, POLLOUT) && send(wire->fd, bytes, length, MSG_NOSIGNAL) == (ssize_t)length;
    while ((sent = gnutls_record_send(wire->session, bytes, length)) < 0 && ready_again(wire, sent)) continue;
    return sent == (ssize_t)length;
}

size_t cli_wire_receive(const cli_wire *wire, char *bytes, size_t size) {
    ssize_t received = 0;
    if (!wire->session)
        received = ready(wire, POLLIN) ? recv(wire->fd, bytes, size, 0) : 0;
    else
        while ((received = gnutls_record_recv(wire->session, bytes, size)) < 0 && ready_again(wire, received)) continue;
    return received > 0 ? (size_t)received : 0;
}

void cli_wire_close(cli_wire *wire) {
    if (wire->session) gnutls_deinit(wire->session);
    if (wire->credentials) gnutls_certificate_free_credentials(wire->credentials);
    if (wire->fd >= 0) close(wire->fd);
    *wire = (cli_wire){.fd = -1};
}
