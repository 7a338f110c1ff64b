/*
 * json_writer.h - JSON text written front to back, without a tree.
 *
 * The writer knows where it is: it puts every comma and colon itself, and what
 * is written between matching begin and end calls is one JSON value. Memory
 * running out shows once, at the end (json_writer_take() gives NULL).
 */
#ifndef CONVSCOPE_JSON_WRITER_H
#define CONVSCOPE_JSON_WRITER_H

#include <convscope/base.h>

/* A zeroed struct is a writer that has written nothing. */
typedef struct json_writer {
    cvs_text text;
    bool needs_comma; /* a value stands before the place where the next one goes */
    size_t gap;       /* where json_leave_gap() left values out; 0: nowhere */
} json_writer;

void json_begin_object(json_writer *writer);
void json_end_object(json_writer *writer);
void json_begin_array(json_writer *writer);
void json_end_array(json_writer *writer);

/* The key of the member that is written next. Keys are ours and plain: they are not escaped. */
void json_key(json_writer *writer, const char *key);
/* The same for a key that is a user's: escaped as strings are. */
void json_key_text(json_writer *writer, const char *key);

/* Any text, escaped; NULL is null. Bytes that are not UTF-8 become U+FFFD. */
void json_write_string(json_writer *writer, const char *string);
/* A string that JSON writes as it is: a name of our own, not a user's. */
void json_write_name(json_writer *writer, const char *name);
void json_write_text(json_writer *writer, const char *bytes, size_t length);
void json_write_int(json_writer *writer, int64_t value);
void json_write_bool(json_writer *writer, bool value);
void json_write_null(json_writer *writer);
/* The shortest decimal that reads back to the same number; null when it is not finite. */
void json_write_double(json_writer *writer, double value);
void json_write_float(json_writer *writer, float value);
/* `count` values of the array that is open, straight into the buffer. */
void json_write_floats(json_writer *writer, const float *values, size_t count);
/* The values of the array that is open are put in later, before the byte number writer->gap. Once a text. */
void json_leave_gap(json_writer *writer);
/* One JSON value that is already text. */
void json_write_raw(json_writer *writer, const char *json, size_t length);

/* A member in one line: its key, then the value. */
void json_member_string(json_writer *writer, const char *key, const char *string);
void json_member_int(json_writer *writer, const char *key, int64_t value);
void json_member_bool(json_writer *writer, const char *key, bool value);
void json_member_null(json_writer *writer, const char *key);

/* `size` bytes inside a string or number that the caller writes; NULL when memory is short. Follow with json_commit().
 */
char *json_reserve_value(json_writer *writer, size_t size);
void json_commit(json_writer *writer, size_t size);

/* Room for an answer of the usual size, so that it is not grown step by step. */
void json_writer_reserve(json_writer *writer, size_t size);
/* The text, the caller's to free(); NULL when memory ran out. The writer is empty afterwards. */
char *json_writer_take(json_writer *writer, size_t *length);
void json_writer_free(json_writer *writer);

#endif
