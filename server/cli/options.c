#include "cli/options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct option serve_options[] = {
    {"listen", required_argument, NULL, 'l'},
    {"threads", required_argument, NULL, 't'},
    {"max-body", required_argument, NULL, 'b'},
    {"max-stream", required_argument, NULL, 's'},
    {"drain", required_argument, NULL, 'd'},
    {"quiet", no_argument, NULL, 'q'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

/* A decimal number from `low` to `high` and nothing else. */
static bool parse_number(const char *text, unsigned low, unsigned high, unsigned *out) {
    size_t length = strspn(text, "0123456789");
    if (length == 0 || length > 9 || text[length]) return false;
    unsigned long value = strtoul(text, NULL, 10);
    if (value < low || value > high) return false;
    *out = (unsigned)value;
    return true;
}

/* How many bits to shift for a suffix, or -1. */
static int suffix_bits(const char *suffix) {
    static const char units[] = "KMG";
    if (!*suffix) return 0;
    const char *unit = strchr(units, *suffix >= 'a' && *suffix <= 'z' ? *suffix - 'a' + 'A' : *suffix);
    bool known = unit && (!suffix[1] || strcasecmp(suffix + 1, "iB") == 0);
    return known ? 10 * (int)(unit - units + 1) : -1;
}

bool cli_bytes_parse(const char *text, size_t *bytes) {
    size_t length = strspn(text, "0123456789");
    int bits = suffix_bits(text + length);
    if (length == 0 || length > 18 || bits < 0) return false;
    unsigned long long value = strtoull(text, NULL, 10);
    if (value == 0 || value > (SIZE_MAX >> bits)) return false;
    *bytes = (size_t)value << bits;
    return true;
}

cvs_status cli_isa_parse(const char *value, cvs_engine_options *out, cvs_error *err) {
    out->cap_isa = value && *value;
    if (!out->cap_isa) return CVS_OK;
    for (int level = 0; level < CVS_ISA_COUNT; level++) {
        out->isa = (cvs_isa)level;
        if (strcmp(value, cvs_isa_name(out->isa)) == 0) return CVS_OK;
    }
    return cvs_fail(err, CVS_INVALID, "bad-option", NULL, "CONVSCOPE_ISA=%.100s: expected portable, avx2 or avx512",
                    value);
}

static cvs_status bad_value(const char *option, const char *value, const char *wanted, cvs_error *err) {
    return cvs_fail(err, CVS_INVALID, "bad-option", NULL, "--%s %.100s: expected %s", option, value, wanted);
}

static cvs_status take(int option, cli_serve_options *out, cvs_error *err) {
    switch (option) {
    case 'l':
        return http_address_parse(optarg, &out->listen, err);
    case 't':
        if (parse_number(optarg, 1, CLI_THREADS_MAX, &out->threads)) return CVS_OK;
        return bad_value("threads", optarg, "a number from 1 to 1024", err);
    case 'b':
        if (cli_bytes_parse(optarg, &out->max_body)) return CVS_OK;
        return bad_value("max-body", optarg, "a number of bytes, as in 500000, 512K, 64M or 2G", err);
    case 's':
        if (cli_bytes_parse(optarg, &out->max_stream)) return CVS_OK;
        return bad_value("max-stream", optarg, "a number of bytes, as in 512M or 4G", err);
    case 'd':
        if (parse_number(optarg, 0, 86400, &out->drain)) return CVS_OK;
        return bad_value("drain", optarg, "a number of seconds from 0 to 86400", err);
    case 'q':
        out->quiet = true;
        return CVS_OK;
    default:
        out->help = true;
        return CVS_OK;
    }
}

cvs_status cli_serve_options_parse(int argc, char **argv, cli_serve_options *out, cvs_error *err) {
    *out = (cli_serve_options){.listen = {.host = "127.0.0.1", .port = 8080}, .drain = CLI_DRAIN_SECONDS};
    int option;
    optind = 0; /* glibc: begin anew */
    opterr = 0;
    while ((option = getopt_long(argc, argv, "+:hq", serve_options, NULL)) != -1) {
        const char *shown = argv[optind - 1];
        if (option == ':') return cvs_fail(err, CVS_INVALID, "bad-option", NULL, "%.100s needs a value", shown);
        if (option == '?') return cvs_fail(err, CVS_INVALID, "bad-option", NULL, "there is no option %.100s", shown);
        cvs_status status = take(option, out, err);
        if (status != CVS_OK) return status;
    }
    if (optind < argc) {
        return cvs_fail(err, CVS_INVALID, "bad-option", NULL, "unexpected argument '%.100s'", argv[optind]);
    }
    return CVS_OK;
}
