#include "http/listener.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

Suite *listener_suite(void);

static const int64_t for_ever = INT64_MAX / 2;

static cvs_status open_at(const char *text, http_listener *out, cvs_error *err) {
    http_address address;
    ck_assert_int_eq(http_address_parse(text, &address, NULL), CVS_OK);
    return http_listener_open(&address, 0600, out, err);
}

/* Closed as the server does it. */
static void close_one(const http_listener *listener) {
    http_listeners one = {.at = {*listener}, .count = 1};
    http_listeners_close(&one);
    ck_assert_uint_eq(one.count, 0);
}

static bool can_connect(const http_address *address) {
    int fd = -1;
    const bool connected = http_address_connect(address, for_ever, &fd, NULL) == CVS_OK;
    if (connected) close(fd);
    return connected;
}

START_TEST(a_port_is_found_and_kept) {
    http_listener first, second;
    cvs_error err = {0};
    char text[HTTP_URL_MAX];
    ck_assert_int_eq(open_at("127.0.0.1:0", &first, NULL), CVS_OK);
    ck_assert_uint_ne(first.address.port, 0);
    snprintf(text, sizeof text, "127.0.0.1:%u", (unsigned)first.address.port);
    ck_assert_int_eq(open_at(text, &second, &err), CVS_INVALID);
    ck_assert_str_eq(err.code, "address-in-use");
    ck_assert(can_connect(&first.address));
    close_one(&first);
    ck_assert(!can_connect(&first.address));
}
END_TEST

static const struct {
    const char *text;
    bool is_private, is_dual;
} reach[] = {
    {"127.0.0.1:0", true, false}, {"127.8.9.1:0", true, false},
    {"[::1]:0", true, false},     {"0.0.0.0:0", false, false},
    {"[::]:0", false, true},      {"[::ffff:127.0.0.1]:0", true, false},
    {"localhost:0", true, false}, {"[::ffff:0.0.0.0]:0", false, false},
};

START_TEST(who_can_reach_it) {
    http_listener listener;
    cvs_error err = {0};
    if (open_at(reach[_i].text, &listener, &err) != CVS_OK) {
        ck_assert_msg(strchr(reach[_i].text, '[') != NULL, "%s", err.message);
        printf("SKIPPED: %s: this machine has no IPv6: %s\n", reach[_i].text, err.message);
        return;
    }
    ck_assert(http_listener_is_private(&listener) == reach[_i].is_private);
    ck_assert(http_listener_is_dual(&listener) == reach[_i].is_dual);
    close_one(&listener);
}
END_TEST

/* ---- Unix sockets -------------------------------------------------------- */

static char directory[64], path[96], text[104];

static void make_directory(void) {
    strcpy(directory, "/tmp/convscope-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/a.sock", directory);
    snprintf(text, sizeof text, "unix:%s", path);
}

static void remove_directory(void) {
    (void)unlink(path);
    ck_assert_int_eq(rmdir(directory), 0);
}

START_TEST(a_unix_socket_comes_and_goes) {
    http_listener listener, second;
    struct stat file;
    cvs_error err = {0};
    const mode_t before = umask(0);
    ck_assert_int_eq(open_at(text, &listener, NULL), CVS_OK);
    ck_assert_uint_eq(umask(before), 0);
    ck_assert_int_eq(lstat(path, &file), 0);
    ck_assert(S_ISSOCK(file.st_mode));
    ck_assert_uint_eq(file.st_mode & 0777, 0600);
    ck_assert(http_listener_is_private(&listener));
    ck_assert(can_connect(&listener.address));
    ck_assert_int_eq(open_at(text, &second, &err), CVS_INVALID);
    ck_assert_str_eq(err.code, "address-in-use");
    ck_assert_int_eq(lstat(path, &file), 0);
    close_one(&listener);
    ck_assert_int_ne(lstat(path, &file), 0);
}
END_TEST

