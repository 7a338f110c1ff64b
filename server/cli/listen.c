#include "cli/listen.h"

#include "cli/manager.h"
#include "http/log.h"

#include <string.h>

http_address cli_listen_default(void) { return (http_address){.host = "127.0.0.1", .port = 8080}; }

static cvs_status open_one(const http_address *address, unsigned mode, http_listeners *out, cvs_error *err) {
    cvs_status status = http_listener_open(address, (mode_t)mode, &out->at[out->count], err);
    if (status == CVS_OK) out->count++;
    return status;
}

static cvs_status open_all(const cli_serve_options *options, http_listeners *out, cvs_error *err) {
    if (out->count + options->listen.count > HTTP_LISTENERS_MAX) {
        return cvs_fail(err, CVS_INVALID, "too-many-sockets", NULL,
                        "with the %zu sockets that were handed over there are more than %d to listen at", out->count,
                        HTTP_LISTENERS_MAX);
    }
    for (size_t i = 0; i < options->listen.count; i++) {
        cvs_status status = open_one(&options->listen.at[i], options->socket_mode, out, err);
        if (status != CVS_OK) return status;
    }
    if (out->count) return CVS_OK;
    const http_address address = cli_listen_default();
    return open_one(&address, options->socket_mode, out, err);
}

/* ---- who can reach it ------------------------------------------------------ */

/* What is wrong with being reached by other machines, or NULL. */
static const char *exposure(const cli_serve_options *options) {
    if (options->tls_cert && options->api_keys) return NULL;
    if (options->tls_cert) return "without keys (--api-keys), everybody there can use it";
    if (options->api_keys)
        return "without TLS (--tls-cert, --tls-key), all that is sent can be read on its way, and so can the keys";
    return "without keys (--api-keys), everybody there can use it, and without TLS (--tls-cert, --tls-key), all that "
           "is "
           "sent can be read on its way";
}

static cvs_status check_exposure(const cli_serve_options *options, const http_listeners *listeners, cvs_error *err) {
    char url[HTTP_URL_MAX];
    const char *wrong = options->insecure ? NULL : exposure(options);
    for (size_t i = 0; wrong && i < listeners->count; i++) {
        if (http_listener_is_private(&listeners->at[i])) continue;
        http_address_url(&listeners->at[i].address, options->tls_cert, url);
        return cvs_fail(
            err, CVS_INVALID, "not-secure", NULL,
            "%s can be reached from other machines: %s. Say --insecure if that is meant so, because a proxy "
            "sees to it, for instance",
            url, wrong);
    }
    return CVS_OK;
}

cvs_status cli_listen(const cli_serve_options *options, http_listeners *out, cvs_error *err) {
    out->count = 0;
    cvs_status status = cli_manager_sockets(out, err);
    if (status == CVS_OK) status = open_all(options, out, err);
    if (status == CVS_OK) status = check_exposure(options, out, err);
    if (status != CVS_OK) http_listeners_close(out);
    return status;
}

static cvs_status check_one(const cli_serve_options *options, const http_address *address, FILE *out, cvs_error *err) {
    http_listeners opened = {.count = 0};
    cvs_error why = {0};
    cvs_status status = open_one(address, options->socket_mode, &opened, &why);
    if (status == CVS_OK) status = check_exposure(options, &opened, &why);
    http_listeners_close(&opened);
    if (status == CVS_OK) return CVS_OK;
    if (strcmp(why.code, "address-in-use") != 0) return cvs_fail(err, status, why.code, NULL, "%s", why.message);
    fprintf(out, "note: %s\n", why.message);
    return CVS_OK;
}

cvs_status cli_listen_check(const cli_serve_options *options, FILE *out, cvs_error *err) {
    cvs_status status = CVS_OK;
    for (size_t i = 0; i < options->listen.count && status == CVS_OK; i++)
        status = check_one(options, &options->listen.at[i], out, err);
    return status;
}

void cli_listen_announce(const cli_serve_options *options, const http_listeners *listeners) {
    char url[HTTP_URL_MAX];
    const char *wrong = exposure(options);
    for (size_t i = 0; i < listeners->count; i++) {
        const http_listener *one = &listeners->at[i];
        http_address_url(&one->address, options->tls_cert, url);
        if (wrong && !http_listener_is_private(one))
            http_log("advice: --insecure: %s can be reached from other machines: %s", url, wrong);
        http_log("listening on %s%s%s", url, http_listener_is_dual(one) ? ", IPv6 and IPv4" : "",
                 one->inherited ? ", handed over by the service manager" : "");
    }
}
