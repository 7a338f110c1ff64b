/*
 * net.h - small models as text, through the interface that readers build graphs with. One line each:
 *     x (None, 32, 32, 3)                        an input and its shape
 *     c = Conv2D(8, 3, padding='same') < x       a layer as somebody pastes it, and the tensors it reads
 *     d = @c < y                                 another use of the layer c, with the same weights
 *     > c                                        the outputs
 * A tensor is called as the layer that makes it.
 */
#ifndef CONVSCOPE_TESTS_NET_H
#define CONVSCOPE_TESTS_NET_H

#include <convscope/convscope.h>

typedef struct net {
    cvs_arena *arena; /* stays where it is: the model goes on taking from it */
    cvs_model *model; /* inferred */
} net;

/* Fails the test where a line cannot be read; a layer that cannot is a layer that fails. */
net net_read(const char *lines);
void net_free(net *n);

/* A text that grows by lines, and the name of the last layer. */
typedef struct net_text {
    cvs_text lines;
    char last[32];
    int made;
} net_text;

/* Add a layer that reads the last one; or `from`, and `also` unless it is NULL. Its name, until the next one. */
const char *net_then(net_text *text, const char *layer);
const char *net_join(net_text *text, const char *layer, const char *from, const char *also);
/* The model, with the last layer as its output; the text is freed. */
net net_end(net_text *text);

#endif
