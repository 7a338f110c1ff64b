#include "http/keys.h"

#include "http/secret_file.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HASH_BYTES = 32, RANDOM_BYTES = 32 };

static const char key_prefix[] = "convscope_", hash_prefix[] = "sha256:";

typedef struct entry {
    char name[HTTP_KEY_NAME_MAX + 1];
    unsigned char hash[HASH_BYTES];
} entry;

typedef struct entries {
    size_t count;
    entry at[HTTP_KEYS_MAX];
} entries;

struct http_keys {
    const char *path;
    pthread_rwlock_t lock;
    entries *all; /* never NULL; changed under the lock */
};

/* ---- the file ------------------------------------------------------------ */

static const char *const name_letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

/* A line without its end. What is wrong with it, or NULL. */
static const char *read_line(const char *line, size_t length, entry *out) {
    const size_t prefix = strlen(hash_prefix), name = strspn(line, name_letters);
    const char *hash = line + name + 1;
    unsigned char text[2 * sizeof out->hash];
    const gnutls_datum_t digits = {text, sizeof text};
    size_t size = sizeof out->hash;
    if (name == 0 || name > HTTP_KEY_NAME_MAX || name >= length || line[name] != ':')
        return "does not begin with a name of up to 64 letters, digits, '.', '_' or '-', and a colon";
    if (length - name - 1 != prefix + sizeof text || strncmp(hash, hash_prefix, prefix) != 0)
        return "does not go on with sha256: and 64 hexadecimal digits";
    memcpy(text, hash + prefix, sizeof text);
    if (gnutls_hex_decode(&digits, out->hash, &size) != 0 || size != sizeof out->hash)
        return "has a hash with letters that are no hexadecimal digits";
    memcpy(out->name, line, name);
    out->name[name] = '\0';
    return NULL;
}

/* The same name twice would leave in doubt whose key was taken away with a line. */
static const char *add_line(const char *line, size_t length, entries *all) {
    if (all->count == HTTP_KEYS_MAX) return "is one too many: 1024 keys are the most";
    entry *next = &all->at[all->count];
    const char *wrong = read_line(line, length, next);
    if (wrong) return wrong;
    for (size_t i = 0; i < all->count; i++) {
        if (strcmp(all->at[i].name, next->name) == 0) return "has a name that an earlier line has";
        if (memcmp(all->at[i].hash, next->hash, sizeof next->hash) == 0) return "has a hash that an earlier line has";
    }
    all->count++;
    return NULL;
}

static size_t trimmed(const char *line, size_t length) {
    while (length && strchr(" \t\r", line[length - 1])) length--;
    return length;
}

static cvs_status read_lines(const char *path, const char *text, entries *all, cvs_error *err) {
    for (int number = 1; *text; number++) {
        const size_t whole = strcspn(text, "\n"), length = trimmed(text, whole);
        const char *wrong = length && *text != '#' ? add_line(text, length, all) : NULL;
        if (wrong) return cvs_fail(err, CVS_INVALID, "bad-key-file", NULL, "%s: line %d %s", path, number, wrong);
        text += whole + (text[whole] != '\0');
    }
    if (all->count) return CVS_OK;
    return cvs_fail(err, CVS_INVALID, "bad-key-file", NULL,
                    "%s: has no key: nobody could ask anything; `convscope keys new NAME` makes one", path);
}

static cvs_status read_file(const char *path, entries *all, cvs_error *err) {
    cvs_text text;
    cvs_status status = http_secret_file_read(path, 0002, &text, err);
    if (status != CVS_OK) return status;
    if (text.length && memchr(text.data, '\0', text.length))
        status = cvs_fail(err, CVS_INVALID, "bad-key-file", NULL, "%s: is no text", path);
    else
        status = read_lines(path, text.length ? text.data : "", all, err);
    http_secret_text_free(&text);
    return status;
}

