#include "http/keys.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

Suite *keys_suite(void);

/* `printf %s abc | sha256sum`, and that of the empty text. */
#define HASH_OF_ABC     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define HASH_OF_NOTHING "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static char path[64];

static void make_file(void) {
    strcpy(path, "/tmp/convscope-XXXXXX");
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    close(fd);
}

static void remove_file(void) { ck_assert_int_eq(unlink(path), 0); }

static void write_file(const char *text) {
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(text, file), 0);
    ck_assert_int_eq(fclose(file), 0);
}

static bool knows(http_keys *keys, const char *key) { return http_keys_know(keys, key, strlen(key)); }

START_TEST(keys_are_known_by_their_hash) {
    http_keys *keys;
    write_file("# people\n\nabc:sha256:" HASH_OF_ABC "  \r\nA.b_c-9:sha256:"
               "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AE");
    ck_assert_int_eq(http_keys_open(path, &keys, NULL), CVS_OK);
    ck_assert_uint_eq(http_keys_count(keys), 2);
    ck_assert(knows(keys, "abc"));
    ck_assert(!knows(keys, "abd"));
    ck_assert(!knows(keys, "ab"));
    ck_assert(!knows(keys, ""));
    ck_assert(!knows(keys, HASH_OF_ABC));
    ck_assert(!knows(keys, "sha256:" HASH_OF_ABC));
    ck_assert(http_keys_know(keys, "abcd", 3));
    http_keys_free(keys);
}
END_TEST

START_TEST(every_line_counts) {
    http_keys *keys;
    char key[8][HTTP_KEY_SIZE], line[HTTP_KEY_LINE_SIZE], text[8 * (HTTP_KEY_LINE_SIZE + 1)] = "", name[8];
    for (int i = 0; i < 8; i++) {
        snprintf(name, sizeof name, "k%d", i);
        ck_assert_int_eq(http_keys_make(name, key[i], line, NULL), CVS_OK);
        strcat(strcat(text, line), "\n");
    }
    write_file(text);
    ck_assert_int_eq(http_keys_open(path, &keys, NULL), CVS_OK);
    for (int i = 0; i < 8; i++) {
        ck_assert(knows(keys, key[i]));
        key[i][HTTP_KEY_SIZE - 2] ^= 1;
        ck_assert(!knows(keys, key[i]));
    }
    http_keys_free(keys);
}
END_TEST

START_TEST(keys_that_are_made) {
    char first[HTTP_KEY_SIZE], second[HTTP_KEY_SIZE], line[HTTP_KEY_LINE_SIZE];
    char name[HTTP_KEY_NAME_MAX + 2];
    cvs_error err = {0};
    ck_assert_int_eq(http_keys_make("a", first, line, NULL), CVS_OK);
    ck_assert_int_eq(http_keys_make("a", second, line, NULL), CVS_OK);
    ck_assert_str_ne(first, second);
    ck_assert_uint_eq(strlen(first), HTTP_KEY_SIZE - 1);
    ck_assert_int_eq(strncmp(first, "convscope_", 10), 0);
    ck_assert_uint_eq(strspn(first + 10, "0123456789abcdef"), 64);
    ck_assert_int_eq(strncmp(line, "a:sha256:", 9), 0);
    memset(name, 'n', sizeof name);
    name[HTTP_KEY_NAME_MAX + 1] = '\0';
    ck_assert_int_eq(http_keys_make(name, first, line, &err), CVS_INVALID);
    ck_assert_str_eq(err.code, "bad-key-name");
    name[HTTP_KEY_NAME_MAX] = '\0';
    ck_assert_int_eq(http_keys_make(name, first, line, NULL), CVS_OK);
    ck_assert_uint_eq(strlen(line), HTTP_KEY_LINE_SIZE - 1);
    ck_assert_int_eq(http_keys_make("", first, line, NULL), CVS_INVALID);
    ck_assert_int_eq(http_keys_make("a:b", first, line, NULL), CVS_INVALID);
}
END_TEST

