#include "net.h"

#include "model/graph.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_READ = 8 };

typedef struct building {
    cvs_arena *arena;
    cvs_model *model;
} building;

static int tensor_called(building *b, const char *name) {
    int number;
    ck_assert_int_eq(cvs__model_tensor(b->model, name, &number, NULL), CVS_OK);
    return number;
}

/* "(None, 32, 32, 3)" */
static cvs_shape read_shape(const char *at) {
    cvs_shape shape = {0};
    while (*at && *at != ')') {
        at += strspn(at, "(, ");
        char *end = NULL;
        shape.dim[shape.rank++] = strncmp(at, "None", 4) == 0 ? CVS_DIM_UNKNOWN : strtoll(at, &end, 10);
        at += strcspn(at, ",)");
        if (*at == ',') at++;
    }
    return shape;
}

static void add_input(building *b, char *line) {
    char *shape = strchr(line, '(');
    line[strcspn(line, " ")] = '\0';
    const cvs_shape sizes = read_shape(shape);
    ck_assert_int_eq(cvs__model_add_input(b->model, tensor_called(b, line), &sizes, NULL), CVS_OK);
}

static int read_names(building *b, char *names, int *out) {
    int count = 0;
    for (char *rest, *name = strtok_r(names, " ", &rest); name; name = strtok_r(NULL, " ", &rest)) {
        ck_assert_int_lt(count, MOST_READ);
        out[count++] = tensor_called(b, name);
    }
    return count;
}

/* What the layer is, in the draft; one that cannot be read is a layer that fails. */
static void describe(building *b, char *type, cvs__model_draft *draft) {
    cvs_error why = {0};
    cvs_reading *reading = cvs_arena_alloc(b->arena, sizeof *reading);
    ck_assert_int_eq(cvs_text_parse(b->arena, type, strlen(type), &draft->node, &why), CVS_OK);
    draft->op = &cvs__layer_op;
    draft->detail = reading;
    if (cvs_dialect_read(b->arena, draft->node, CVS_FRAMEWORK_AUTO, reading, &why) != CVS_OK) {
        cvs_error *kept = cvs_arena_alloc(b->arena, sizeof *kept);
        *kept = why;
        draft->op = &cvs__unread_op;
        draft->detail = kept;
    }
    type[strcspn(type, "(")] = '\0';
    draft->type = type;
    draft->first_use = -1;
}

/* As the layer called so. */
static void describe_again(const building *b, char *name, cvs__model_draft *draft) {
    name[strcspn(name, " ")] = '\0';
    int first = 0;
    while (first < b->model->layer_count && strcmp(b->model->layers[first].name, name) != 0) first++;
    ck_assert_int_lt(first, b->model->layer_count);
    draft->op = b->model->parts[first].op;
    draft->detail = b->model->parts[first].detail;
    draft->type = b->model->layers[first].type;
    draft->first_use = first;
}

static void add_layer(building *b, char *line, char *equals) {
    int reads[MOST_READ], made;
    char *from = strrchr(line, '<'), *type = equals + 2;
    *equals = *from = '\0';
    line[strcspn(line, " ")] = '\0';
    made = tensor_called(b, line);
    cvs__model_draft draft = {.name = line, .inputs = reads, .outputs = &made, .output_count = 1};
    draft.input_count = read_names(b, from + 1, reads);
    if (*type == '@')
        describe_again(b, type + 1, &draft);
    else
        describe(b, type, &draft);
    ck_assert_int_eq(cvs__model_add(b->model, &draft, NULL, NULL), CVS_OK);
}

static void add_outputs(building *b, char *line) {
    int outputs[MOST_READ];
    const int count = read_names(b, line + 1, outputs);
    for (int i = 0; i < count; i++) ck_assert_int_eq(cvs__model_add_output(b->model, outputs[i], NULL), CVS_OK);
}

net net_read(const char *lines) {
    net n = {.arena = malloc(sizeof *n.arena)};
    *n.arena = cvs_arena_make(0);
    building b = {n.arena, cvs__model_create(n.arena, CVS_KERAS)};
    char *copy = strdup(lines);
    for (char *rest, *line = strtok_r(copy, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        char *equals = strstr(line, "= ");
        if (*line == '>')
            add_outputs(&b, line);
        else if (strstr(line, " = "))
            add_layer(&b, line, equals);
        else
            add_input(&b, line);
    }
    free(copy);
    cvs_error err = {0};
    ck_assert_msg(cvs__model_finish(b.model, &err) == CVS_OK, "%s", err.message);
    ck_assert_int_eq(cvs_model_infer(b.model, NULL, 0, NULL, NULL), CVS_OK);
    n.model = b.model;
    return n;
}

void net_free(net *n) {
    cvs_arena_free(n->arena);
    free(n->arena);
}

const char *net_join(net_text *text, const char *layer, const char *from, const char *also) {
    char read[80];
    snprintf(read, sizeof read, "%s%s%s", from, also ? " " : "", also ? also : "");
    snprintf(text->last, sizeof text->last, "l%d", text->made++);
    cvs_text_addf(&text->lines, "%s = %s < %s\n", text->last, layer, read);
    return text->last;
}

const char *net_then(net_text *text, const char *layer) {
    char from[sizeof text->last];
    snprintf(from, sizeof from, "%s", text->last);
    return net_join(text, layer, from, NULL);
}

net net_end(net_text *text) {
    cvs_text_addf(&text->lines, "> %s\n", text->last);
    ck_assert(!text->lines.failed);
    net n = net_read(text->lines.data);
    cvs_text_free(&text->lines);
    return n;
}
