/* tls.h - the certificate that the server shows, and its key; both can be read anew while it serves. */
#ifndef CONVSCOPE_HTTP_TLS_H
#define CONVSCOPE_HTTP_TLS_H

#include <convscope/base.h>

#include <gnutls/abstract.h>

/* What is agreed on with clients: GnuTLS's usual choice, of TLS 1.2 and 1.3. */
#define HTTP_TLS_PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

typedef struct http_tls http_tls;

/*
 * Read a certificate, with those that lead to its root behind it, and its private key, both PEM. CVS_INVALID says what
 * is wrong, with code "bad-certificate", "bad-private-key", "keys-differ" or as in secret_file.h: strangers must not be
 * able to read the key. Paths are borrowed.
 */
cvs_status http_tls_open(const char *certificate, const char *key, http_tls **out, cvs_error *err) CVS_NODISCARD;

/* Read both again, for connections from now on. On failure all stays as it was. One thread at a time, while others
 * serve. */
cvs_status http_tls_reload(http_tls *tls, cvs_error *err) CVS_NODISCARD;

/* "CN=example.org, valid until 2027-01-31", or what the certificate says instead. For the thread that reloads. */
void http_tls_describe(const http_tls *tls, char *out, size_t size);

/* Whether it is not valid now: not yet, or no more. The same thread. */
bool http_tls_is_expired(const http_tls *tls);

void http_tls_free(http_tls *tls); /* when no session is left; NULL is fine */

/* Have a session that begins use it. */
void http_tls_begin(http_tls *tls, gnutls_session_t session);

/* For MHD_OPTION_HTTPS_CERT_CALLBACK2. */
gnutls_certificate_retrieve_function3 http_tls_certificate;

#endif