static const struct {
    const char *text, *message;
} broken[] = {
    {"", "has no key"},
    {"# nothing\n\n", "has no key"},
    {"a:sha256:" HASH_OF_ABC "\nb", "line 2 does not begin with a name"},
    {":sha256:" HASH_OF_ABC, "line 1 does not begin with a name"},
    {"a b:sha256:" HASH_OF_ABC, "does not begin with a name"},
    {" a:sha256:" HASH_OF_ABC, "does not begin with a name"},
    {"a:md5:" HASH_OF_ABC, "does not go on with sha256:"},
    {"a:" HASH_OF_ABC, "does not go on with sha256:"},
    {"a:sha256:" HASH_OF_ABC "0", "64 hexadecimal digits"},
    {"a:sha256:abc", "64 hexadecimal digits"},
    {"a:sha256:ga7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "no hexadecimal digits"},
    {"a:sha256:" HASH_OF_ABC "\n\na:sha256:" HASH_OF_NOTHING, "line 3 has a name that an earlier line has"},
    {"a:sha256:" HASH_OF_ABC "\nb:sha256:" HASH_OF_ABC, "line 2 has a hash that an earlier line has"},
};

START_TEST(what_is_no_key_file_is_refused_and_changes_nothing) {
    http_keys *keys, *none;
    cvs_error err = {0};
    write_file("a:sha256:" HASH_OF_ABC "\n");
    ck_assert_int_eq(http_keys_open(path, &keys, NULL), CVS_OK);
    write_file(broken[_i].text);
    ck_assert_int_eq(http_keys_open(path, &none, &err), CVS_INVALID);
    ck_assert_ptr_null(none);
    ck_assert_str_eq(err.code, "bad-key-file");
    ck_assert_ptr_nonnull(strstr(err.message, path));
    ck_assert_msg(strstr(err.message, broken[_i].message) != NULL, "%s", err.message);
    ck_assert_int_eq(http_keys_reload(keys, NULL), CVS_INVALID);
    ck_assert(knows(keys, "abc"));
    http_keys_free(keys);
}
END_TEST

START_TEST(a_file_is_read_again) {
    http_keys *keys;
    write_file("a:sha256:" HASH_OF_ABC "\n");
    ck_assert_int_eq(http_keys_open(path, &keys, NULL), CVS_OK);
    write_file("b:sha256:" HASH_OF_NOTHING "\n");
    ck_assert_int_eq(http_keys_reload(keys, NULL), CVS_OK);
    ck_assert(knows(keys, ""));
    ck_assert(!knows(keys, "abc"));
    http_keys_free(keys);
}
END_TEST

START_TEST(files_that_cannot_be) {
    http_keys *keys;
    cvs_error err = {0};
    ck_assert_int_eq(http_keys_open("/nowhere/keys", &keys, &err), CVS_INVALID);
    ck_assert_str_eq(err.code, "cannot-read");
    err = (cvs_error){0};
    ck_assert_int_eq(http_keys_open("/tmp", &keys, &err), CVS_INVALID);
    ck_assert_str_eq(err.code, "cannot-read");
    err = (cvs_error){0};
    write_file("a:sha256:" HASH_OF_ABC "\n");
    ck_assert_int_eq(chmod(path, 0646), 0);
    ck_assert_int_eq(http_keys_open(path, &keys, &err), CVS_INVALID);
    ck_assert_str_eq(err.code, "file-permissions");
    ck_assert_msg(strstr(err.message, "others may change it (its permissions are 646): chmod 644 it") != NULL, "%s",
                  err.message);
    ck_assert_int_eq(chmod(path, 0644), 0);
    ck_assert_int_eq(truncate(path, (1 << 20) + 1), 0);
    err = (cvs_error){0};
    ck_assert_int_eq(http_keys_open(path, &keys, &err), CVS_INVALID);
    ck_assert_str_eq(err.code, "file-too-large");
    ck_assert_int_eq(truncate(path, 1 << 20), 0);
    err = (cvs_error){0};
    ck_assert_int_eq(http_keys_open(path, &keys, &err), CVS_INVALID);
    ck_assert_ptr_nonnull(strstr(err.message, "is no text"));
}
END_TEST

START_TEST(no_more_keys_than_the_most) {
    http_keys *keys;
    cvs_error err = {0};
    FILE *file = fopen(path, "w");
    for (int i = 0; i < HTTP_KEYS_MAX; i++) fprintf(file, "k%d:sha256:%064x\n", i, i);
    fclose(file);
    ck_assert_int_eq(http_keys_open(path, &keys, NULL), CVS_OK);
    ck_assert_uint_eq(http_keys_count(keys), HTTP_KEYS_MAX);
    http_keys_free(keys);
    file = fopen(path, "a");
    fprintf(file, "more:sha256:%064x\n", HTTP_KEYS_MAX);
    fclose(file);
    ck_assert_int_eq(http_keys_open(path, &keys, &err), CVS_INVALID);
    ck_assert_ptr_nonnull(strstr(err.message, "line 1025 is one too many"));
}
END_TEST

Suite *keys_suite(void) {
    Suite *suite = suite_create("keys");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_add_checked_fixture(core, make_file, remove_file);
    tcase_add_checked_fixture(limits, make_file, remove_file);
    tcase_add_test(core, keys_are_known_by_their_hash);
    tcase_add_test(core, every_line_counts);
    tcase_add_test(core, keys_that_are_made);
    tcase_add_test(core, a_file_is_read_again);
    tcase_add_loop_test(limits, what_is_no_key_file_is_refused_and_changes_nothing, 0, sizeof broken / sizeof *broken);
    tcase_add_test(limits, files_that_cannot_be);
    tcase_add_test(limits, no_more_keys_than_the_most);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
