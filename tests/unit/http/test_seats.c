#include "http/seats.h"

#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>
#include <sys/un.h>

Suite *seats_suite(void);

enum { LISTENERS = 2, THREADS = 3, MOST = 6 };

static http_seats *seats;

static void begin_with(unsigned per_address) {
    seats = http_seats_create(LISTENERS, THREADS, (http_seats_limits){.connections = MOST, .per_address = per_address});
    ck_assert_ptr_nonnull(seats);
}

static void begin(void) { begin_with(0); }
static void end(void) { http_seats_free(seats); }

static struct sockaddr_in v4(const char *text) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    ck_assert_int_eq(inet_pton(AF_INET, text, &address.sin_addr), 1);
    return address;
}

static struct sockaddr_in6 v6(const char *text) {
    struct sockaddr_in6 address = {.sin6_family = AF_INET6};
    ck_assert_int_eq(inet_pton(AF_INET6, text, &address.sin6_addr), 1);
    return address;
}

static bool take(size_t listener, int fd, const void *client) {
    unsigned thread;
    return http_seats_take(seats, listener, fd, client, &thread);
}

/* The thread that a connection goes to. */
static unsigned thread_of(size_t listener, int fd) {
    const struct sockaddr_in client = v4("192.0.2.1");
    unsigned thread;
    ck_assert(http_seats_take(seats, listener, fd, (const struct sockaddr *)&client, &thread));
    return thread;
}

START_TEST(every_thread_has_as_many_as_the_others) {
    unsigned counts[THREADS] = {0};
    for (int fd = 0; fd < MOST; fd++) counts[thread_of(0, fd)]++;
    for (int i = 0; i < THREADS; i++) ck_assert_uint_eq(counts[i], MOST / THREADS);
}
END_TEST

START_TEST(one_after_the_other_they_take_turns) {
    unsigned counts[THREADS] = {0};
    for (int i = 0; i < 30; i++) {
        counts[thread_of(0, 7)]++; /* the same descriptor again and again */
        ck_assert(!http_seats_leave(seats, 7));
    }
    for (int i = 0; i < THREADS; i++) ck_assert_uint_eq(counts[i], 30 / THREADS);
}
END_TEST

START_TEST(the_thread_with_the_fewest_has_the_next) {
    unsigned threads[MOST];
    for (int fd = 0; fd < MOST; fd++) threads[fd] = thread_of(0, fd);
    for (int fd = 0; fd < MOST; fd++)
        if (threads[fd] == 1) ck_assert(!http_seats_leave(seats, fd));
    ck_assert_uint_eq(thread_of(0, 100), 1);
    ck_assert_uint_eq(thread_of(0, 101), 1);
    ck_assert_uint_eq(http_seats_taken(seats), MOST);
}
END_TEST

START_TEST(a_full_listener_tells_who_asked_when_it_is_not_any_more) {
    for (int fd = 0; fd < MOST; fd++) {
        ck_assert(http_seats_free_at(seats, 0));
        (void)thread_of(0, fd);
    }
    (void)thread_of(1, MOST);
    ck_assert(!http_seats_free_at(seats, 0));
    ck_assert(http_seats_free_at(seats, 1));
    ck_assert(!http_seats_leave(seats, MOST)); /* at the other one */
    ck_assert(http_seats_leave(seats, 0));
    ck_assert(!http_seats_leave(seats, 1)); /* told already */
    ck_assert(http_seats_free_at(seats, 0));
}
END_TEST

START_TEST(nobody_leaves_twice) {
    (void)thread_of(0, 5);
    ck_assert(!http_seats_leave(seats, 5));
    ck_assert(!http_seats_leave(seats, 5));
    ck_assert(!http_seats_leave(seats, 5000));
    ck_assert_uint_eq(http_seats_taken(seats), 0);
}
END_TEST

START_TEST(a_descriptor_that_comes_again_was_closed) {
    http_seats_free(seats);
    begin_with(1);
    const struct sockaddr_in one = v4("192.0.2.1");
    ck_assert(take(0, 5, &one));
    ck_assert(take(1, 5, &one));
    ck_assert_uint_eq(http_seats_taken(seats), 1);
    ck_assert(take(0, 6, &one));
    for (int fd = 10; fd < 10 + MOST - 1; fd++) {
        const struct sockaddr_in other = {.sin_family = AF_INET, .sin_addr.s_addr = (in_addr_t)fd};
        ck_assert(http_seats_free_at(seats, 0));
        ck_assert(take(0, fd, &other));
    }
    ck_assert(!http_seats_free_at(seats, 0));
}
END_TEST

START_TEST(an_address_has_its_share_at_each_listener) {
    http_seats_free(seats);
    begin_with(2);
    const struct sockaddr_in one = v4("192.0.2.1"), other = v4("192.0.2.2");
    const struct sockaddr_in6 mapped = v6("::ffff:192.0.2.1"), six = v6("2001:db8::1");
    ck_assert(take(0, 1, &one) && take(0, 2, &one));
    ck_assert(!take(0, 3, &one));
    ck_assert(take(1, 3, &one));
    ck_assert(take(0, 4, &other));
    ck_assert(take(0, 5, &mapped) && take(0, 6, &six));
    ck_assert(take(0, 7, &six) && !take(0, 8, &six));
    ck_assert(!http_seats_leave(seats, 1));
    ck_assert(take(0, 9, &one) && !take(0, 10, &one));
    ck_assert_uint_eq(http_seats_taken(seats), 7);
}
END_TEST

START_TEST(clients_of_unix_sockets_have_no_address) {
    http_seats_free(seats);
    begin_with(1);
    const struct sockaddr_un client = {.sun_family = AF_UNIX};
    for (int fd = 0; fd < MOST; fd++) ck_assert(take(0, fd, &client));
}
END_TEST

Suite *seats_suite(void) {
    Suite *suite = suite_create("seats");
    TCase *tests = tcase_create("seats");
    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, every_thread_has_as_many_as_the_others);
    tcase_add_test(tests, one_after_the_other_they_take_turns);
    tcase_add_test(tests, the_thread_with_the_fewest_has_the_next);
    tcase_add_test(tests, a_full_listener_tells_who_asked_when_it_is_not_any_more);
    tcase_add_test(tests, nobody_leaves_twice);
    tcase_add_test(tests, a_descriptor_that_comes_again_was_closed);
    tcase_add_test(tests, an_address_has_its_share_at_each_listener);
    tcase_add_test(tests, clients_of_unix_sockets_have_no_address);
    suite_add_tcase(suite, tests);
    return suite;
}