cvs_status http_keys_reload(http_keys *keys, cvs_error *err) {
    entries *all = calloc(1, sizeof *all);
    if (!all) return cvs_fail(err, CVS_NO_MEMORY, "no-memory", NULL, "there is no memory for keys");
    cvs_status status = read_file(keys->path, all, err);
    if (status == CVS_OK) {
        pthread_rwlock_wrlock(&keys->lock);
        entries *before = keys->all;
        keys->all = all;
        pthread_rwlock_unlock(&keys->lock);
        all = before;
    }
    free(all);
    return status;
}

cvs_status http_keys_open(const char *path, http_keys **out, cvs_error *err) {
    *out = NULL;
    http_keys *keys = calloc(1, sizeof *keys);
    if (!keys) return cvs_fail(err, CVS_NO_MEMORY, "no-memory", NULL, "there is no memory for keys");
    keys->path = path;
    pthread_rwlock_init(&keys->lock, NULL);
    cvs_status status = http_keys_reload(keys, err);
    if (status == CVS_OK)
        *out = keys;
    else
        http_keys_free(keys);
    return status;
}

void http_keys_free(http_keys *keys) {
    if (!keys) return;
    pthread_rwlock_destroy(&keys->lock);
    free(keys->all);
    free(keys);
}

/* ---- asking -------------------------------------------------------------- */

size_t http_keys_count(http_keys *keys) {
    pthread_rwlock_rdlock(&keys->lock);
    const size_t count = keys->all->count;
    pthread_rwlock_unlock(&keys->lock);
    return count;
}

/* All are looked at, whichever it is. */
static bool is_among(const entries *all, const unsigned char hash[HASH_BYTES]) {
    unsigned found = 0;
    for (size_t i = 0; i < all->count; i++) found |= gnutls_memcmp(all->at[i].hash, hash, HASH_BYTES) == 0;
    return found;
}

bool http_keys_know(http_keys *keys, const char *key, size_t length) {
    unsigned char hash[HASH_BYTES];
    if (gnutls_hash_fast(GNUTLS_DIG_SHA256, key, length, hash) != 0) return false;
    pthread_rwlock_rdlock(&keys->lock);
    const bool known = is_among(keys->all, hash);
    pthread_rwlock_unlock(&keys->lock);
    return known;
}

/* ---- making ---------------------------------------------------------------- */

/* Lower-case digits and a NUL. */
static void write_hex(const unsigned char *bytes, size_t size, char *out) {
    for (size_t i = 0; i < size; i++) snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

cvs_status http_keys_make(const char *name, char key[HTTP_KEY_SIZE], char line[HTTP_KEY_LINE_SIZE], cvs_error *err) {
    unsigned char random[RANDOM_BYTES], hash[HASH_BYTES];
    char digits[2 * HASH_BYTES + 1];
    const size_t length = strlen(name);
    if (length == 0 || length > HTTP_KEY_NAME_MAX || strspn(name, name_letters) != length) {
        return cvs_fail(err, CVS_INVALID, "bad-key-name", NULL,
                        "'%.100s' is no name for a key: it has up to %d letters, digits, '.', '_' and '-'", name,
                        HTTP_KEY_NAME_MAX);
    }
    strcpy(key, key_prefix);
    int failed = gnutls_rnd(GNUTLS_RND_KEY, random, sizeof random);
    if (!failed) write_hex(random, sizeof random, key + strlen(key_prefix));
    if (!failed) failed = gnutls_hash_fast(GNUTLS_DIG_SHA256, key, strlen(key), hash);
    gnutls_memset(random, 0, sizeof random);
    if (failed) return cvs_fail(err, CVS_NO_MEMORY, "no-random-numbers", NULL, "%s", gnutls_strerror(failed));
    write_hex(hash, sizeof hash, digits);
    snprintf(line, HTTP_KEY_LINE_SIZE, "%s:%s%s", name, hash_prefix, digits);
    return CVS_OK;
}
