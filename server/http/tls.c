#include "http/tls.h"

#include "http/secret_file.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_CERTIFICATES = 16, KEY_ID_BYTES = 32 };

/* A certificate with what leads to its root, and its key. */
typedef struct identity {
    gnutls_pcert_st certificates[MOST_CERTIFICATES];
    unsigned count;
    gnutls_privkey_t key;
    struct identity *before;
} identity;

/*
 * A handshake holds on to an identity for as long as it takes, and does not say when it lets go of it: those that were
 * replaced are kept until the end. They have some kilobytes each, and are few.
 */
struct http_tls {
    const char *certificate_path, *key_path;
    _Atomic(identity *) now;
};

static void free_identity(identity *one) {
    for (unsigned i = 0; i < one->count; i++) gnutls_pcert_deinit(&one->certificates[i]);
    if (one->key) gnutls_privkey_deinit(one->key);
    free(one);
}

/* ---- reading ------------------------------------------------------------- */

static cvs_status read_certificates(const char *path, identity *out, cvs_error *err) {
    cvs_text text;
    cvs_status status = http_secret_file_read(path, 0002, &text, err);
    if (status != CVS_OK) return status;
    const gnutls_datum_t pem = {(unsigned char *)text.data, (unsigned)text.length};
    out->count = MOST_CERTIFICATES;
    const int failed = gnutls_pcert_list_import_x509_raw(out->certificates, &out->count, &pem, GNUTLS_X509_FMT_PEM,
                                                         GNUTLS_X509_CRT_LIST_SORT);
    http_secret_text_free(&text);
    if (failed >= 0 && out->count) return CVS_OK;
    out->count = 0;
    return cvs_fail(err, CVS_INVALID, "bad-certificate", NULL, "%s: is no certificate in PEM (or more than %d): %s",
                    path, MOST_CERTIFICATES, gnutls_strerror(failed < 0 ? failed : GNUTLS_E_NO_CERTIFICATE_FOUND));
}

static bool is_encrypted(const cvs_text *text) {
    return strstr(text->data, "ENCRYPTED PRIVATE KEY") || strstr(text->data, "Proc-Type: 4,ENCRYPTED");
}

static cvs_status read_key(const char *path, identity *out, cvs_error *err) {
    cvs_text text;
    cvs_status status = http_secret_file_read(path, 0007, &text, err);
    if (status != CVS_OK) return status;
    const gnutls_datum_t pem = {(unsigned char *)text.data, (unsigned)text.length};
    int failed = gnutls_privkey_init(&out->key);
    if (!failed) failed = gnutls_privkey_import_x509_raw(out->key, &pem, GNUTLS_X509_FMT_PEM, NULL, 0);
    if (failed) {
        status = cvs_fail(err, CVS_INVALID, "bad-private-key", NULL, "%s: is no private key in PEM: %s%s", path,
                          gnutls_strerror(failed),
                          text.length && is_encrypted(&text) ? " It wants a password: nobody is there to give it" : "");
    }
    http_secret_text_free(&text);
    return status;
}

/* Whether the certificate is for that key: the public keys of both are the same. */
static bool belong_together(const identity *one) {
    unsigned char ids[2][KEY_ID_BYTES];
    size_t sizes[2] = {sizeof ids[0], sizeof ids[1]};
    gnutls_pubkey_t public;
    if (gnutls_pubkey_init(&public) != 0) return false;
    const bool same =
        gnutls_pubkey_import_privkey(public, one->key, 0, 0) == 0 &&
        gnutls_pubkey_get_key_id(public, GNUTLS_KEYID_USE_SHA256, ids[0], &sizes[0]) == 0 &&
        gnutls_pubkey_get_key_id(one->certificates[0].pubkey, GNUTLS_KEYID_USE_SHA256, ids[1], &sizes[1]) == 0 &&
        sizes[0] == sizes[1] && memcmp(ids[0], ids[1], sizes[0]) == 0;
    gnutls_pubkey_deinit(public);
    return same;
}

