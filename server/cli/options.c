#include "cli/options.h"

#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* In seconds. */
enum { A_DAY = 86400 };

typedef enum option_kind {
    ADDRESSES,
    A_FILE,
    A_MODE,
    ORIGINS,
    A_NUMBER,
    SECONDS,
    BYTES,
    A_COUNT,
    A_WORD,
    A_SWITCH
} option_kind;

static const char *const log_words[] = {"none", "plain", "json", NULL};

/* What an option's value must be, and which member of cli_serve_options it sets. */
static const struct serve_option {
    const char *name;
    option_kind kind;
    size_t member;
    unsigned low, high;       /* of numbers and seconds; of bytes, low 0 says that there may be none */
    const char *const *words; /* one of them, NULL at their end; the member is an enum in their order */
} serve_options[] = {
    {"listen", ADDRESSES, offsetof(cli_serve_options, listen), 0, 0, NULL},
    {"socket-mode", A_MODE, offsetof(cli_serve_options, socket_mode), 0, 0777, NULL},
    {"api-keys", A_FILE, offsetof(cli_serve_options, api_keys), 0, 0, NULL},
    {"tls-cert", A_FILE, offsetof(cli_serve_options, tls_cert), 0, 0, NULL},
    {"tls-key", A_FILE, offsetof(cli_serve_options, tls_key), 0, 0, NULL},
    {"insecure", A_SWITCH, offsetof(cli_serve_options, insecure), 0, 0, NULL},
    {"threads", A_NUMBER, offsetof(cli_serve_options, threads), 1, CLI_THREADS_MAX, NULL},
    {"workers", A_NUMBER, offsetof(cli_serve_options, workers), 1, CLI_THREADS_MAX, NULL},
    {"queue", A_NUMBER, offsetof(cli_serve_options, queue), 0, 1000000, NULL},
    {"deadline", SECONDS, offsetof(cli_serve_options, deadline), 0, A_DAY, NULL},
    {"max-connections", A_NUMBER, offsetof(cli_serve_options, max_connections), 1, 1000000, NULL},
    {"max-connections-per-ip", A_NUMBER, offsetof(cli_serve_options, max_connections_per_ip), 0, 1000000, NULL},
    {"head-timeout", SECONDS, offsetof(cli_serve_options, head_timeout), 0, A_DAY, NULL},
    {"min-rate", BYTES, offsetof(cli_serve_options, min_rate), 0, 0, NULL},
    {"idle-timeout", SECONDS, offsetof(cli_serve_options, idle_timeout), 0, A_DAY, NULL},
    {"max-body", BYTES, offsetof(cli_serve_options, max_body), 1, 0, NULL},
    {"max-stream", BYTES, offsetof(cli_serve_options, max_stream), 1, 0, NULL},
    {"max-memory", BYTES, offsetof(cli_serve_options, max_memory), 1, 0, NULL},
    {"max-json", BYTES, offsetof(cli_serve_options, max_json), 1, 0, NULL},
    {"max-elements", A_COUNT, offsetof(cli_serve_options, max_elements), 1, 0, NULL},
    {"max-macs", A_COUNT, offsetof(cli_serve_options, max_macs), 1, 0, NULL},
    {"max-workspace", BYTES, offsetof(cli_serve_options, max_workspace), 1, 0, NULL},
    {"drain-delay", SECONDS, offsetof(cli_serve_options, drain_delay), 0, A_DAY, NULL},
    {"drain", SECONDS, offsetof(cli_serve_options, drain), 0, A_DAY, NULL},
    {"no-compression", A_SWITCH, offsetof(cli_serve_options, no_compression), 0, 0, NULL},
    {"cors-origin", ORIGINS, offsetof(cli_serve_options, cors), 0, 0, NULL},
    {"log", A_WORD, offsetof(cli_serve_options, log), 0, 0, log_words},
    {"check-config", A_SWITCH, offsetof(cli_serve_options, check_config), 0, 0, NULL},
    {"quiet", A_SWITCH, offsetof(cli_serve_options, quiet), 0, 0, NULL},
    {"help", A_SWITCH, offsetof(cli_serve_options, help), 0, 0, NULL},
};

