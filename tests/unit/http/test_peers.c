#include "http/peers.h"

#include <check.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

Suite *peers_suite(void);

/* One connection over loopback: ours is watched, the client's writes and reads. */
static int ours, client;
static http_peers *peers;
static http_peer *peer;

static void connect_both(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    const int listening = socket(AF_INET, SOCK_STREAM, 0), little = 4096;
    ck_assert_int_eq(bind(listening, (struct sockaddr *)&address, sizeof address), 0);
    ck_assert_int_eq(listen(listening, 1), 0);
    ck_assert_int_eq(getsockname(listening, (struct sockaddr *)&address, &size), 0);
    client = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(client, SOL_SOCKET, SO_RCVBUF, &little, sizeof little);
    ck_assert_int_eq(connect(client, (struct sockaddr *)&address, sizeof address), 0);
    ours = accept(listening, NULL, NULL);
    ck_assert_int_ge(ours, 0);
    close(listening);
}

/* A second for a head, a thousand bytes a second. */
static void begin(void) {
    connect_both();
    peers = http_peers_create((http_pace){.head_ms = 1000, .rate = 1000});
    peer = http_peers_add(peers, ours, false);
    http_peers_sweep(peers, 1);
}

static void end(void) {
    http_peers_remove(peers, peer);
    http_peers_free(peers);
    close(ours);
    close(client);
}

static bool is_cut(void) { return !http_peer_enter(peer, HTTP_PHASE_HEAD); }

static void say(const char *text) {
    char seen[64];
    ck_assert_int_eq(send(client, text, strlen(text), 0), (ssize_t)strlen(text));
    ck_assert_int_eq(recv(ours, seen, sizeof seen, 0), (ssize_t)strlen(text)); /* it has come */
}

START_TEST(silence_between_requests_is_nothing) {
    for (int64_t now = 100; now < 100000; now += 500) http_peers_sweep(peers, now);
    ck_assert(!is_cut());
}
END_TEST

START_TEST(a_head_is_timed_from_its_first_byte) {
    http_peers_sweep(peers, 50000);
    say("G");
    http_peers_sweep(peers, 50500);
    say("E");
    http_peers_sweep(peers, 51000);
    say("T");
    http_peers_sweep(peers, 51001);
    char answer[1024] = "";
    ck_assert_int_gt(recv(client, answer, sizeof answer - 1, MSG_WAITALL), 0);
    ck_assert_ptr_eq(strstr(answer, "HTTP/1.1 408 "), answer);
    ck_assert_ptr_nonnull(strstr(answer, "\"code\":\"request-too-slow\""));
    ck_assert(is_cut());
    ck_assert_int_eq(recv(ours, answer, 1, 0), 0);
}
END_TEST

START_TEST(a_head_may_have_begun_before_anybody_looked) {
    http_peers_remove(peers, peer);
    peer = http_peers_add(peers, ours, false);
    say("GET");
    http_peers_sweep(peers, 50000);
    http_peers_sweep(peers, 51000);
    ck_assert(!is_cut());
    http_peers_remove(peers, peer);
    peer = http_peers_add(peers, ours, false);
    http_peers_sweep(peers, 52000);
    http_peers_sweep(peers, 53001);
    ck_assert(is_cut());
}
END_TEST

START_TEST(a_request_in_time_starts_the_clock_anew) {
    for (int64_t now = 0; now < 100000; now += 900) {
        say("G");
        http_peers_sweep(peers, now);
        ck_assert(http_peer_enter(peer, HTTP_PHASE_ANSWER));
        ck_assert(http_peer_enter(peer, HTTP_PHASE_HEAD));
    }
    http_peers_sweep(peers, 100000);
    ck_assert(!is_cut());
}
END_TEST

START_TEST(a_body_earns_time_with_its_bytes) {
    ck_assert(http_peer_enter(peer, HTTP_PHASE_BODY));
    http_peers_sweep(peers, 0);
    http_peer_received(peer, 3000);
    http_peers_sweep(peers, 4000);
    http_peer_received(peer, 500);
    http_peers_sweep(peers, 4500);
    ck_assert(http_peer_enter(peer, HTTP_PHASE_BODY)); /* the next one has earned nothing yet */
    http_peers_sweep(peers, 5000);
    http_peers_sweep(peers, 6000);
    ck_assert(http_peer_enter(peer, HTTP_PHASE_BODY));
    http_peers_sweep(peers, 7000);
    http_peers_sweep(peers, 8001);
    ck_assert(is_cut());
}
END_TEST