START_TEST(what_a_dead_program_left_is_replaced) {
    http_listener dead, living;
    struct stat file;
    ck_assert_int_eq(open_at(text, &dead, NULL), CVS_OK);
    close(dead.fd);
    ck_assert_int_eq(lstat(path, &file), 0);
    ck_assert_int_eq(open_at(text, &living, NULL), CVS_OK);
    ck_assert(can_connect(&living.address));
    /* Somebody else's now: the one that was there first must not take it away. */
    http_listener first = dead;
    first.fd = dup(living.fd);
    first.inode = living.inode + 1;
    http_listener_shut(&first);
    ck_assert_int_eq(lstat(path, &file), 0);
    close(first.fd);
    close_one(&living);
}
END_TEST

START_TEST(a_file_that_is_no_socket_is_left_alone) {
    http_listener listener;
    cvs_error err = {0};
    struct stat file;
    int fd = open(path, O_CREAT | O_WRONLY, 0600);
    ck_assert_int_eq(write(fd, "x", 1), 1);
    close(fd);
    ck_assert_int_eq(open_at(text, &listener, &err), CVS_INVALID);
    ck_assert_str_eq(err.code, "cannot-listen");
    ck_assert_ptr_nonnull(strstr(err.message, "no socket"));
    ck_assert_int_eq(lstat(path, &file), 0);
    ck_assert_int_eq(file.st_size, 1);
}
END_TEST

START_TEST(a_directory_that_is_not_there) {
    http_listener listener;
    cvs_error err = {0};
    ck_assert_int_eq(open_at("unix:/nowhere/at/all.sock", &listener, &err), CVS_INVALID);
    ck_assert_str_eq(err.code, "cannot-listen");
}
END_TEST

/* ---- sockets of others ----------------------------------------------------- */

START_TEST(an_inherited_socket_goes_on_without_us) {
    http_listener ours, theirs;
    ck_assert_int_eq(open_at(_i ? text : "127.0.0.1:0", &ours, NULL), CVS_OK);
    ck_assert_int_eq(http_listener_inherit(dup(ours.fd), &theirs, NULL), CVS_OK);
    ck_assert_str_eq(theirs.address.host, ours.address.host);
    ck_assert_uint_eq(theirs.address.port, ours.address.port);
    ck_assert(theirs.address.local == ours.address.local);
    close_one(&theirs);
    ck_assert(can_connect(&ours.address));
    close_one(&ours);
}
END_TEST

START_TEST(what_does_not_listen_is_not_inherited) {
    http_listener out;
    cvs_error err = {0};
    int pair[2];
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    ck_assert_int_eq(http_listener_inherit(pair[0], &out, &err), CVS_INVALID);
    ck_assert_str_eq(err.code, "not-listening");
    ck_assert_int_eq(http_listener_inherit(987654, &out, NULL), CVS_INVALID);
    close(pair[0]);
    close(pair[1]);
}
END_TEST

Suite *listener_suite(void) {
    Suite *suite = suite_create("listener");
    TCase *ports = tcase_create("ports"), *files = tcase_create("files");
    tcase_add_test(ports, a_port_is_found_and_kept);
    tcase_add_loop_test(ports, who_can_reach_it, 0, sizeof reach / sizeof *reach);
    tcase_add_test(ports, what_does_not_listen_is_not_inherited);
    tcase_add_checked_fixture(files, make_directory, remove_directory);
    tcase_add_test(files, a_unix_socket_comes_and_goes);
    tcase_add_test(files, what_a_dead_program_left_is_replaced);
    tcase_add_test(files, a_file_that_is_no_socket_is_left_alone);
    tcase_add_test(files, a_directory_that_is_not_there);
    tcase_add_loop_test(files, an_inherited_socket_goes_on_without_us, 0, 2);
    suite_add_tcase(suite, ports);
    suite_add_tcase(suite, files);
    return suite;
}
