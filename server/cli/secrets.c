#include "cli/secrets.h"

#include "http/log.h"

static void say_keys(const cli_secrets *secrets) {
    if (secrets->keys && !secrets->options->quiet)
        http_log("%zu keys in %s", http_keys_count(secrets->keys), secrets->options->api_keys);
}

/* An expired one is no reason not to start: clients say it as well, and the server is up when the next one comes. */
static void say_certificate(const cli_secrets *secrets) {
    char text[256];
    if (!secrets->tls) return;
    http_tls_describe(secrets->tls, text, sizeof text);
    if (http_tls_is_expired(secrets->tls))
        http_log("advice: the certificate is not valid now: %s: %s", secrets->options->tls_cert, text);
    else if (!secrets->options->quiet)
        http_log("certificate %s", text);
}

cvs_status cli_secrets_open(const cli_serve_options *options, cli_secrets *out, cvs_error *err) {
    *out = (cli_secrets){.options = options};
    cvs_status status = options->api_keys ? http_keys_open(options->api_keys, &out->keys, err) : CVS_OK;
    if (status == CVS_OK && options->tls_cert)
        status = http_tls_open(options->tls_cert, options->tls_key, &out->tls, err);
    if (status != CVS_OK) {
        cli_secrets_free(out);
        return status;
    }
    say_keys(out);
    say_certificate(out);
    return CVS_OK;
}

static void reload_keys(cli_secrets *secrets) {
    cvs_error err = {0};
    if (!secrets->keys) return;
    if (http_keys_reload(secrets->keys, &err) == CVS_OK)
        say_keys(secrets);
    else
        http_log("SIGHUP: the keys stay as they were: %s", err.message);
}

static void reload_certificate(cli_secrets *secrets) {
    cvs_error err = {0};
    if (!secrets->tls) return;
    if (http_tls_reload(secrets->tls, &err) == CVS_OK)
        say_certificate(secrets);
    else
        http_log("SIGHUP: the certificate stays as it was: %s", err.message);
}

void cli_secrets_reload(cli_secrets *secrets) {
    if (!secrets->options->quiet)
        http_log(secrets->keys || secrets->tls ? "SIGHUP: reading again" : "SIGHUP: there is nothing to read again");
    reload_keys(secrets);
    reload_certificate(secrets);
}

void cli_secrets_free(cli_secrets *secrets) {
    http_keys_free(secrets->keys);
    http_tls_free(secrets->tls);
    secrets->keys = NULL;
    secrets->tls = NULL;
}