START_TEST(connections_are_counted) {
    http_peers_counts counts;
    http_peer *other = http_peers_add(peers, ours, false);
    http_peers_count(peers, &counts);
    ck_assert_uint_eq(counts.open, 2);
    ck_assert_uint_eq(counts.accepted, 2);
    http_peers_remove(peers, other);
    ck_assert(http_peer_enter(peer, HTTP_PHASE_BODY));
    http_peers_sweep(peers, 0);
    http_peers_sweep(peers, 1001);
    http_peers_sweep(peers, 5000);
    http_peers_count(peers, &counts);
    ck_assert_uint_eq(counts.open, 1);
    ck_assert_uint_eq(counts.accepted, 2);
    ck_assert_uint_eq(counts.cut[HTTP_PHASE_HEAD], 0);
    ck_assert_uint_eq(counts.cut[HTTP_PHASE_BODY], 1);
    ck_assert_uint_eq(counts.cut[HTTP_PHASE_ANSWER], 0);
}
END_TEST

START_TEST(who_waits_for_us_is_not_timed) {
    ck_assert(http_peer_enter(peer, HTTP_PHASE_WORK));
    for (int64_t now = 0; now < 100000; now += 500) http_peers_sweep(peers, now);
    ck_assert(!is_cut());
}
END_TEST

/* Send until neither the client's buffer nor ours takes any more. */
static void fill(void) {
    static const char zeros[65536];
    while (send(ours, zeros, sizeof zeros, MSG_DONTWAIT) > 0) continue;
}

START_TEST(who_does_not_read_is_cut_off) {
    char byte;
    say("request");
    ck_assert(http_peer_enter(peer, HTTP_PHASE_ANSWER));
    fill();
    http_peers_sweep(peers, 0);
    http_peers_sweep(peers, 1000);
    ck_assert(http_peer_enter(peer, HTTP_PHASE_ANSWER));
    http_peers_sweep(peers, 2000);
    http_peers_sweep(peers, 3001);
    ck_assert(is_cut());
    ck_assert_int_eq(recv(client, &byte, 1, 0), 1); /* no answer in an answer */
    ck_assert_int_eq(byte, 0);
}
END_TEST

START_TEST(who_has_read_everything_is_not_timed) {
    say("request");
    ck_assert(http_peer_enter(peer, HTTP_PHASE_ANSWER));
    for (int64_t now = 0; now < 100000; now += 2000) http_peers_sweep(peers, now); /* nothing was sent yet */
    ck_assert(!is_cut());
}
END_TEST

START_TEST(no_limit_is_none) {
    http_peers_remove(peers, peer);
    http_peers_free(peers);
    peers = http_peers_create((http_pace){.head_ms = _i ? 1000 : 0, .rate = _i ? 0 : 1000});
    peer = http_peers_add(peers, ours, false);
    say("G");
    ck_assert(_i == 0 || http_peer_enter(peer, HTTP_PHASE_BODY));
    for (int64_t now = 0; now < 100000; now += 500) http_peers_sweep(peers, now);
    ck_assert(!is_cut());
}
END_TEST

START_TEST(whoever_closes_has_gone) {
    char byte;
    ck_assert(!http_peer_gone(peer));
    say("unread");
    ck_assert(!http_peer_gone(peer));
    send(client, "x", 1, 0);
    if (_i)
        shutdown(client, SHUT_WR);
    else
        shutdown(client, SHUT_RDWR);
    ck_assert_int_eq(recv(ours, &byte, 1, 0), 1);
    ck_assert_int_eq(recv(ours, &byte, 1, 0), 0); /* it has come */
    ck_assert(http_peer_gone(peer));
}
END_TEST

START_TEST(any_of_many_can_be_removed) {
    http_peer *many[5];
    for (int i = 0; i < 5; i++) many[i] = http_peers_add(peers, ours, false);
    for (int i = 0; i < 5; i++) {
        http_peers_remove(peers, many[(i * 2 + 1) % 5]);
        http_peers_sweep(peers, 10);
    }
    http_peers_remove(peers, NULL);
    say("G");
    http_peers_sweep(peers, 20);
    http_peers_sweep(peers, 1021);
    ck_assert(is_cut()); /* the first of all is still in the list */
}
END_TEST

Suite *peers_suite(void) {
    Suite *suite = suite_create("peers");
    TCase *core = tcase_create("core");
    tcase_add_checked_fixture(core, begin, end);
    tcase_add_test(core, silence_between_requests_is_nothing);
    tcase_add_test(core, a_head_is_timed_from_its_first_byte);
    tcase_add_test(core, a_head_may_have_begun_before_anybody_looked);
    tcase_add_test(core, a_request_in_time_starts_the_clock_anew);
    tcase_add_test(core, a_body_earns_time_with_its_bytes);
    tcase_add_test(core, connections_are_counted);
    tcase_add_test(core, who_waits_for_us_is_not_timed);
    tcase_add_test(core, who_does_not_read_is_cut_off);
    tcase_add_test(core, who_has_read_everything_is_not_timed);
    tcase_add_loop_test(core, no_limit_is_none, 0, 2);
    tcase_add_loop_test(core, whoever_closes_has_gone, 0, 2);
    tcase_add_test(core, any_of_many_can_be_removed);
    suite_add_tcase(suite, core);
    return suite;
}
