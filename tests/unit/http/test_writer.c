#include "http/writer.h"

#include <check.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

Suite *writer_suite(void);

/* As long as a test would ever wait. */
enum { LONG_MS = 60000 };

static int in, out;
static http_writer *writer;

/* A pipe that holds a page, and is read when a test says so. */
static void begin(void) {
    int ends[2];
    signal(SIGPIPE, SIG_IGN);
    ck_assert_int_eq(pipe(ends), 0);
    in = ends[0];
    out = ends[1];
    (void)fcntl(out, F_SETPIPE_SZ, 4096);
    writer = http_writer_start(out);
    ck_assert_ptr_nonnull(writer);
}

static void end(void) {
    http_writer_stop(writer, 0);
    close(in);
    close(out);
}

static bool add(int thread, int number) {
    char line[128];
    const int length = snprintf(line, sizeof line, "%d %d %0100d\n", thread, number, 0);
    return http_writer_add(writer, line, (size_t)length);
}

/* ---- reading back -------------------------------------------------------------- */

enum { THREADS = 4 };

typedef struct readback {
    pthread_t thread;
    int lines, next[THREADS];
} readback;

/* Every line is whole, and those of a thread are in their order. */
static void *read_all(void *cls) {
    readback *seen = cls;
    char line[256];
    FILE *file = fdopen(dup(in), "r");
    while (fgets(line, sizeof line, file)) {
        int thread, number;
        ck_assert_int_eq(sscanf(line, "%d %d 0", &thread, &number), 2);
        ck_assert_uint_eq(strlen(strrchr(line, ' ')), 102);
        ck_assert_int_ge(number, seen->next[thread]);
        seen->next[thread] = number + 1;
        seen->lines++;
    }
    fclose(file);
    return NULL;
}

static void begin_reading(readback *seen) {
    memset(seen, 0, sizeof *seen);
    ck_assert_int_eq(pthread_create(&seen->thread, NULL, read_all, seen), 0);
}

static void end_reading(readback *seen) {
    close(out);
    out = -1;
    pthread_join(seen->thread, NULL);
}

/* ---- tests ------------------------------------------------------------------------ */

START_TEST(lines_arrive) {
    readback seen;
    begin_reading(&seen);
    for (int i = 0; i < 1000; i++) ck_assert(add(0, i));
    http_writer_flush(writer, LONG_MS);
    ck_assert_uint_eq(http_writer_dropped(writer), 0);
    http_writer_stop(writer, LONG_MS);
    writer = NULL;
    end_reading(&seen);
    ck_assert_int_eq(seen.lines, 1000);
}
END_TEST

START_TEST(nobody_waits_for_a_reader_and_what_is_lost_is_counted) {
    readback seen;
    int taken = 0, refused = 0;
    for (int i = 0; refused < 1000; i++) {
        if (add(0, i))
            taken++;
        else
            refused++;
    }
    ck_assert_int_ge(taken, (int)HTTP_WRITER_ROOM / 128);
    ck_assert_uint_eq(http_writer_dropped(writer), (uint64_t)refused);
    begin_reading(&seen);
    http_writer_flush(writer, LONG_MS);
    ck_assert(add(0, INT32_MAX - 1)); /* there is room again */
    http_writer_stop(writer, LONG_MS);
    writer = NULL;
    end_reading(&seen);
    ck_assert_int_eq(seen.lines, taken + 1);
}
END_TEST

static void *add_many(void *cls) {
    for (int i = 0; i < 5000; i++) (void)add((int)(intptr_t)cls, i);
    return NULL;
}

START_TEST(threads_do_not_mix_lines) {
    readback seen;
    pthread_t thread[THREADS];
    begin_reading(&seen);
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&thread[i], NULL, add_many, (void *)(intptr_t)i), 0);
    for (int i = 0; i < THREADS; i++) pthread_join(thread[i], NULL);
    http_writer_flush(writer, LONG_MS);
    const uint64_t dropped = http_writer_dropped(writer);
    http_writer_stop(writer, LONG_MS);
    writer = NULL;
    end_reading(&seen);
    ck_assert_uint_eq((uint64_t)seen.lines + dropped, THREADS * 5000);
}
END_TEST

START_TEST(stopping_does_not_wait_for_a_reader_either) {
    while (add(0, 0)) continue;
    http_writer_stop(writer, 1);
    writer = NULL;
}
END_TEST

START_TEST(without_a_reader_lines_are_lost_and_counted) {
    close(in);
    in = -1;
    for (int i = 0; i < 10; i++) ck_assert(add(0, i));
    http_writer_flush(writer, LONG_MS);
    ck_assert_uint_eq(http_writer_dropped(writer), 10);
}
END_TEST

START_TEST(a_file_takes_everything) {
    char name[] = "/tmp/convscope-test-XXXXXX";
    const int file = mkstemp(name);
    ck_assert_int_ge(file, 0);
    unlink(name);
    http_writer *to_file = http_writer_start(file);
    char line[1000];
    memset(line, 'x', sizeof line - 1);
    line[sizeof line - 1] = '\n';
    for (int i = 0; i < 200; i++) ck_assert(http_writer_add(to_file, line, sizeof line));
    http_writer_stop(to_file, LONG_MS);
    ck_assert_int_eq(lseek(file, 0, SEEK_END), 200 * (off_t)sizeof line);
    close(file);
}
END_TEST

START_TEST(a_line_larger_than_the_room_is_dropped) {
    char *line = calloc(1, HTTP_WRITER_ROOM + 1);
    ck_assert(!http_writer_add(writer, line, HTTP_WRITER_ROOM + 1));
    ck_assert_uint_eq(http_writer_dropped(writer), 1);
    free(line);
}
END_TEST

Suite *writer_suite(void) {
    Suite *suite = suite_create("writer");
    TCase *core = tcase_create("core");
    tcase_add_checked_fixture(core, begin, end);
    tcase_add_test(core, lines_arrive);
    tcase_add_test(core, nobody_waits_for_a_reader_and_what_is_lost_is_counted);
    tcase_add_test(core, threads_do_not_mix_lines);
    tcase_add_test(core, stopping_does_not_wait_for_a_reader_either);
    tcase_add_test(core, without_a_reader_lines_are_lost_and_counted);
    tcase_add_test(core, a_file_takes_everything);
    tcase_add_test(core, a_line_larger_than_the_room_is_dropped);
    suite_add_tcase(suite, core);
    return suite;
}