enum { SERVE_OPTIONS = sizeof serve_options / sizeof *serve_options };

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

/* "none, plain or json". */
static void list_words(const char *const *words, char *out, size_t size) {
    *out = '\0';
    for (size_t i = 0; words[i]; i++) {
        const char *between = !i ? "" : words[i + 1] ? ", " : " or ";
        strncat(out, between, size - strlen(out) - 1);
        strncat(out, words[i], size - strlen(out) - 1);
    }
}

static cvs_status bad_value(const struct serve_option *option, const char *value, cvs_error *err) {
    char wanted[64] = "a number of bytes, as in 500000, 512K, 64M or 2G";
    if (option->kind == A_WORD) list_words(option->words, wanted, sizeof wanted);
    if (option->kind == A_MODE) snprintf(wanted, sizeof wanted, "permissions as chmod takes them, as in 660");
    if (option->kind == A_COUNT) strcpy(wanted, "a number, as in 500000, 64M or 2G, powers of 1024");
    if (option->kind == A_NUMBER || option->kind == SECONDS) {
        snprintf(wanted, sizeof wanted, "a number %sfrom %u to %u", option->kind == SECONDS ? "of seconds " : "",
                 option->low, option->high);
    }
    return cvs_fail(err, CVS_INVALID, "bad-option", NULL, "--%s %.100s: expected %s", option->name, value, wanted);
}

static bool take_bytes(const struct serve_option *option, const char *value, size_t *bytes) {
    if (option->low > 0 || strcmp(value, "0") != 0) return cli_bytes_parse(value, bytes);
    *bytes = 0;
    return true;
}

static bool take_word(const struct serve_option *option, const char *value, void *member) {
    unsigned i = 0;
    while (option->words[i] && strcmp(option->words[i], value) != 0) i++;
    *(unsigned *)member = i;
    return option->words[i];
}

/* Octal digits and nothing else. */
static bool parse_mode(const char *text, unsigned high, unsigned *out) {
    size_t length = strspn(text, "01234567");
    if (length == 0 || length > 4 || text[length]) return false;
    *out = (unsigned)strtoul(text, NULL, 8);
    return *out <= high;
}

static cvs_status take_address(const char *value, cli_addresses *all, cvs_error *err) {
    if (all->count == HTTP_LISTENERS_MAX) {
        return cvs_fail(err, CVS_INVALID, "bad-option", NULL, "--listen: there are more than %d", HTTP_LISTENERS_MAX);
    }
    return http_address_parse(value, &all->at[all->count++], err);
}

static cvs_status take(const struct serve_option *option, const char *value, cli_serve_options *out, cvs_error *err) {
    void *member = (char *)out + option->member;
    switch (option->kind) {
    case ADDRESSES:
        return take_address(value, member, err);
    case A_FILE:
        *(const char **)member = value;
        return CVS_OK;
    case A_MODE:
        return parse_mode(value, option->high, member) ? CVS_OK : bad_value(option, value, err);
    case ORIGINS:
        return http_cors_add(member, value, err);
    case A_NUMBER:
    case SECONDS:
        return parse_number(value, option->low, option->high, member) ? CVS_OK : bad_value(option, value, err);
    case BYTES:
    case A_COUNT:
        return take_bytes(option, value, member) ? CVS_OK : bad_value(option, value, err);
    case A_WORD:
        return take_word(option, value, member) ? CVS_OK : bad_value(option, value, err);
    case A_SWITCH:
        *(bool *)member = true;
    }
    return CVS_OK;
}

/* For getopt_long(), which returns FIRST_OPTION + n for number n of serve_options. */
enum { FIRST_OPTION = 256 };

static void list_options(struct option list[SERVE_OPTIONS + 1]) {
    memset(list, 0, (SERVE_OPTIONS + 1) * sizeof *list);
    for (int i = 0; i < SERVE_OPTIONS; i++) {
        list[i].name = serve_options[i].name;
        list[i].has_arg = serve_options[i].kind == A_SWITCH ? no_argument : required_argument;
        list[i].val = FIRST_OPTION + i;
    }
}

