/* follow.h - what is written of a layer, read back: its lines or nodes, one after another, and Keras's other form. */
#ifndef CONVSCOPE_TESTS_DIALECT_FOLLOW_H
#define CONVSCOPE_TESTS_DIALECT_FOLLOW_H

#include "support.h"

/* Is it one line of code, or one object? */
bool is_single(const char *text);

/*
 * Read the lines of code, or the nodes of an array, as `framework` writes them, and put each on at->output.shape, what
 * came out of the one before it.
 */
void follow_all(const char *text, cvs_framework framework, cvs_inference *at);

/*
 * A line of Keras code as Keras serialises the layer, {"class_name", "config"}: its arguments by position get their
 * names from the signatures in Keras's documentation. Free the text.
 */
char *serialised(const char *line, cvs_framework framework);

#endif