static cvs_status read_identity(const http_tls *tls, identity *out, cvs_error *err) {
    cvs_status status = read_certificates(tls->certificate_path, out, err);
    if (status == CVS_OK) status = read_key(tls->key_path, out, err);
    if (status != CVS_OK || belong_together(out)) return status;
    return cvs_fail(err, CVS_INVALID, "keys-differ", NULL,
                    "%s is not the key of the certificate in %s (its own comes first there, then those that signed it)",
                    tls->key_path, tls->certificate_path);
}

cvs_status http_tls_reload(http_tls *tls, cvs_error *err) {
    identity *next = calloc(1, sizeof *next);
    if (!next) return cvs_fail(err, CVS_NO_MEMORY, "no-memory", NULL, "there is no memory for a certificate");
    cvs_status status = read_identity(tls, next, err);
    if (status != CVS_OK) {
        free_identity(next);
        return status;
    }
    next->before = atomic_load(&tls->now);
    atomic_store(&tls->now, next);
    return CVS_OK;
}

cvs_status http_tls_open(const char *certificate, const char *key, http_tls **out, cvs_error *err) {
    *out = NULL;
    http_tls *tls = calloc(1, sizeof *tls);
    if (!tls) return cvs_fail(err, CVS_NO_MEMORY, "no-memory", NULL, "there is no memory for a certificate");
    tls->certificate_path = certificate;
    tls->key_path = key;
    cvs_status status = http_tls_reload(tls, err);
    if (status == CVS_OK)
        *out = tls;
    else
        http_tls_free(tls);
    return status;
}

void http_tls_free(http_tls *tls) {
    if (!tls) return;
    for (identity *one = atomic_load(&tls->now), *before; one; one = before) {
        before = one->before;
        free_identity(one);
    }
    free(tls);
}

/* ---- what it says ---------------------------------------------------------- */

/* The certificate itself, for gnutls_x509_crt_deinit(), or NULL. */
static gnutls_x509_crt_t own_certificate(const http_tls *tls) {
    gnutls_x509_crt_t out = NULL;
    return gnutls_pcert_export_x509(&atomic_load(&tls->now)->certificates[0], &out) == 0 ? out : NULL;
}

void http_tls_describe(const http_tls *tls, char *out, size_t size) {
    gnutls_datum_t name = {NULL, 0};
    struct tm date = {0};
    char until[16] = "";
    gnutls_x509_crt_t certificate = own_certificate(tls);
    if (!certificate || gnutls_x509_crt_get_dn3(certificate, &name, 0) != 0) name.data = NULL;
    const time_t end = certificate ? gnutls_x509_crt_get_expiration_time(certificate) : 0;
    if (gmtime_r(&end, &date)) strftime(until, sizeof until, "%Y-%m-%d", &date);
    snprintf(out, size, "%.200s, valid until %s", name.data ? (const char *)name.data : "without a name", until);
    gnutls_free(name.data);
    if (certificate) gnutls_x509_crt_deinit(certificate);
}

bool http_tls_is_expired(const http_tls *tls) {
    const time_t now = time(NULL);
    gnutls_x509_crt_t certificate = own_certificate(tls);
    if (!certificate) return true;
    const bool valid = gnutls_x509_crt_get_activation_time(certificate) <= now &&
                       now <= gnutls_x509_crt_get_expiration_time(certificate);
    gnutls_x509_crt_deinit(certificate);
    return !valid;
}

/* ---- sessions -------------------------------------------------------------- */

void http_tls_begin(http_tls *tls, gnutls_session_t session) { gnutls_session_set_ptr(session, tls); }

int http_tls_certificate(gnutls_session_t session, const struct gnutls_cert_retr_st *info,
                         gnutls_pcert_st **certificates, unsigned *count, gnutls_ocsp_data_st **ocsp,
                         unsigned *ocsp_count, gnutls_privkey_t *key, unsigned *flags) {
    const http_tls *tls = gnutls_session_get_ptr(session);
    identity *now = tls ? atomic_load(&tls->now) : NULL;
    (void)info;
    if (!now) return -1;
    *certificates = now->certificates;
    *count = now->count;
    *ocsp = NULL;
    *ocsp_count = 0;
    *key = now->key;
    *flags = 0; /* all of it stays ours */
    return 0;
}