static int number_of(int option) {
    const char *name = option == 'h' ? "help" : option == 'q' ? "quiet" : NULL;
    int i = name ? 0 : option - FIRST_OPTION;
    while (name && strcmp(serve_options[i].name, name) != 0) i++;
    return i;
}

cvs_status cli_serve_options_parse(int argc, char **argv, cli_serve_options *out, cvs_error *err) {
    *out = (cli_serve_options){
        .socket_mode = CLI_SOCKET_MODE,
        .queue = CLI_QUEUE,
        .deadline = CLI_DEADLINE_SECONDS,
        .head_timeout = CLI_HEAD_SECONDS,
        .min_rate = CLI_MIN_RATE,
        .idle_timeout = CLI_IDLE_SECONDS,
        .drain = CLI_DRAIN_SECONDS,
    };
    struct option list[SERVE_OPTIONS + 1];
    int option;
    list_options(list);
    optind = 0; /* glibc: begin anew */
    opterr = 0;
    while ((option = getopt_long(argc, argv, "+:hq", list, NULL)) != -1) {
        const char *shown = argv[optind - 1];
        if (option == ':') return cvs_fail(err, CVS_INVALID, "bad-option", NULL, "%.100s needs a value", shown);
        if (option == '?') return cvs_fail(err, CVS_INVALID, "bad-option", NULL, "there is no option %.100s", shown);
        cvs_status status = take(&serve_options[number_of(option)], optarg, out, err);
        if (status != CVS_OK) return status;
    }
    if (optind < argc) {
        return cvs_fail(err, CVS_INVALID, "bad-option", NULL, "unexpected argument '%.100s'", argv[optind]);
    }
    if (!out->tls_cert != !out->tls_key) {
        return cvs_fail(err, CVS_INVALID, "bad-option", NULL, "--tls-cert and --tls-key go together: %s is missing",
                        out->tls_cert ? "--tls-key" : "--tls-cert");
    }
    return CVS_OK;
}

/* ---- printing ------------------------------------------------------------ */

/* "64M" for 67108864. */
static void print_bytes(size_t bytes, FILE *out) {
    int unit = 0;
    while (unit < 3 && bytes && bytes % 1024 == 0) bytes /= 1024, unit++;
    fprintf(out, unit ? "%zu%c\n" : "%zu\n", bytes, "\0KMG"[unit]);
}

static void print_addresses(const cli_addresses *all, FILE *out) {
    char url[HTTP_URL_MAX];
    for (size_t i = 0; i < all->count; i++) {
        http_address_url(&all->at[i], false, url);
        fprintf(out, "  --listen %s\n", all->at[i].local ? url : url + strlen("http://"));
    }
}

static void print_origins(const http_cors *cors, FILE *out) {
    if (cors->any) fputs("  --cors-origin *\n", out);
    for (size_t i = 0; i < cors->count; i++)
        fprintf(out, "  --cors-origin %.*s\n", (int)cors->origin[i].length, cors->origin[i].text);
}

static void print_file(const struct serve_option *option, const char *path, FILE *out) {
    if (path) fprintf(out, "  --%s %s\n", option->name, path);
}

static void print_one(const struct serve_option *option, const void *member, FILE *out) {
    fprintf(out, "  --%s ", option->name);
    if (option->kind == BYTES || option->kind == A_COUNT)
        print_bytes(*(const size_t *)member, out);
    else if (option->kind == A_WORD)
        fprintf(out, "%s\n", option->words[*(const unsigned *)member]);
    else
        fprintf(out, option->kind == A_MODE ? "%03o\n" : "%u\n", *(const unsigned *)member);
}

void cli_serve_options_print(const cli_serve_options *options, FILE *out) {
    for (int i = 0; i < SERVE_OPTIONS; i++) {
        const struct serve_option *option = &serve_options[i];
        const void *member = (const char *)options + option->member;
        if (option->kind == ADDRESSES)
            print_addresses(member, out);
        else if (option->kind == ORIGINS)
            print_origins(member, out);
        else if (option->kind == A_FILE)
            print_file(option, *(const char *const *)member, out);
        else if (option->kind != A_SWITCH)
            print_one(option, member, out);
        else if (*(const bool *)member)
            fprintf(out, "  --%s\n", option->name);
    }
}
